//! The client against the embedded server: what it really sends and leaves behind.

use embedded_s3::admin::{ChecksumPlace, FaultKind, FaultRule, PayloadSigning, RequestRecord};
use synthetic_content::Content;
use workload_schema::event::Tuned;
use workload_schema::record::ErrorKind;

use super::*;
use crate::clients::DataPlace;
use crate::clients::testing::{TestServer, job, job_on_disk, run};
use crate::target::StaticCredentials;

async fn client(server: &TestServer) -> CrtRustClient {
    CrtRustClient::new(&server.settings(None)).await.unwrap()
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
    // The CRT asks for a range first, which an empty object does not have.
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
    let client = CrtRustClient::new(&settings).await.unwrap();
    let hello = client.hello();
    assert_eq!(
        (hello.part_size_bytes, hello.connections, hello.tasks_in_flight),
        (Some(5 << 20), Some(10), Some(7)),
        "the CRT makes no fewer connections: {hello:?}"
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
async fn every_checksum_is_sent_and_downloads_with_one_are_skipped() {
    let server = TestServer::start().await;
    for checksum in Checksum::ALL {
        let mut settings = server.settings(Some(checksum));
        let skipped = CrtRustClient::new(&settings).await.unwrap_err();
        let reason = format!("mountpoint-s3-client does not validate the {checksum} of downloads");
        assert_eq!(skipped, MakeError::Skip(reason));
        settings.largest_download = None;
        let client = CrtRustClient::new(&settings).await.unwrap();
        for (size, place) in [(100, ChecksumPlace::Header), (20 << 20, ChecksumPlace::Trailer)] {
            assert_eq!(run(&client, &job(Action::Upload, "upload/sum", size)).await, Ok(size), "{checksum}");
            let records = server.take_records().await;
            for record in records.iter().filter(|record| ["PutObject", "UploadPart"].contains(&&*record.operation)) {
                let algorithm = record.checksum_algorithm.map(embedded_s3::ChecksumAlgorithm::name);
                assert_eq!((algorithm, record.checksum_place), (Some(checksum.as_str()), Some(place)), "{record:?}");
            }
        }
    }
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
    let wrong = CrtRustClient::new(&settings).await.unwrap();
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
        while client.ledger.open_uploads() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        result = client.run(&large, &moved) => panic!("cannot end: {result:?}"),
        () = opened => {}
    }
    assert_eq!(client.abort().await, 0, "none could not be aborted");
    assert_eq!((server.open_uploads().await, client.ledger.open_uploads()), (0, 0));
}

#[tokio::test]
async fn an_upload_in_parts_fails_with_the_cause_of_its_request() {
    let server = TestServer::start().await;
    let client = client(&server).await;
    let large = job(Action::Upload, "upload/throttled parts", 20 << 20);
    server.misbehave(FaultRule::always(FaultKind::SlowDown).on("UploadPart")).await;
    let failure = run(&client, &large).await.unwrap_err();
    assert_eq!((failure.kind, failure.http_status), (ErrorKind::Throttled, Some(503)), "{failure}");
    server.misbehave(FaultRule::always(FaultKind::SlowDown).on("CreateMultipartUpload")).await;
    let failure = run(&client, &large).await.unwrap_err();
    assert_eq!((failure.kind, failure.http_status), (ErrorKind::Throttled, Some(503)), "{failure}");
    assert_eq!((client.abort().await, server.open_uploads().await), (0, 0), "the CRT aborts by itself");
}
