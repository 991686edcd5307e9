//! What a workload moves each way, from its stored tasks.

use workload_schema::WorkloadDigest;

use super::columns::read_workload_tasks;
use super::{ResultsFile, ResultsFileError};

/// Bytes that a whole repeat of a workload moves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkloadBytes {
    /// From the client to the store.
    pub sent: u64,
    /// From the store to the client.
    pub received: u64,
}

impl ResultsFile {
    /// The bytes that the workload moves each way; none where its tasks were not stored.
    pub fn workload_bytes(&self, digest: &WorkloadDigest) -> Result<Option<WorkloadBytes>, ResultsFileError> {
        self.read(|| {
            let mut select =
                self.connection.prepare_cached("SELECT data FROM workload_tasks WHERE digest = ?1 ORDER BY block")?;
            let mut blocks = select.query([digest.as_str()])?;
            let (mut bytes, mut tasks) = (None, Vec::new());
            while let Some(row) = blocks.next()? {
                // A block at a time: a workload may have millions.
                tasks.clear();
                read_workload_tasks(row.get_ref(0)?.as_blob()?, &mut tasks).map_err(super::tasks::unreadable)?;
                let bytes: &mut WorkloadBytes = bytes.get_or_insert_default();
                for task in &tasks {
                    bytes.sent = bytes.sent.saturating_add(task.operation.bytes_sent(task.size));
                    bytes.received = bytes.received.saturating_add(task.operation.bytes_received(task.size));
                }
            }
            Ok(bytes)
        })
    }
}
