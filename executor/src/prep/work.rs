//! Everything that the selected workloads need, by key: their plans, merged without contradictions.

use workload_schema::plan::BucketRules;
use workload_schema::{Checksum, ObjectKey, Operation};

use super::clash::Clashes;

/// What the workloads do with one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Whether the object is written or read.
    pub operation: Operation,
    /// Size in bytes.
    pub size: u64,
    /// Checksum algorithm that an object to download must have.
    pub checksum: Option<Checksum>,
    /// Whether any of the workloads keeps the data on disk.
    pub on_disk: bool,
}

/// The merged plans, free of contradictions.
#[derive(Debug, Clone, Default)]
pub struct PrepWork {
    /// Sorted by key, each key once.
    needs: Vec<(ObjectKey, Need)>,
    rules: Option<BucketRules>,
}

impl PrepWork {
    pub(super) fn checked(
        needs: Vec<(ObjectKey, Need)>,
        rules: Option<BucketRules>,
        clashes: Clashes,
    ) -> Result<Self, Clashes> {
        if clashes.is_empty() { Ok(Self { needs, rules }) } else { Err(clashes) }
    }

    /// Objects that must exist: what is downloaded.
    pub fn objects(&self) -> impl Iterator<Item = (&ObjectKey, &Need)> {
        self.needs().filter(|(_, need)| need.operation == Operation::Download)
    }

    /// Files that must exist: what is uploaded from disk.
    pub fn upload_files(&self) -> impl Iterator<Item = (&ObjectKey, u64)> {
        self.on_disk(Operation::Upload)
    }

    /// Files that a run makes: what is downloaded to disk. Their folders must exist.
    pub fn download_files(&self) -> impl Iterator<Item = (&ObjectKey, u64)> {
        self.on_disk(Operation::Download)
    }

    /// Everything that the workloads read or write.
    pub fn needs(&self) -> impl Iterator<Item = (&ObjectKey, &Need)> {
        self.needs.iter().map(|(key, need)| (key, need))
    }

    /// Lifecycle rules that the bucket must have; none if no workload is selected.
    pub fn rules(&self) -> Option<&BucketRules> {
        self.rules.as_ref()
    }

    fn on_disk(&self, operation: Operation) -> impl Iterator<Item = (&ObjectKey, u64)> {
        self.needs()
            .filter(move |(_, need)| need.operation == operation && need.on_disk)
            .map(|(key, need)| (key, need.size))
    }
}
