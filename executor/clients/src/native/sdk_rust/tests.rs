//! The client against the embedded server: what it really sends, validates and leaves behind.

use embedded_s3::admin::{ChecksumPlace, FaultKind, FaultRule};
use workload_schema::ErrorKind;
use workload_schema::{Checksum, Operation};

use super::*;
use crate::native::contract::{Differences, suite};
use crate::native::testing::{TestServer, job, run};

const DIFFERENCES: Differences = Differences {
    asks_beyond_the_end: false,
    connections_for_three: 3,
    residency: BufferResidency::Streamed,
    retries_of_a_broken_body: None,
    short_download: Err(ErrorKind::Integrity),
};

suite! {
    client: SdkRustClient::new,
    impatient: SdkRustClient::new,
    differences: DIFFERENCES,
    knows_of_open_uploads: |client: &SdkRustClient| !client.shared.open_uploads.is_empty(),
}

async fn client_of(server: &TestServer, checksum: Option<Checksum>) -> SdkRustClient {
    SdkRustClient::new(&server.settings(checksum)).await.unwrap()
}

#[tokio::test]
async fn every_checksum_is_sent_as_a_trailer_and_validated() {
    let server = TestServer::start().await;
    for checksum in Checksum::ALL {
        let client = client_of(&server, Some(checksum)).await;
        let key = format!("upload/{checksum}");
        for size in [100, 64 << 10, 3 << 20] {
            assert_eq!(run(&client, &job(Operation::Upload, &key, size)).await, Ok(size), "{checksum}");
            let records = server.take_records().await;
            assert_eq!(records.len(), 1);
            assert_eq!(
                records[0].checksum_algorithm.map(embedded_s3::ChecksumAlgorithm::name),
                Some(checksum.as_str())
            );
            assert_eq!(records[0].checksum_place, Some(ChecksumPlace::Trailer), "{checksum} of {size} bytes");
        }
        assert_eq!(run(&client, &job(Operation::Download, &key, 3 << 20)).await, Ok(3 << 20));
        server.misbehave(FaultRule::always(FaultKind::CorruptBody { offset: 1 << 20 }).on("GetObject")).await;
        let failure = run(&client, &job(Operation::Download, &key, 3 << 20)).await.unwrap_err();
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
        assert_eq!(run(&client, &job(Operation::Upload, "upload/parts", size)).await, Ok(size), "{checksum}");
        let records = server.take_records().await;
        let parts: Vec<_> = records.iter().filter(|record| record.operation == "UploadPart").collect();
        assert_eq!(parts.len(), 3);
        assert!(parts.iter().all(|part| part.checksum_place == Some(ChecksumPlace::Trailer)), "{checksum}: {parts:?}");
    }
}
