//! The client against the embedded server: what it really sends and leaves behind.

use embedded_s3::admin::{ChecksumPlace, FaultKind, FaultRule, PayloadSigning, RequestRecord};
use synthetic_content::Content;
use workload_schema::event::Tuned;
use workload_schema::record::ErrorKind;

use super::*;
use crate::clients::testing::{TestServer, job, job_on_disk, run};
use crate::target::StaticCredentials;

async fn client(server: &TestServer) -> TransferManagerClient {
    TransferManagerClient::new(&server.settings(None)).await.unwrap()
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
        let DataPlace::File(path) = &to_disk.place else { unreachable!("it is a task on disk") };
        let file = std::fs::read(path).unwrap();
        assert_eq!((file.len() as u64, Content::of_key(key).mismatch(0, &file)), (size, None), "{key}");
        let from_disk = Job { action: Action::Upload, ..to_disk };
        assert_eq!(run(&client, &from_disk).await, Ok(size), "{key}");
        assert_eq!(run(&client, &job(Action::Download, key, size)).await, Ok(size), "{key}");
    }
    let records = server.take_records().await;
    // The manager asks for a range first, which an empty object does not have.
    let answered = |record: &RequestRecord| record.status.is_some_and(|status| status < 300 || status == 416);
    assert!(records.iter().all(answered), "{records:?}");
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
    let client = TransferManagerClient::new(&settings).await.unwrap();
    let hello = client.hello();
    assert_eq!(
        (hello.part_size_bytes, hello.connections, hello.tasks_in_flight),
        (Some(5 << 20), Some(3), Some(7)),
        "{hello:?}"
    );
    assert_eq!(hello.buffer_residency, Some(BufferResidency::Part));
    assert_eq!(run(&client, &job(Action::Upload, "upload/tuned", 12 << 20)).await, Ok(12 << 20));
    let records = server.take_records().await;
    let parts: Vec<_> =
        records.iter().filter(|record| record.operation == "UploadPart").map(|part| part.request_body_bytes).collect();
    assert_eq!(parts.len(), 3, "{parts:?}");
    assert!(parts.iter().all(|bytes| [5 << 20, 2 << 20].contains(bytes)), "{parts:?}");
}

#[tokio::test]
async fn every_checksum_is_sent_and_validated() {
    let server = TestServer::start().await;
    let folder = tempfile::tempdir().unwrap();
    for checksum in Checksum::ALL {
        let client = TransferManagerClient::new(&server.settings(Some(checksum))).await.unwrap();
        let key = format!("upload/{checksum}");
        for size in [100, 3 << 20, 20 << 20] {
            assert_eq!(run(&client, &job(Action::Upload, &key, size)).await, Ok(size), "{checksum}");
            let file = job_on_disk(Action::Upload, folder.path(), &key, size);
            let DataPlace::File(path) = &file.place else { unreachable!("it is a task on disk") };
            let mut content = vec![0; usize::try_from(size).unwrap()];
            Content::of_key(&key).fill(0, &mut content);
            std::fs::write(path, content).unwrap();
            assert_eq!(run(&client, &file).await, Ok(size), "{checksum}");
            let records = server.take_records().await;
            for record in records.iter().filter(|record| ["PutObject", "UploadPart"].contains(&&*record.operation)) {
                let algorithm = record.checksum_algorithm.map(embedded_s3::ChecksumAlgorithm::name);
                assert_eq!(algorithm, Some(checksum.as_str()), "{record:?}");
                // Only a file in one piece is hashed while it is sent.
                if record.operation == "UploadPart" {
                    assert_eq!(record.checksum_place, Some(ChecksumPlace::Header), "{record:?}");
                }
            }
        }
        assert_eq!(run(&client, &job(Action::Upload, &key, 3 << 20)).await, Ok(3 << 20), "{checksum}");
        assert_eq!(run(&client, &job(Action::Download, &key, 3 << 20)).await, Ok(3 << 20), "{checksum}");
        server.misbehave(FaultRule::always(FaultKind::CorruptBody { offset: 1 << 20 }).on("GetObject")).await;
        let failure = run(&client, &job(Action::Download, &key, 3 << 20)).await.unwrap_err();
        assert_eq!(failure.kind, ErrorKind::Integrity, "{failure}");
        server.behave().await;
        server.take_records().await;
    }
}

#[tokio::test]
async fn what_would_not_be_validated_is_skipped_and_what_was_not_fails() {
    let server = TestServer::start().await;
    let mut settings = server.settings(Some(Checksum::Crc32));
    settings.largest_download = Some((8 << 20) + 1);
    let skipped = TransferManagerClient::new(&settings).await.unwrap_err();
    let reason = "aws-sdk-s3-transfer-manager does not validate the CRC32 of downloads above a part of 8388608 bytes";
    assert_eq!(skipped, MakeError::Skip(reason.to_owned()));
    assert_eq!(run(&client(&server).await, &job(Action::Upload, "upload/plain", 100)).await, Ok(100));
    settings.largest_download = Some(100);
    let validating = TransferManagerClient::new(&settings).await.unwrap();
    let failure = run(&validating, &job(Action::Download, "upload/plain", 100)).await.unwrap_err();
    assert_eq!(failure.kind, ErrorKind::Integrity, "{failure}");
    assert!(failure.message.contains("the store sends no CRC32"), "{failure}");
}

#[tokio::test]
async fn retries_are_counted_and_throttling_ends_as_such() {
    let server = TestServer::start().await;
    let client = client(&server).await;
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
    let client = client(&server).await;
    let size = 3 << 20;
    assert_eq!(run(&client, &job(Action::Upload, "upload/broken", size)).await, Ok(size));
    for kind in [FaultKind::TruncateBody { after_bytes: 1 << 20 }, FaultKind::Reset { after_bytes: Some(1 << 20) }] {
        server.misbehave(FaultRule::always(kind.clone()).on("GetObject").first(1)).await;
        assert_eq!(run(&client, &job(Action::Download, "upload/broken", size)).await, Ok(size), "{}", kind.name());
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
    let wrong = TransferManagerClient::new(&settings).await.unwrap();
    let denied = run(&wrong, &job(Action::Upload, "upload/denied", 10)).await.unwrap_err();
    assert_eq!((denied.kind, denied.http_status), (ErrorKind::Denied, Some(403)), "{denied}");
    let short = client(&server).await;
    assert_eq!(run(&short, &job(Action::Upload, "upload/short", 10)).await, Ok(10));
    assert_eq!(run(&short, &job(Action::Download, "upload/short", 11)).await, Ok(10), "the run loop compares");
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
        while client.open_uploads.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        result = client.run(&large, &moved) => panic!("cannot end: {result:?}"),
        () = opened => {}
    }
    assert_eq!(client.abort().await, 0, "none could not be aborted");
    assert_eq!((server.open_uploads().await, client.open_uploads.is_empty()), (0, true));
}
