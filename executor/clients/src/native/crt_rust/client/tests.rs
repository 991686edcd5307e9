//! The client against the embedded server: what it really sends and leaves behind.

use embedded_s3::admin::{ChecksumPlace, FaultKind, FaultRule};
use workload_schema::ErrorKind;
use workload_schema::event::BufferResidency;

use super::*;
use crate::native::contract::{Differences, suite};
use crate::native::testing::{TestServer, job, run};

const DIFFERENCES: Differences = Differences {
    asks_beyond_the_end: true,
    // The CRT makes no fewer.
    connections_for_three: 10,
    residency: BufferResidency::Part,
    retries_of_a_broken_body: Some(1),
    short_download: Ok(10),
};

suite! {
    client: CrtRustClient::new,
    impatient: CrtRustClient::new,
    differences: DIFFERENCES,
    knows_of_open_uploads: |client: &CrtRustClient| client.ledger.open_uploads() > 0,
}

async fn client(server: &TestServer) -> CrtRustClient {
    CrtRustClient::new(&server.settings(None)).await.unwrap()
}

#[tokio::test]
async fn every_checksum_is_sent() {
    let server = TestServer::start().await;
    for checksum in Checksum::ALL {
        let client = CrtRustClient::new(&server.settings(Some(checksum))).await.unwrap();
        for (size, place) in [(100, ChecksumPlace::Header), (20 << 20, ChecksumPlace::Trailer)] {
            assert_eq!(run(&client, &job(Operation::Upload, "upload/sum", size)).await, Ok(size), "{checksum}");
            let records = server.take_records().await;
            for record in records.iter().filter(|record| ["PutObject", "UploadPart"].contains(&&*record.operation)) {
                let algorithm = record.checksum_algorithm.map(embedded_s3::ChecksumAlgorithm::name);
                assert_eq!((algorithm, record.checksum_place), (Some(checksum.as_str()), Some(place)), "{record:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_upload_in_parts_fails_with_the_cause_of_its_request() {
    let server = TestServer::start().await;
    let client = client(&server).await;
    let large = job(Operation::Upload, "upload/throttled parts", 20 << 20);
    server.misbehave(FaultRule::always(FaultKind::SlowDown).on("UploadPart")).await;
    let failure = run(&client, &large).await.unwrap_err();
    assert_eq!((failure.kind, failure.http_status), (ErrorKind::Throttled, Some(503)), "{failure}");
    server.misbehave(FaultRule::always(FaultKind::SlowDown).on("CreateMultipartUpload")).await;
    let failure = run(&client, &large).await.unwrap_err();
    assert_eq!((failure.kind, failure.http_status), (ErrorKind::Throttled, Some(503)), "{failure}");
    assert_eq!((client.abort().await, server.open_uploads().await), (0, 0), "the CRT aborts by itself");
}
