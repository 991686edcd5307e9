//! The client against the embedded server: what it really sends, validates and leaves behind.

use embedded_s3::admin::{ChecksumPlace, FaultKind, FaultRule};
use workload_schema::record::ErrorKind;

use super::*;
use crate::native::testing::{TestServer, job, run};

async fn client_of(server: &TestServer, checksum: Option<Checksum>) -> SdkRustClient {
    SdkRustClient::new(&server.settings(checksum)).await
}

#[tokio::test]
async fn every_checksum_is_sent_as_a_trailer_and_validated() {
    let server = TestServer::start().await;
    for checksum in Checksum::ALL {
        let client = client_of(&server, Some(checksum)).await;
        let key = format!("upload/{checksum}");
        for size in [100, 64 << 10, 3 << 20] {
            assert_eq!(run(&client, &job(Action::Upload, &key, size)).await, Ok(size), "{checksum}");
            let records = server.take_records().await;
            assert_eq!(records.len(), 1);
            assert_eq!(
                records[0].checksum_algorithm.map(embedded_s3::ChecksumAlgorithm::name),
                Some(checksum.as_str())
            );
            assert_eq!(records[0].checksum_place, Some(ChecksumPlace::Trailer), "{checksum} of {size} bytes");
        }
        assert_eq!(run(&client, &job(Action::Download, &key, 3 << 20)).await, Ok(3 << 20));
        server.misbehave(FaultRule::always(FaultKind::CorruptBody { offset: 1 << 20 }).on("GetObject")).await;
        let failure = run(&client, &job(Action::Download, &key, 3 << 20)).await.unwrap_err();
        assert_eq!(failure.kind, ErrorKind::Integrity, "{failure}");
        server.behave().await;
        server.take_records().await;
    }
}

#[tokio::test]
async fn parts_carry_the_checksum_too() {
    let server = TestServer::start().await;
    for checksum in Checksum::ALL {
        let client = client_of(&server, Some(checksum)).await;
        let size = 20 << 20;
        assert_eq!(run(&client, &job(Action::Upload, "upload/parts", size)).await, Ok(size), "{checksum}");
        let records = server.take_records().await;
        let parts: Vec<_> = records.iter().filter(|record| record.operation == "UploadPart").collect();
        assert_eq!(parts.len(), 3);
        assert!(parts.iter().all(|part| part.checksum_place == Some(ChecksumPlace::Trailer)), "{checksum}: {parts:?}");
    }
}

#[tokio::test]
async fn without_a_checksum_none_is_sent_and_ranges_cover_the_object_once() {
    let server = TestServer::start().await;
    let client = client_of(&server, None).await;
    let size = (20 << 20) + 1;
    assert_eq!(run(&client, &job(Action::Upload, "upload/ranged", size)).await, Ok(size));
    assert_eq!(run(&client, &job(Action::Download, "upload/ranged", size)).await, Ok(size));
    let records = server.take_records().await;
    assert!(records.iter().all(|record| record.checksum_algorithm.is_none() && !record.checksum_mode));
    let mut ranges: Vec<_> = records.iter().filter_map(|record| record.range.as_deref()).collect();
    ranges.sort_unstable();
    assert_eq!(ranges, ["bytes=0-8388607", "bytes=16777216-20971520", "bytes=8388608-16777215"]);
    assert_eq!((client.requests(), client.retries()), (Some(records.len() as u64), Some(0)));
}

#[tokio::test]
async fn retries_are_counted_and_throttling_ends_as_such() {
    let server = TestServer::start().await;
    let client = client_of(&server, None).await;
    server.misbehave(FaultRule::always(FaultKind::SlowDown).first(1)).await;
    assert_eq!(run(&client, &job(Action::Upload, "upload/retried", 100)).await, Ok(100));
    assert_eq!((client.requests(), client.retries()), (Some(2), Some(1)));
    server.misbehave(FaultRule::always(FaultKind::SlowDown)).await;
    let failure = run(&client, &job(Action::Upload, "upload/throttled", 100)).await.unwrap_err();
    assert_eq!((failure.kind, failure.s3_code.as_deref()), (ErrorKind::Throttled, Some("SlowDown")));
}

#[tokio::test]
async fn a_stopped_upload_is_aborted() {
    let server = TestServer::start().await;
    let client = client_of(&server, None).await;
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
    assert_eq!(server.open_uploads().await, 0);
    assert!(client.shared.open_uploads.is_empty());
}
