//! Checks of what a client left behind, off the clock: files on disk, and objects at the store.

use std::collections::BTreeSet;
use std::path::Path;

use aws_sdk_s3::types::ChecksumMode;
use futures_util::{StreamExt, stream};
use workload_schema::ErrorKind;
use workload_schema::event::Verified;
use workload_schema::{Checksum, Operation, Task, Workload};

use crate::store::Store;
use s3_clients::endpoint::{Failure, RequestCounter, failure_of, tally};
use s3_clients::integrity::{self, Comparison};

/// Objects that are checked concurrently.
const SIDE_BY_SIDE: usize = 16;

/// Checks the files that downloads wrote: the lengths of all and, with `content`, the bytes of a sample.
pub async fn downloads(workload: &Workload, files_dir: &Path, content: bool) -> Verified {
    let tasks = if workload.on_disk() { distinct(workload, Operation::receives_payload) } else { Vec::new() };
    let files_dir = files_dir.to_owned();
    let compare = move || {
        let mut verified = nothing();
        let path = |task: &Task| files_dir.join(task.key.as_str());
        for task in &tasks {
            if let Err(failure) = integrity::check_length(&path(task), task.key.as_str(), task.size) {
                tally(&mut verified.errors, failure);
            }
        }
        if content && verified.errors.is_empty() {
            for task in integrity::sample(&tasks, |task| task.size) {
                note(&mut verified, integrity::check_file(&path(task), task.key.as_str(), task.size));
            }
        }
        verified
    };
    tokio::task::spawn_blocking(compare).await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// Checks the objects that uploads made: length and checksum algorithm of all and, with `content`, the bytes of a
/// sample, read back.
pub async fn uploads(workload: &Workload, store: &Store, content: bool) -> Verified {
    let tasks = distinct(workload, Operation::writes);
    let mut verified = nothing();
    if tasks.is_empty() {
        return verified;
    }
    let s3 = store.connection.s3(&RequestCounter::default()).await;
    let bucket = store.bucket.as_str();
    let looks = stream::iter(&tasks).map(|task| look(&s3, bucket, task, workload.checksum()));
    let mut looks = looks.buffer_unordered(SIDE_BY_SIDE);
    while let Some(result) = looks.next().await {
        if let Err(failure) = result {
            tally(&mut verified.errors, failure);
        }
    }
    if content && verified.errors.is_empty() {
        for task in integrity::sample(&tasks, |task| task.size) {
            note(&mut verified, read_back(&s3, bucket, task).await);
        }
    }
    verified
}

fn nothing() -> Verified {
    Verified { tasks: 0, bytes: 0, errors: Vec::new() }
}

fn note(verified: &mut Verified, result: Result<u64, Failure>) {
    match result {
        Ok(bytes) => {
            verified.tasks += 1;
            verified.bytes += bytes;
        }
        Err(failure) => tally(&mut verified.errors, failure),
    }
}

/// The tasks whose operation is `of`, one per key.
fn distinct(workload: &Workload, of: fn(Operation) -> bool) -> Vec<Task> {
    let mut keys = BTreeSet::new();
    let tasks = workload.tasks().filter(|task| of(task.operation));
    tasks.filter(|task| keys.insert(task.key)).map(Task::from).collect()
}

async fn look(s3: &aws_sdk_s3::Client, bucket: &str, task: &Task, checksum: Option<Checksum>) -> Result<(), Failure> {
    let key = task.key.as_str();
    let request = s3.head_object().bucket(bucket).key(key).set_checksum_mode(checksum.map(|_| ChecksumMode::Enabled));
    let head = request.send().await.map_err(|error| failure_of("HeadObject", key, &error))?;
    let size = head.content_length.and_then(|size| u64::try_from(size).ok()).unwrap_or_default();
    if size != task.size {
        return Err(integrity::wrong_length(key, size, task.size));
    }
    let stored = match checksum {
        None => return Ok(()),
        Some(Checksum::Crc32) => head.checksum_crc32,
        Some(Checksum::Crc32c) => head.checksum_crc32_c,
        Some(Checksum::Crc64nvme) => head.checksum_crc64_nvme,
        Some(Checksum::Sha1) => head.checksum_sha1,
        Some(Checksum::Sha256) => head.checksum_sha256,
    };
    match (stored, checksum) {
        (None, Some(checksum)) => {
            Err(Failure::local(ErrorKind::Integrity, format!("{key}: the store has no {checksum} of it")))
        }
        _ => Ok(()),
    }
}

async fn read_back(s3: &aws_sdk_s3::Client, bucket: &str, task: &Task) -> Result<u64, Failure> {
    let key = task.key.as_str();
    let answer = s3.get_object().bucket(bucket).key(key).send().await;
    let mut body = answer.map_err(|error| failure_of("GetObject", key, &error))?.body;
    let mut comparison = Comparison::of(key);
    while let Some(chunk) = body.next().await {
        let chunk =
            chunk.map_err(|error| Failure::local(ErrorKind::Connection, format!("GetObject {key}: {error}")))?;
        comparison.next(&chunk)?;
    }
    comparison.end(task.size)
}
