//! Contradictions between workloads (contract 3), grouped so that a clash of a thousand keys is one line.

use std::collections::BTreeMap;
use std::fmt;

use workload_schema::WorkloadName;

/// How many keys of a group are named.
const EXAMPLES: usize = 3;

/// The rule that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClashRule {
    /// An uploaded key outside `upload/` would never expire.
    UploadOutsidePrefix,
    /// A downloaded key below `upload/` would expire.
    DownloadBelowPrefix,
    /// A key is both uploaded and downloaded.
    BothActions,
    /// A key has two sizes.
    TwoSizes,
    /// A downloaded key has two checksum algorithms.
    TwoChecksums,
    /// A file's path is also the folder of another file.
    FileIsFolder,
    /// Plans want different lifecycle rules.
    TwoRules,
}

impl ClashRule {
    fn says(self) -> &'static str {
        match self {
            Self::UploadOutsidePrefix => "keys to upload start with upload/, so that they can expire",
            Self::DownloadBelowPrefix => "keys to download do not start with upload/, where they would expire",
            Self::BothActions => "a key is either uploaded or downloaded",
            Self::TwoSizes => "a key has one size",
            Self::TwoChecksums => "a key to download has one checksum algorithm",
            Self::FileIsFolder => "the path of a file on disk is not the folder of another",
            Self::TwoRules => "a bucket has one set of lifecycle rules",
        }
    }
}

/// A rule that two workloads (or one workload alone) break, the number of keys, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The workload that was selected first.
    pub first: WorkloadName,
    /// The workload that contradicts it; the same one if a single workload breaks the rule.
    pub second: WorkloadName,
    /// How many keys clash.
    pub keys: usize,
    /// The first keys, with what clashes about each.
    pub examples: Vec<String>,
}

/// All clashes of a selection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clashes {
    groups: BTreeMap<(ClashRule, usize, usize), Clash>,
}

impl Clashes {
    /// Whether there are no clashes.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The clashes with the rule that each breaks, by rule and then in the order of the selection.
    pub fn iter(&self) -> impl Iterator<Item = (ClashRule, &Clash)> {
        self.groups.iter().map(|((rule, ..), clash)| (*rule, clash))
    }

    /// Notes a clash of `rule` between two workloads, each given by its position in the selection and its name.
    /// `example` is made only for the first few keys.
    pub(super) fn add(
        &mut self,
        rule: ClashRule,
        first: (usize, &WorkloadName),
        second: (usize, &WorkloadName),
        example: impl FnOnce() -> String,
    ) {
        let clash = self.groups.entry((rule, first.0, second.0)).or_insert_with(|| Clash {
            first: first.1.clone(),
            second: second.1.clone(),
            keys: 0,
            examples: Vec::new(),
        });
        clash.keys += 1;
        if clash.examples.len() < EXAMPLES {
            clash.examples.push(example());
        }
    }
}

impl fmt::Display for Clashes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the selected workloads contradict each other; nothing was changed")?;
        for (rule, clash) in self.iter() {
            write!(f, "\n  {}: {}", rule.says(), clash)?;
        }
        write!(f, "\nhint: prepare them one at a time in buckets of their own, or change a key in their sources")
    }
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.first != self.second {
            write!(f, " and {}", self.second)?;
        }
        write!(f, ": {}", self.examples.join(", "))?;
        match self.keys.saturating_sub(self.examples.len()) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

impl std::error::Error for Clashes {}
