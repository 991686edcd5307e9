//! What a command is for, and why there may be none.

use workload_schema::event::Tuned;
use workload_schema::{Gbps, Operation, Workload};

use super::{Stream, Surroundings};
use s3_clients::command_line::Program;
use s3_clients::declaration::Needs;

/// What the command is for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The client and its version.
    pub program: &'a Program,
    /// The workload.
    pub workload: &'a Workload,
    /// What lies around its files and objects.
    pub surroundings: &'a Surroundings,
    /// Bucket.
    pub bucket: &'a str,
    /// Region.
    pub region: &'a str,
    /// Endpoint; none means AWS.
    pub endpoint_url: Option<&'a str>,
    /// Throughput to plan the concurrency for.
    pub target: Gbps,
    /// Values asked for instead of what the client's makers recommend.
    pub tuned: Tuned,
    /// Whether the command may say what it does.
    pub verbose: bool,
}

/// Why there is no command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The client cannot do it in one command: exit code 123.
    #[error("{0}")]
    Skip(String),
    /// Something is missing that should be there: exit code 255.
    #[error("{0}")]
    Fail(String),
}

impl Asked<'_> {
    /// What the client must be able to do.
    pub fn needs(&self) -> Needs {
        Needs::of(self.workload, self.bucket, self.endpoint_url.is_some(), self.tuned)
    }

    /// Whether the command transfers a directory, not one file.
    pub(super) fn is_several(&self) -> bool {
        self.workload.task_count() > 1
    }

    /// Where the payload goes when it is not in files.
    pub(super) fn stream(&self) -> Stream {
        let task = self.workload.first_task();
        match (self.workload.on_disk(), task.operation) {
            (true, _) => Stream::None,
            (false, Operation::Upload) => Stream::Stdin { key: task.key.clone(), size: task.size },
            (false, Operation::Download) => Stream::Stdout { key: task.key.clone(), size: task.size },
        }
    }

    /// Requests in flight of s5cmd and rclone: as tuned, or by their rule for the target throughput.
    pub(super) fn connections(&self) -> u64 {
        self.tuned.connections.unwrap_or_else(|| concurrency(self.target))
    }
}

/// Concurrency of s5cmd and rclone: int(target / 0.4 Gb/s), and at least 1 (contract 5).
pub(super) fn concurrency(target: Gbps) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=1024 before the cast")]
    let concurrency = (target.get() / 0.4).floor().clamp(1.0, 1024.0) as u64;
    concurrency
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concurrency_is_never_zero() {
        for (gbps, expected) in [(0.1, 1), (0.4, 1), (0.9, 2), (10.0, 25), (100.0, 250), (1e9, 1024)] {
            assert_eq!(concurrency(Gbps::new(gbps).unwrap()), expected, "{gbps}");
        }
    }
}
