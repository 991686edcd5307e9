//! What a workload moves in each direction.

use std::collections::BTreeMap;

use workload_schema::WorkloadDigest;
use workload_schema::record::RunRecord;

use crate::results_file::{ResultsFile, ResultsFileError, WorkloadBytes};

/// The work of runs, as far as the store has the tasks of their workloads.
#[derive(Debug, Default)]
pub(crate) struct Works(BTreeMap<WorkloadDigest, WorkloadBytes>);

impl Works {
    /// Looks up the workloads of `runs`, each once.
    pub(crate) fn of(runs: &[RunRecord], store: &ResultsFile) -> Result<Self, ResultsFileError> {
        let mut works = BTreeMap::new();
        let mut unknown: Vec<&WorkloadDigest> = runs.iter().map(|run| &run.workload_digest).collect();
        unknown.sort_unstable();
        unknown.dedup();
        for digest in unknown {
            if let Some(bytes) = store.workload_bytes(digest)? {
                works.insert(digest.clone(), bytes);
            }
        }
        Ok(Self(works))
    }

    /// What a good repeat of `run` moved, if its tasks were kept.
    pub(crate) fn get(&self, run: &RunRecord) -> Option<WorkloadBytes> {
        self.0.get(&run.workload_digest).copied()
    }
}
