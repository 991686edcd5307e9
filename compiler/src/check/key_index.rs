//! All keys of a build, without listing them: a derived workload is one entry, an explicit task is a single key.
//!
//! Two derived series share a key only if they have the same prefix. The prefix contains operation, size, count and
//! checksum, so such series agree in everything that the rules of contract 3 check. Every clash therefore involves an
//! explicit task.

use std::collections::{BTreeMap, HashMap};

use checked_document::Span;
use workload_schema::{Checksum, Operation};

use crate::expanded::{Derived, Expanded, ExplicitTask, Tasks};

/// Most different uses of one key that are kept. Two are a clash already, and a hostile source has thousands.
const MOST_USES: usize = 16;

/// One use of a key by a workload.
#[derive(Debug, Clone, Copy)]
pub struct KeyUse<'a> {
    /// The workload.
    pub workload: &'a Expanded,
    /// The key, or the prefix of a derived series.
    pub key: &'a str,
    /// What is done.
    pub operation: Operation,
    /// Size of the object in bytes.
    pub size: u64,
    /// The place of the key, or of the size from which it is derived.
    pub span: Span,
    /// The place of the size.
    pub size_span: Span,
}

impl KeyUse<'_> {
    /// The checksum of the workload.
    pub fn checksum(&self) -> Option<Checksum> {
        self.workload.header.checksum
    }
}

/// The keys of a build.
pub struct KeyIndex<'a> {
    derived: HashMap<&'a str, (&'a Expanded, &'a Derived)>,
    explicit: BTreeMap<&'a str, Vec<KeyUse<'a>>>,
}

impl<'a> KeyIndex<'a> {
    /// Collects the keys of `workloads`.
    pub fn of(workloads: &'a [Expanded]) -> Self {
        let mut index = Self { derived: HashMap::new(), explicit: BTreeMap::new() };
        for workload in workloads {
            match &workload.tasks {
                Tasks::Derived(derived) => {
                    index.derived.entry(derived.keys.prefix()).or_insert((workload, derived));
                }
                Tasks::Explicit(tasks) => index.add(workload, tasks),
            }
        }
        index
    }

    /// Adds uses that differ from those already known, so that a key that is used a million times has one entry.
    fn add(&mut self, workload: &'a Expanded, tasks: &'a [ExplicitTask]) {
        for task in tasks {
            let uses = self.explicit.entry(task.key.as_str()).or_default();
            let known = uses.iter().any(|known| {
                known.operation == task.operation
                    && known.size == task.size
                    && known.checksum() == workload.header.checksum
            });
            if !known && uses.len() < MOST_USES {
                uses.push(KeyUse {
                    workload,
                    key: task.key.as_str(),
                    operation: task.operation,
                    size: task.size,
                    span: task.key_span,
                    size_span: task.size_span,
                });
            }
        }
    }

    /// Calls `found` with each explicit use of a key and the first use of the same key.
    pub fn pairs(&self, mut found: impl FnMut(KeyUse<'a>, KeyUse<'a>)) {
        for (key, uses) in &self.explicit {
            let mut first = self.derived_use(key);
            for this in uses {
                match first {
                    Some(first) => found(*this, first),
                    None => first = Some(*this),
                }
            }
        }
    }

    /// Every key of an explicit task, with its uses.
    pub fn explicit(&self) -> impl Iterator<Item = (&'a str, &[KeyUse<'a>])> {
        self.explicit.iter().map(|(key, uses)| (*key, uses.as_slice()))
    }

    /// The use of exactly this key.
    pub fn use_of(&self, key: &str) -> Option<KeyUse<'a>> {
        let explicit = self.explicit.get(key).and_then(|uses| uses.first()).copied();
        explicit.or_else(|| self.derived_use(key))
    }

    /// The derived series, each as a use of its prefix.
    pub fn series(&self) -> impl Iterator<Item = KeyUse<'a>> {
        self.derived.values().map(|(workload, derived)| series_use(workload, derived))
    }

    /// The derived series that contains `key`.
    fn derived_use(&self, key: &str) -> Option<KeyUse<'a>> {
        let (folder, _) = key.rsplit_once('/')?;
        let (workload, derived) = self.derived.get(&key[..=folder.len()])?;
        derived.keys.index_of(key)?;
        Some(series_use(workload, derived))
    }
}

fn series_use<'a>(workload: &'a Expanded, derived: &'a Derived) -> KeyUse<'a> {
    KeyUse {
        workload,
        key: derived.keys.prefix(),
        operation: derived.operation,
        size: derived.size,
        span: derived.size_span,
        size_span: derived.size_span,
    }
}
