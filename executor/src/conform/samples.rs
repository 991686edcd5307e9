//! Requests and workloads as tests need them.

use embedded_s3::admin::{PayloadSigning, RequestRecord};
use workload_schema::{ObjectKey, Operation, Task, Workload};

pub(super) fn download(tasks: &[(&str, u64)]) -> Workload {
    workload(Operation::Download, tasks)
}

pub(super) fn upload(tasks: &[(&str, u64)]) -> Workload {
    workload(Operation::Upload, tasks)
}

fn workload(operation: Operation, tasks: &[(&str, u64)]) -> Workload {
    let task = |(key, size): &(&str, u64)| Task { operation, key: ObjectKey::new(*key).unwrap(), size: *size };
    Workload::of_tasks(tasks.iter().map(task)).unwrap()
}

pub(super) fn request(operation: &str, key: &str) -> RequestRecord {
    RequestRecord {
        operation: operation.to_owned(),
        bucket: Some("bucket".to_owned()),
        key: Some(key.to_owned()),
        range: None,
        request_body_bytes: 0,
        decoded_body_bytes: None,
        response_body_bytes: 0,
        status: Some(200),
        checksum_algorithm: None,
        checksum_place: None,
        checksum_mode: false,
        payload_signing: PayloadSigning::Unsigned,
        connection: 1,
        upload_id: None,
        part_number: None,
        user_agent: None,
        attempt: None,
        start_ns: 1_000_000,
        end_ns: 2_000_000,
        complete: true,
        faults: Vec::new(),
    }
}

pub(super) fn get(key: &str, range: Option<&str>, bytes: u64) -> RequestRecord {
    RequestRecord { range: range.map(str::to_owned), response_body_bytes: bytes, ..request("GetObject", key) }
}

pub(super) fn put(key: &str, bytes: u64) -> RequestRecord {
    RequestRecord { request_body_bytes: bytes, ..request("PutObject", key) }
}

pub(super) fn part(key: &str, upload: &str, number: u32, bytes: u64) -> RequestRecord {
    RequestRecord {
        upload_id: Some(upload.to_owned()),
        part_number: Some(number),
        request_body_bytes: bytes,
        ..request("UploadPart", key)
    }
}

pub(super) fn complete(key: &str, upload: &str) -> RequestRecord {
    RequestRecord { upload_id: Some(upload.to_owned()), ..request("CompleteMultipartUpload", key) }
}
