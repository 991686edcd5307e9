//! The client against the embedded server: what it really sends and leaves behind.

use embedded_s3::admin::{ChecksumPlace, FaultKind, FaultRule, PayloadSigning};
use object_store::BackoffConfig;
use std::time::Duration;
use synthetic_content::Content;
use workload_schema::event::Tuned;
use workload_schema::record::ErrorKind;

use super::*;
use crate::clients::testing::{TestServer, job, job_on_disk, run};
use crate::target::StaticCredentials;

async fn client(server: &TestServer) -> ObjectStoreClient {
    ObjectStoreClient::new(&server.settings(None)).await.unwrap()
}

/// A client that gives up after one retry, at once.
async fn impatient(server: &TestServer) -> ObjectStoreClient {
    let backoff =
        BackoffConfig { init_backoff: Duration::from_millis(1), max_backoff: Duration::from_millis(2), base: 2.0 };
    let retries = RetryConfig { max_retries: 1, backoff, ..RetryConfig::default() };
    ObjectStoreClient::with_retries(&server.settings(None), retries).await.unwrap()
}

#[tokio::test]
async fn objects_of_every_size_come_back_as_they_went() {
    let server = TestServer::start().await;
    let client = client(&server).await;
    let folder = tempfile::tempdir().unwrap();
    for (key, size) in [("upload/none", 0), ("upload/größe mit Leer+zeichen%", 100), ("upload/large", (20 << 20) + 1)]
    {
        assert_eq!(run(&client, &job(Action::Upload, key, size)).await, Ok(size), "{key}");
        assert_eq!(run(&client, &job(Action::Download, key, size)).await, Ok(size), "{key}");
        let to_disk = job_on_disk(Action::Download, folder.path(), key, size);
        assert_eq!(run(&client, &to_disk).await, Ok(size), "{key}");
        let crate::clients::DataPlace::File(path) = &to_disk.place else { unreachable!("it is a task on disk") };
        let file = std::fs::read(path).unwrap();
        assert_eq!((file.len() as u64, Content::of_key(key).mismatch(0, &file)), (size, None), "{key}");
        let from_disk = Job { action: Action::Upload, ..to_disk };
        assert_eq!(run(&client, &from_disk).await, Ok(size), "{key}");
        assert_eq!(run(&client, &job(Action::Download, key, size)).await, Ok(size), "{key}");
    }
    let records = server.take_records().await;
    assert!(records.iter().all(|record| record.status.is_some_and(|status| status < 300)), "{records:?}");
    assert_eq!((client.requests(), client.retries()), (Some(records.len() as u64), Some(0)));
}

#[tokio::test]
async fn without_a_checksum_none_is_sent_and_ranges_cover_the_object_once() {
    let server = TestServer::start().await;
    let client = client(&server).await;
    let size = (20 << 20) + 1;
    assert_eq!(run(&client, &job(Action::Upload, "upload/ranged", size)).await, Ok(size));
    assert_eq!(run(&client, &job(Action::Download, "upload/ranged", size)).await, Ok(size));
    let records = server.take_records().await;
    assert!(records.iter().all(|record| record.checksum_algorithm.is_none() && !record.checksum_mode));
    let parts: Vec<_> = records.iter().filter(|record| record.operation == "UploadPart").collect();
    assert_eq!(parts.len(), 3);
    assert!(parts.iter().all(|part| part.payload_signing == PayloadSigning::Unsigned), "{parts:?}");
    let mut ranges: Vec<_> = records.iter().filter_map(|record| record.range.as_deref()).collect();
    ranges.sort_unstable();
    assert_eq!(ranges, ["bytes=0-8388607", "bytes=16777216-20971520", "bytes=8388608-16777215"]);
}

#[tokio::test]
async fn what_is_tuned_is_in_force() {
    let server = TestServer::start().await;
    let mut settings = server.settings(None);
    settings.tasks = 100;
    settings.tuned = Tuned { part_size_bytes: Some(5 << 20), connections: Some(3), files_in_flight: Some(7) };
    let client = ObjectStoreClient::new(&settings).await.unwrap();
    let hello = client.hello();
    assert_eq!(
        (hello.part_size_bytes, hello.connections, hello.tasks_in_flight),
        (Some(5 << 20), Some(3), Some(7)),
        "{hello:?}"
    );
    assert_eq!(hello.buffer_residency, Some(BufferResidency::Streamed));
    assert_eq!(run(&client, &job(Action::Upload, "upload/tuned", 12 << 20)).await, Ok(12 << 20));
    let records = server.take_records().await;
    let parts: Vec<_> =
        records.iter().filter(|record| record.operation == "UploadPart").map(|part| part.request_body_bytes).collect();
    assert_eq!(parts.len(), 3, "{parts:?}");
    assert!(parts.iter().all(|bytes| [5 << 20, 2 << 20].contains(bytes)), "{parts:?}");
}

#[tokio::test]
async fn two_checksums_are_sent_in_a_header_and_the_others_are_skipped() {
    let server = TestServer::start().await;
    for checksum in Checksum::ALL {
        let mut settings = server.settings(Some(checksum));
        let skipped = ObjectStoreClient::new(&settings).await.unwrap_err();
        assert_eq!(skipped, MakeError::Skip(format!("object_store does not validate the {checksum} of downloads")));
        settings.largest_download = None;
        match ObjectStoreClient::new(&settings).await {
            Ok(client) => {
                assert!([Checksum::Sha256, Checksum::Crc64nvme].contains(&checksum), "{checksum}");
                assert_eq!(client.hello().checksum_placement, Some(ChecksumPlacement::Header));
                for size in [100, 20 << 20] {
                    assert_eq!(run(&client, &job(Action::Upload, "upload/sum", size)).await, Ok(size), "{checksum}");
                }
                let records = server.take_records().await;
                let bodies = records.iter().filter(|record| ["PutObject", "UploadPart"].contains(&&*record.operation));
                for record in bodies {
                    let algorithm = record.checksum_algorithm.map(embedded_s3::ChecksumAlgorithm::name);
                    assert_eq!(
                        (algorithm, record.checksum_place),
                        (Some(checksum.as_str()), Some(ChecksumPlace::Header)),
                        "{record:?}"
                    );
                }
            }
            Err(MakeError::Skip(reason)) => {
                assert_eq!(reason, format!("object_store cannot send {checksum}, only CRC64NVME and SHA256"));
            }
            Err(other) => panic!("{checksum}: {other}"),
        }
    }
}

#[tokio::test]
async fn retries_are_counted_and_throttling_ends_as_such() {
    let server = TestServer::start().await;
    let client = impatient(&server).await;
    server.misbehave(FaultRule::always(FaultKind::SlowDown).first(1)).await;
    assert_eq!(run(&client, &job(Action::Upload, "upload/retried", 100)).await, Ok(100));
    assert_eq!((client.requests(), client.retries()), (Some(2), Some(1)));
    server.misbehave(FaultRule::always(FaultKind::SlowDown)).await;
    let failure = run(&client, &job(Action::Upload, "upload/throttled", 100)).await.unwrap_err();
    assert_eq!((failure.kind, failure.s3_code.as_deref()), (ErrorKind::Throttled, Some("SlowDown")), "{failure}");
    assert_eq!(failure.http_status, Some(503));
}

#[tokio::test]
async fn broken_bodies_are_read_again_from_where_they_broke_off() {
    let server = TestServer::start().await;
    let client = impatient(&server).await;
    let size = 3 << 20;
    assert_eq!(run(&client, &job(Action::Upload, "upload/broken", size)).await, Ok(size));
    for kind in [FaultKind::TruncateBody { after_bytes: 1 << 20 }, FaultKind::Reset { after_bytes: Some(1 << 20) }] {
        server.misbehave(FaultRule::always(kind.clone()).on("GetObject").first(1)).await;
        let retries = client.retries().unwrap();
        assert_eq!(run(&client, &job(Action::Download, "upload/broken", size)).await, Ok(size), "{}", kind.name());
        assert_eq!(client.retries(), Some(retries + 1));
        server.misbehave(FaultRule::always(kind.clone()).on("GetObject")).await;
        let failure = run(&client, &job(Action::Download, "upload/broken", size)).await.unwrap_err();
        assert_eq!(failure.kind, ErrorKind::Connection, "{}: {failure}", kind.name());
    }
}

#[tokio::test]
async fn failures_are_told_apart() {
    let server = TestServer::start().await;
    let missing = run(&client(&server).await, &job(Action::Download, "upload/missing", 10)).await.unwrap_err();
    assert_eq!((missing.kind, missing.s3_code.as_deref()), (ErrorKind::MissingKey, Some("NoSuchKey")), "{missing}");
    let mut settings = server.settings(None);
    settings.connection.credentials =
        Some(StaticCredentials { access_key_id: "id".into(), secret_access_key: "another".into() });
    let wrong = ObjectStoreClient::new(&settings).await.unwrap();
    let denied = run(&wrong, &job(Action::Upload, "upload/denied", 10)).await.unwrap_err();
    assert_eq!((denied.kind, denied.http_status), (ErrorKind::Denied, Some(403)), "{denied}");
    let short = client(&server).await;
    assert_eq!(run(&short, &job(Action::Upload, "upload/short", 10)).await, Ok(10));
    let failure = run(&short, &job(Action::Download, "upload/short", 11)).await.unwrap_err();
    assert_eq!(failure.kind, ErrorKind::Integrity, "{failure}");
    let nowhere = tempfile::tempdir().unwrap().path().join("gone");
    let failure = run(&short, &job_on_disk(Action::Download, &nowhere, "upload/short", 10)).await.unwrap_err();
    assert_eq!(failure.kind, ErrorKind::Disk, "{failure}");
}

#[tokio::test]
async fn a_stopped_upload_is_aborted() {
    let server = TestServer::start().await;
    let client = client(&server).await;
    server.misbehave(FaultRule::always(FaultKind::Latency { nanoseconds: 60_000_000_000 }).on("UploadPart")).await;
    let (large, moved) = (job(Action::Upload, "upload/stopped", 20 << 20), Arc::default());
    let opened = async {
        while client.shared.open_uploads.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        result = client.run(&large, &moved) => panic!("cannot end: {result:?}"),
        () = opened => {}
    }
    assert_eq!(client.abort().await, 0, "none could not be aborted");
    assert_eq!((server.open_uploads().await, client.shared.open_uploads.is_empty()), (0, true));
}
