//! How workloads, their objects and their files are named (contract 2 and 3.1).

use crate::{Action, ByteSize, Checksum, DataMedium, KeySeries, WorkloadName};

/// Prefix of the keys that a run writes. The bucket's lifecycle rule lets them expire.
pub const UPLOAD_PREFIX: &str = "upload/";
/// Ending of the file that holds a compiled workload.
pub const RUN_FILE_ENDING: &str = ".run.json";
/// Ending of the file that holds a prep plan.
pub const PREP_FILE_ENDING: &str = ".prep.json";

/// Ending of the names of workloads whose data stays in memory.
const MEMORY_SUFFIX: &str = "-ram";

/// Name of the file that holds the compiled workload `name`.
pub fn run_file_name(name: &WorkloadName) -> String {
    format!("{name}{RUN_FILE_ENDING}")
}

/// Name of the file that holds the prep plan of the workload `name`.
pub fn prep_file_name(name: &WorkloadName) -> String {
    format!("{name}{PREP_FILE_ENDING}")
}

/// Files of one size, from which the names of their workload and of their objects are derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EqualFiles<'a> {
    /// What is done with each file.
    pub action: Action,
    /// The size of each file as its author wrote it.
    pub size_text: &'a str,
    /// How many files there are.
    pub count: u64,
    /// The checksum of their objects.
    pub checksum: Option<Checksum>,
}

impl EqualFiles<'_> {
    /// The keys of the objects. A workload in memory and one on disk share them.
    pub fn keys(&self) -> KeySeries {
        KeySeries::new(format!("{}/{}/", self.action, self.directory()), self.count)
    }

    /// The name of the workload. It is not checked yet, as the size may be any text.
    pub fn workload_name(&self, medium: DataMedium) -> String {
        let suffix = match medium {
            DataMedium::Disk => "",
            DataMedium::Memory => MEMORY_SUFFIX,
        };
        format!("{}-{}{suffix}", self.action, self.directory())
    }

    /// `{size}-{count}x[-{checksum}]`.
    fn directory(&self) -> String {
        let mut directory = format!("{}-{}x", self.size_text, grouped(self.count));
        if let Some(checksum) = self.checksum {
            directory.push('-');
            directory.push_str(&checksum.as_str().to_lowercase());
        }
        directory
    }
}

/// The present name of a workload, if `name` is its older spelling without a count: `upload-5GiB-1x-ram` for
/// `upload-5GiB-ram`.
pub fn modern_spelling(name: &WorkloadName) -> Option<WorkloadName> {
    let (action, rest) = name.as_str().split_once('-')?;
    let (size, suffix) = rest.split_once('-').map_or((rest, ""), |(size, suffix)| (size, suffix));
    size.parse::<ByteSize>().ok()?;
    let is_derived = Action::ALL.iter().any(|known| known.as_str() == action);
    if !is_derived || suffix.split('-').any(is_count) {
        return None;
    }
    let dash = if suffix.is_empty() { "" } else { "-" };
    WorkloadName::new(format!("{action}-{size}-1x{dash}{suffix}")).ok()
}

/// Whether a part of a name is a count, `10_000x`.
fn is_count(part: &str) -> bool {
    part.strip_suffix('x')
        .is_some_and(|count| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_'))
}

/// A number with `_` every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_keys_are_those_of_the_contract() {
        let many = EqualFiles { action: Action::Upload, size_text: "256KiB", count: 10_000, checksum: None };
        assert_eq!(many.keys().key(1), "upload/256KiB-10_000x/00001");
        assert_eq!(many.workload_name(DataMedium::Disk), "upload-256KiB-10_000x");
        let one =
            EqualFiles { action: Action::Download, size_text: "1KiB", count: 1, checksum: Some(Checksum::Crc32c) };
        assert_eq!(one.keys().key(1), "download/1KiB-1x-crc32c/1");
        assert_eq!(one.workload_name(DataMedium::Memory), "download-1KiB-1x-crc32c-ram");
        assert_eq!((grouped(1_234_567), grouped(123)), ("1_234_567".to_owned(), "123".to_owned()));
    }

    #[test]
    fn older_names_lead_to_the_modern_ones() {
        let modern = |name: &str| modern_spelling(&WorkloadName::new(name).unwrap()).map(String::from);
        assert_eq!(modern("upload-5GiB").as_deref(), Some("upload-5GiB-1x"));
        assert_eq!(modern("upload-5GiB-ram").as_deref(), Some("upload-5GiB-1x-ram"));
        assert_eq!(modern("download-1KiB-crc32c-ram").as_deref(), Some("download-1KiB-1x-crc32c-ram"));
        for name in ["upload-5GiB-1x", "upload-max-throughput", "copy-5GiB", "download-256KiB-10_000x-ram"] {
            assert_eq!(modern(name), None, "{name}");
        }
    }

    #[test]
    fn files_are_named_for_their_workload() {
        let name = WorkloadName::new("upload-5GiB-1x").unwrap();
        assert_eq!(run_file_name(&name), "upload-5GiB-1x.run.json");
        assert_eq!(prep_file_name(&name), "upload-5GiB-1x.prep.json");
    }
}
