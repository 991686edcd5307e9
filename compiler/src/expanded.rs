//! The second stage: one value for each workload, with every expression evaluated.

use std::sync::Arc;

use checked_document::{Diagnostic, SourceFile, Span};
use workload_schema::{Action, Checksum, ObjectKey, WorkloadName};

/// Where a workload comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The source.
    pub file: Arc<SourceFile>,
    /// The place that stands for the workload: its `name`, else its `fileSize`.
    pub span: Span,
    /// Its combination: axis and value as people write them. Empty without a matrix.
    pub matrix: Vec<(String, String)>,
    /// Whether the workload is named for its file.
    pub name_from_file: bool,
}

impl Origin {
    /// `action=upload, size=1KiB`; nothing without a matrix.
    pub fn combination(&self) -> Option<String> {
        if self.matrix.is_empty() {
            return None;
        }
        let values: Vec<_> = self.matrix.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Some(values.join(", "))
    }

    /// `diagnostic` with the combination as a note.
    pub fn note(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self.combination() {
            Some(combination) => diagnostic.note(format!("in the combination {combination}")),
            None => diagnostic,
        }
    }

    /// File and line, for lists.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file.path(), self.file.position(self.span.start).0)
    }
}

/// One workload, resolved.
#[derive(Debug, Clone)]
pub struct Expanded {
    /// Where it comes from.
    pub origin: Origin,
    /// Its name.
    pub name: WorkloadName,
    /// Everything but the tasks.
    pub header: Header,
    /// The tasks.
    pub tasks: Tasks,
}

/// The fields of a compiled workload before its tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// For people.
    pub comment: String,
    /// Whether data comes from and goes to files.
    pub files_on_disk: bool,
    /// Checksum to carry and to validate.
    pub checksum: Option<Checksum>,
    /// Most repeats.
    pub max_repeat_count: u64,
    /// Seconds after which no repeat starts.
    pub max_repeat_secs: u64,
}

/// What a repeat does, as short as it was said.
#[derive(Debug, Clone)]
pub enum Tasks {
    /// By size and number of files.
    Derived(Derived),
    /// One by one.
    Explicit(Vec<ExplicitTask>),
}

/// A numbered series of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// What is done with each.
    pub action: Action,
    /// Size as it was written.
    pub size_text: String,
    /// Size in bytes.
    pub size: u64,
    /// How many.
    pub count: u64,
    /// The keys up to the number, `upload/256KiB-10_000x/`.
    pub prefix: String,
    /// Where the size stands.
    pub size_span: Span,
}

impl Derived {
    /// Digits of each number: those of the largest.
    pub fn width(&self) -> usize {
        self.count.to_string().len()
    }

    /// The key of file `index`, from 1.
    pub fn key(&self, index: u64) -> String {
        format!("{}{index:0width$}", self.prefix, width = self.width())
    }

    /// The number of `key` in this series.
    pub fn index_of(&self, key: &str) -> Option<u64> {
        let digits = key.strip_prefix(&self.prefix)?;
        let all_digits = digits.len() == self.width() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let index = digits.parse().ok().filter(|_| all_digits)?;
        (1..=self.count).contains(&index).then_some(index)
    }
}

/// A task, as often as it stands in the workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplicitTask {
    /// What is done.
    pub action: Action,
    /// The object.
    pub key: ObjectKey,
    /// Its size in bytes.
    pub size: u64,
    /// How often.
    pub repeat: u64,
    /// Where the key stands.
    pub key_span: Span,
    /// Where the size stands.
    pub size_span: Span,
}

impl Tasks {
    /// How many tasks a repeat has.
    pub fn count(&self) -> u64 {
        match self {
            Self::Derived(derived) => derived.count,
            Self::Explicit(tasks) => tasks.iter().fold(0, |sum, task| sum.saturating_add(task.repeat)),
        }
    }

    /// Bytes that a repeat moves.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Derived(derived) => derived.count.saturating_mul(derived.size),
            Self::Explicit(tasks) => {
                tasks.iter().fold(0, |sum, task| sum.saturating_add(task.repeat.saturating_mul(task.size)))
            }
        }
    }
}

/// Where the objects of a derived workload lie, below the action: `{size}-{count}x[-{checksum}]`.
pub fn directory(size_text: &str, count: u64, checksum: Option<Checksum>) -> String {
    let mut directory = format!("{size_text}-{}x", grouped(count));
    if let Some(checksum) = checksum {
        directory.push('-');
        directory.push_str(&checksum.as_str().to_lowercase());
    }
    directory
}

/// The derived name of a workload.
pub fn derived_name(action: Action, directory: &str, files_on_disk: bool) -> String {
    let suffix = if files_on_disk { "" } else { "-ram" };
    format!("{action}-{directory}{suffix}")
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
        let derived = |count, text: &str, checksum| Derived {
            action: Action::Upload,
            size_text: text.to_owned(),
            size: 1,
            count,
            prefix: format!("upload/{}/", directory(text, count, checksum)),
            size_span: Span::default(),
        };
        let many = derived(10_000, "256KiB", None);
        assert_eq!(many.key(1), "upload/256KiB-10_000x/00001");
        assert_eq!(many.index_of("upload/256KiB-10_000x/10000"), Some(10_000));
        for other in ["upload/256KiB-10_000x/10001", "upload/256KiB-10_000x/1", "upload/256KiB-10_000x/00000", "x"] {
            assert_eq!(many.index_of(other), None, "{other}");
        }
        assert_eq!(derived(9, "1KiB", None).key(9), "upload/1KiB-9x/9");
        assert_eq!(derived(10, "1KiB", None).key(9), "upload/1KiB-10x/09");
        let directory = directory("1KiB", 1, Some(Checksum::Crc32c));
        assert_eq!(derived_name(Action::Download, &directory, false), "download-1KiB-1x-crc32c-ram");
        assert_eq!(grouped(1_234_567), "1_234_567");
        assert_eq!(grouped(123), "123");
    }
}
