//! What a workload moves in each direction.

use std::collections::BTreeMap;

use workload_schema::WorkloadDigest;
use workload_schema::record::RunRecord;

use crate::results_file::{ResultsFile, ResultsFileError, WorkloadBytes};

/// The work of runs. Runs of older releases do not say what they moved in each direction: theirs comes from the tasks of
/// their workloads, if these were stored.
#[derive(Debug, Default)]
pub(crate) struct Works(BTreeMap<WorkloadDigest, WorkloadBytes>);

impl Works {
    /// Looks up the workloads of those `runs` that do not say it themselves, each once.
    pub(crate) fn of(runs: &[RunRecord], results: &ResultsFile) -> Result<Self, ResultsFileError> {
        let mut works = BTreeMap::new();
        let older = runs.iter().filter(|run| stored(run).is_none());
        let mut unknown: Vec<&WorkloadDigest> = older.map(|run| &run.workload_digest).collect();
        unknown.sort_unstable();
        unknown.dedup();
        for digest in unknown {
            if let Some(bytes) = results.workload_bytes(digest)? {
                works.insert(digest.clone(), bytes);
            }
        }
        Ok(Self(works))
    }

    /// What a good repeat of `run` moved, if that is known.
    pub(crate) fn get(&self, run: &RunRecord) -> Option<WorkloadBytes> {
        stored(run).or_else(|| self.0.get(&run.workload_digest).copied())
    }
}

/// What `run` says itself.
fn stored(run: &RunRecord) -> Option<WorkloadBytes> {
    Some(WorkloadBytes { sent: run.workload_bytes_sent?, received: run.workload_bytes_received? })
}
