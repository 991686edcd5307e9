//! The known names that an unknown name was probably meant to be. Both programs use this one measure.

/// Length in bytes of the longest name that is compared. The time is quadratic in the length, and a hostile name may have
/// a megabyte.
const LONGEST_COMPARED: usize = 100;

/// The candidates that are near `name`, the nearest first. Equally near ones keep their order.
///
/// A candidate is near if its edit distance is at most a third of its length. Case, `-`, `_` and spaces do not count.
pub fn near<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    if name.len() > LONGEST_COMPARED {
        return Vec::new();
    }
    let plain = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let wanted = plain(name);
    let mut ranked: Vec<_> = candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count() / 3 + usize::from(candidate.len() < 3))
        .collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    ranked.into_iter().map(|(_, candidate)| candidate).collect()
}

/// The candidate that is nearest to `name`, if any is near.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(name, candidates).into_iter().next()
}

/// The hint ``did you mean `x`?`` with the nearest candidate, if any is near.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_recognised() {
        let known = ["fileSize", "numFiles", "filesOnDisk", "checksum"];
        for (written, meant) in [
            ("filesize", Some("fileSize")),
            ("file_size", Some("fileSize")),
            ("numFile", Some("numFiles")),
            ("onDisk", None),
            ("cheksum", Some("checksum")),
            ("x", None),
        ] {
            assert_eq!(nearest(written, known), meant, "{written}");
        }
        assert_eq!(nearest(&"x".repeat(10_000), known), None);
        assert_eq!(
            near("upload-5GB-1x", ["upload-5GiB-10x", "x", "upload-5GiB-1x"]),
            ["upload-5GiB-1x", "upload-5GiB-10x"]
        );
    }
}
