//! The client against the embedded server: what it really sends, validates and leaves behind.

mod https;
mod scripted;

use std::sync::Arc;

use embedded_s3::admin::{ChecksumPlace, FaultKind, FaultRule, PayloadSigning};
use synthetic_content::Content;
use workload_schema::ErrorKind;
use workload_schema::{Checksum, Operation};

use super::*;
use crate::endpoint::Failure;
use crate::native::contract::{Differences, suite};
use crate::native::testing::{TestServer, job, job_on_disk, run};
use crate::native::{Client, DataPlace, Job};

const MIB: u64 = 1 << 20;

const DIFFERENCES: Differences = Differences {
    asks_beyond_the_end: false,
    connections_for_three: 3,
    residency: BufferResidency::Streamed,
    retries_of_a_broken_body: None,
    short_download: Err(ErrorKind::Integrity),
};

suite! {
    client: HyperClient::new,
    impatient: HyperClient::new,
    differences: DIFFERENCES,
    knows_of_open_uploads: |client: &HyperClient| !client.shared.open_uploads.is_empty(),
}

async fn client_of(server: &TestServer, checksum: Option<Checksum>) -> HyperClient {
    HyperClient::new(&server.settings(checksum)).await.unwrap()
}

async fn failure_of(client: &HyperClient, job: &Job) -> Failure {
    run(client, job).await.unwrap_err()
}

#[tokio::test]
async fn objects_of_all_sizes_and_names_make_the_round_trip() {
    let server = TestServer::start().await;
    let client = client_of(&server, None).await;
    for key in ["plain/1", "with space/ü/日本", "signs/+&=%?#~()'*!;:@$,", "a.b/..c"] {
        for size in [0, 1, 64 << 10, 3 * MIB, 8 * MIB, 8 * MIB + 1, 20 * MIB] {
            assert_eq!(run(&client, &job(Operation::Upload, key, size)).await, Ok(size), "{key} {size}");
            assert_eq!(run(&client, &job(Operation::Download, key, size)).await, Ok(size), "{key} {size}");
        }
        let records = server.take_records().await;
        assert!(records.iter().all(|record| record.key.as_deref() == Some(key) && record.status < Some(300)));
        assert!(records.iter().all(|record| record.payload_signing == PayloadSigning::Unsigned));
    }
}

#[tokio::test]
async fn files_are_sent_and_written_as_they_are() {
    let server = TestServer::start().await;
    let client = client_of(&server, None).await;
    let directory = tempfile::tempdir().unwrap();
    for size in [0, 100, 8 * MIB, 17 * MIB + 3] {
        let upload = job_on_disk(Operation::Upload, directory.path(), "sent", size);
        let DataPlace::File(path) = &upload.place else { unreachable!() };
        let mut content = vec![0; usize::try_from(size).unwrap()];
        Content::of_key("anything").fill(0, &mut content);
        std::fs::write(path, &content).unwrap();
        assert_eq!(run(&client, &upload).await, Ok(size));
        std::fs::remove_file(path).unwrap();
        let download = Job { operation: Operation::Download, ..upload.clone() };
        assert_eq!(run(&client, &download).await, Ok(size));
        assert!(std::fs::read(path).unwrap() == content, "{size} bytes came back as they were sent");
    }
    let missing = job_on_disk(Operation::Upload, directory.path(), "missing", 10);
    assert_eq!(failure_of(&client, &missing).await.kind, ErrorKind::Disk);
}

#[tokio::test]
async fn every_checksum_is_sent_in_a_header_and_validated() {
    let server = TestServer::start().await;
    for checksum in Checksum::ALL {
        let client = client_of(&server, Some(checksum)).await;
        for size in [0, 100, 3 * MIB] {
            assert_eq!(run(&client, &job(Operation::Upload, "upload/one", size)).await, Ok(size), "{checksum}");
            let records = server.take_records().await;
            assert_eq!(records.len(), 1);
            let name = records[0].checksum_algorithm.map(embedded_s3::ChecksumAlgorithm::name);
            assert_eq!((name, records[0].checksum_place), (Some(checksum.as_str()), Some(ChecksumPlace::Header)));
            assert_eq!(run(&client, &job(Operation::Download, "upload/one", size)).await, Ok(size), "{checksum}");
            assert!(server.take_records().await[0].checksum_mode);
        }
        for fault in [FaultKind::CorruptBody { offset: MIB }, FaultKind::WrongChecksum] {
            server.misbehave(FaultRule::always(fault.clone()).on("GetObject")).await;
            let failure = failure_of(&client, &job(Operation::Download, "upload/one", 3 * MIB)).await;
            assert_eq!(failure.kind, ErrorKind::Integrity, "{checksum} {fault:?}: {failure}");
            server.behave().await;
        }
        server.take_records().await;
        let size = 20 * MIB;
        assert_eq!(run(&client, &job(Operation::Upload, "upload/parts", size)).await, Ok(size), "{checksum}");
        let records = server.take_records().await;
        let parts: Vec<_> = records.iter().filter(|record| record.operation == "UploadPart").collect();
        assert!(parts.len() == 3 && parts.iter().all(|part| part.checksum_place == Some(ChecksumPlace::Header)));
    }
}

#[tokio::test]
async fn an_object_without_the_checksum_cannot_be_validated() {
    let server = TestServer::start().await;
    let (plain, checking) = (client_of(&server, None).await, client_of(&server, Some(Checksum::Sha256)).await);
    run(&plain, &job(Operation::Upload, "upload/plain", 100)).await.unwrap();
    let failure = failure_of(&checking, &job(Operation::Download, "upload/plain", 100)).await;
    assert_eq!(failure.kind, ErrorKind::Integrity);
    assert_eq!(failure.message, "GetObject upload/plain: the store sends no SHA256 to validate");
    run(&checking, &job(Operation::Upload, "upload/composite", 20 * MIB)).await.unwrap();
    let failure = failure_of(&checking, &job(Operation::Download, "upload/composite", 20 * MIB)).await;
    assert!(failure.message.ends_with("its SHA256 is one of parts and cannot be validated"), "{failure}");
}

#[tokio::test]
async fn connections_are_used_again_and_again() {
    let server = TestServer::start().await;
    let client = client_of(&server, None).await;
    for _ in 0..5 {
        run(&client, &job(Operation::Upload, "upload/again", 64 << 10)).await.unwrap();
        run(&client, &job(Operation::Download, "upload/again", 64 << 10)).await.unwrap();
        failure_of(&client, &job(Operation::Download, "upload/missing", 1)).await;
    }
    let records = server.take_records().await;
    assert_eq!(records.len(), 15);
    assert!(records.iter().all(|record| record.connection == records[0].connection), "{records:?}");
}

#[tokio::test]
async fn faults_that_pass_are_retried_and_counted() {
    let server = TestServer::start().await;
    for fault in [FaultKind::SlowDown, FaultKind::InternalError, FaultKind::Reset { after_bytes: None }] {
        let client = client_of(&server, None).await;
        for (task, requests) in [
            (job(Operation::Upload, "upload/retried", 100), 3),
            (job(Operation::Download, "upload/retried", 100), 3),
            (job(Operation::Upload, "upload/retried-parts", 20 * MIB), 7),
        ] {
            server.misbehave(FaultRule::always(fault.clone()).first(2)).await;
            let before = client.counters().requests.unwrap();
            assert_eq!(run(&client, &task).await, Ok(task.size), "{fault:?}");
            assert_eq!(client.counters().requests.unwrap() - before, requests, "{fault:?}");
        }
        assert_eq!(client.counters().retries, Some(6));
        assert_eq!(server.take_records().await.len() as u64, client.counters().requests.unwrap());
    }
}

#[tokio::test]
async fn faults_that_stay_end_as_what_they_are() {
    let server = TestServer::start().await;
    let client = client_of(&server, None).await;
    run(&client, &job(Operation::Upload, "upload/there", MIB)).await.unwrap();
    for (fault, kind, code) in [
        (FaultKind::SlowDown, ErrorKind::Throttled, Some("SlowDown")),
        (FaultKind::InternalError, ErrorKind::Server, Some("InternalError")),
        (FaultKind::Reset { after_bytes: None }, ErrorKind::Connection, None),
        (FaultKind::Reset { after_bytes: Some(1000) }, ErrorKind::Connection, None),
        (FaultKind::TruncateBody { after_bytes: 1000 }, ErrorKind::Connection, None),
    ] {
        server.misbehave(FaultRule::always(fault.clone()).on("GetObject")).await;
        let failure = failure_of(&client, &job(Operation::Download, "upload/there", MIB)).await;
        assert_eq!((failure.kind, failure.s3_code.as_deref()), (kind, code), "{fault:?}: {failure}");
        assert!(failure.message.starts_with("GetObject upload/there: "), "{failure}");
    }
    server.behave().await;
    assert_eq!(run(&client, &job(Operation::Download, "upload/there", MIB)).await, Ok(MIB), "it goes on afterwards");
}

#[tokio::test]
async fn what_a_retry_cannot_mend_is_not_retried() {
    let server = TestServer::start().await;
    let client = client_of(&server, None).await;
    let missing = failure_of(&client, &job(Operation::Download, "download/none", 100)).await;
    assert_eq!((missing.kind, missing.http_status), (ErrorKind::MissingKey, Some(404)));
    assert_eq!(missing.s3_code.as_deref(), Some("NoSuchKey"));
    run(&client, &job(Operation::Upload, "upload/short", 100)).await.unwrap();
    let short = failure_of(&client, &job(Operation::Download, "upload/short", 101)).await;
    assert_eq!(short.kind, ErrorKind::Integrity);
    let mut settings = server.settings(None);
    settings.connection.credentials.as_mut().unwrap().secret_access_key = "wrong".to_owned();
    let stranger = HyperClient::new(&settings).await.unwrap();
    let denied = failure_of(&stranger, &job(Operation::Upload, "upload/denied", 20 * MIB)).await;
    assert_eq!((denied.kind, denied.http_status), (ErrorKind::Denied, Some(403)), "{denied}");
    assert_eq!((client.counters().retries, stranger.counters().retries), (Some(0), Some(0)));
}

#[tokio::test]
async fn an_unreachable_store_is_said_to_be_so() {
    let server = TestServer::start().await;
    let mut settings = server.settings(None);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    settings.connection.endpoint_url = Some(format!("http://{free}"));
    let client = HyperClient::new(&settings).await.unwrap();
    let failure = failure_of(&client, &job(Operation::Upload, "upload/lost", 100)).await;
    assert_eq!(failure.kind, ErrorKind::Connection);
    assert!(failure.message.contains(&format!("cannot connect to http://{free}/")), "{failure}");
    assert_eq!((client.counters().requests, client.counters().retries), (Some(3), Some(2)));
}

#[tokio::test]
async fn a_changed_object_is_noticed_between_ranges() {
    let server = TestServer::start().await;
    let client = client_of(&server, None).await;
    let size = 20 * MIB;
    run(&client, &job(Operation::Upload, "upload/changing", size)).await.unwrap();
    // All ranges but the first are handled late: the object is another by then.
    let rule = FaultRule::always(FaultKind::Latency { nanoseconds: 1_000_000_000 }).on("GetObject");
    server.misbehave(FaultRule { skip: 1, ..rule }).await;
    let directory = tempfile::tempdir().unwrap();
    let other = job_on_disk(Operation::Upload, directory.path(), "upload/changing", size);
    let DataPlace::File(path) = &other.place else { unreachable!() };
    std::fs::write(path, vec![7; usize::try_from(size).unwrap()]).unwrap();
    let download = job(Operation::Download, "upload/changing", size);
    let (downloaded, uploaded) = tokio::join!(run(&client, &download), async {
        while !server.take_records().await.iter().any(|record| record.operation == "GetObject") {
            tokio::task::yield_now().await;
        }
        run(&client, &other).await
    });
    assert_eq!(uploaded, Ok(size));
    assert_eq!(downloaded.unwrap_err().http_status, Some(412));
}

#[tokio::test]
async fn a_failed_or_stopped_upload_is_aborted() {
    let server = TestServer::start().await;
    let client = client_of(&server, None).await;
    let large = job(Operation::Upload, "upload/stopped", 20 * MIB);
    server.misbehave(FaultRule::always(FaultKind::InternalError).on("CompleteMultipartUpload")).await;
    assert_eq!(failure_of(&client, &large).await.kind, ErrorKind::Server);
    assert_eq!(server.open_uploads().await, 0);
    assert!(client.shared.open_uploads.is_empty());

    server.misbehave(FaultRule::always(FaultKind::Latency { nanoseconds: 60_000_000_000 }).on("UploadPart")).await;
    let moved = Arc::default();
    let opened = async {
        while client.shared.open_uploads.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        result = client.run(&large, &moved) => panic!("cannot end: {result:?}"),
        () = opened => {}
    }
    assert_eq!(server.open_uploads().await, 1);
    assert_eq!(client.abort().await, 0, "none could not be aborted");
    assert_eq!(server.open_uploads().await, 0);
    assert!(client.shared.open_uploads.is_empty());
}

#[tokio::test]
async fn hello_tells_the_effective_values() {
    let server = TestServer::start().await;
    let mut settings = server.settings(Some(Checksum::Crc32));
    settings.tuned.connections = Some(3);
    settings.tuned.part_size_bytes = Some(5 * MIB);
    settings.files_on_disk = true;
    let client = HyperClient::new(&settings).await.unwrap();
    let hello = client.hello();
    assert_eq!((hello.connections, hello.part_size_bytes, hello.tasks_in_flight), (Some(3), Some(5 * MIB), Some(1)));
    assert_eq!(hello.checksum_placement, Some(ChecksumPlacement::Header));
    assert_eq!(hello.buffer_residency, Some(BufferResidency::Part));
    run(&client, &job(Operation::Upload, "upload/tuned", 20 * MIB)).await.unwrap();
    let parts = server.take_records().await.iter().filter(|record| record.operation == "UploadPart").count();
    assert_eq!(parts, 4);
}
