//! The known name that an unknown one was probably meant to be.

/// The candidate nearest to `name`, if one is near enough to be worth saying.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Quadratic in the length, so a hostile megabyte of a name is not compared at all.
    if name.len() > 100 {
        return None;
    }
    let plain = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&plain(name), &plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count() / 3 + usize::from(candidate.len() < 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The hint made of [`nearest`]: ``did you mean `x`?``.
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
    }
}
