//! The contents of the two compiled files of one workload, in their shortest form.

use std::collections::HashSet;
use std::io::{self, Write};

use workload_schema::format::Keys;
use workload_schema::format::prep_file::{self, ObjectGroup, PrepHead};
use workload_schema::format::run_file::{self, RunHead, TaskGroup};
use workload_schema::plan::BucketRules;
use workload_schema::{WorkloadDigest, WorkloadName};

use crate::expanded::{Expanded, ExplicitTask, Tasks};

/// The contents of both files of a workload.
#[derive(Debug)]
pub struct Contents<'a> {
    name: &'a WorkloadName,
    head: RunHead<'a>,
    tasks: Vec<TaskGroup<'a>>,
    bucket: BucketRules,
    downloads: Vec<ObjectGroup<'a>>,
    uploads: Vec<ObjectGroup<'a>>,
}

impl<'a> Contents<'a> {
    /// The contents of the files of `workload`.
    pub fn of(workload: &'a Expanded) -> Self {
        let header = &workload.header;
        let (tasks, downloads, uploads) = match &workload.tasks {
            Tasks::Derived(derived) => {
                let (keys, size) = (Keys::Series(&derived.keys), derived.size);
                let objects = |is_wanted: bool| Vec::from_iter(is_wanted.then_some(ObjectGroup { keys, size }));
                let tasks = vec![TaskGroup { action: derived.operation.into(), keys, size }];
                (tasks, objects(derived.operation.reads()), objects(derived.operation.writes()))
            }
            Tasks::Explicit(tasks) => (
                tasks.iter().map(task_group).collect(),
                distinct(tasks.iter().filter(|task| task.operation.reads())),
                distinct(tasks.iter().filter(|task| task.operation.writes())),
            ),
        };
        Self {
            name: &workload.name,
            head: RunHead {
                comment: &header.comment,
                medium: header.medium,
                checksum: header.checksum,
                stop: header.stop,
            },
            tasks,
            bucket: BucketRules::default(),
            downloads,
            uploads,
        }
    }

    /// Name of the workload and of its files.
    pub fn name(&self) -> &'a WorkloadName {
        self.name
    }

    /// Format version of the run file: the lowest that can express the workload.
    pub fn version(&self) -> u32 {
        self.head.version()
    }

    /// How many tasks one repeat has.
    pub fn task_count(&self) -> u64 {
        self.tasks.iter().fold(0, |sum, group| sum.saturating_add(group.keys.count()))
    }

    /// Writes the run file.
    pub fn write_run(&self, out: &mut impl Write) -> io::Result<()> {
        run_file::write(&self.head, self.tasks.iter().copied(), out)
    }

    /// Writes the prep file that belongs to the run file with `digest`.
    pub fn write_prep(&self, digest: &WorkloadDigest, out: &mut impl Write) -> io::Result<()> {
        let (downloads, uploads) = (self.downloads.iter().copied(), self.uploads.iter().copied());
        prep_file::write(&self.prep_head(digest), downloads, uploads, out)
    }

    /// Length of the run file in bytes.
    pub fn run_length(&self) -> u64 {
        run_file::length(&self.head, self.tasks.iter().copied())
    }

    /// Length of the prep file in bytes.
    pub fn prep_length(&self) -> u64 {
        // All digests have the same length.
        let digest = WorkloadDigest::of(b"");
        let (downloads, uploads) = (self.downloads.iter().copied(), self.uploads.iter().copied());
        prep_file::length(&self.prep_head(&digest), downloads, uploads)
    }

    fn prep_head<'b>(&'b self, workload_digest: &'b WorkloadDigest) -> PrepHead<'b> {
        PrepHead {
            workload: self.name,
            workload_digest,
            medium: self.head.medium,
            checksum: self.head.checksum,
            bucket: &self.bucket,
        }
    }
}

fn task_group(task: &ExplicitTask) -> TaskGroup<'_> {
    let keys = Keys::Repeated { key: &task.key, times: task.repeat };
    TaskGroup { action: task.operation.into(), keys, size: task.size }
}

/// The objects of `tasks`, each key once.
fn distinct<'a>(tasks: impl Iterator<Item = &'a ExplicitTask>) -> Vec<ObjectGroup<'a>> {
    let mut seen = HashSet::new();
    tasks
        .filter(|task| seen.insert(&task.key))
        .map(|task| ObjectGroup { keys: Keys::one(&task.key), size: task.size })
        .collect()
}
