//! The client against the embedded server: what it really sends and leaves behind.

use embedded_s3::admin::{ChecksumPlace, FaultKind, FaultRule};
use workload_schema::event::BufferResidency;
use workload_schema::record::ErrorKind;

use super::*;
use crate::native::contract::{self, Differences};
use crate::native::testing::{TestServer, job, run};

const DIFFERENCES: Differences = Differences {
    asks_beyond_the_end: true,
    // The CRT makes no fewer.
    connections_for_three: 10,
    residency: BufferResidency::Part,
    counts_broken_bodies: true,
    short_download: Ok(10),
};

async fn client(server: &TestServer) -> CrtRustClient {
    CrtRustClient::new(&server.settings(None)).await.unwrap()
}

#[tokio::test]
async fn objects_of_every_size_come_back_as_they_went() {
    let server = TestServer::start().await;
    contract::round_trips(&server, &client(&server).await, &DIFFERENCES).await;
}

#[tokio::test]
async fn without_a_checksum_none_is_sent_and_ranges_cover_the_object_once() {
    let server = TestServer::start().await;
    contract::ranges_cover_once(&server, &client(&server).await).await;
}

#[tokio::test]
async fn what_is_tuned_is_in_force() {
    let server = TestServer::start().await;
    let client = CrtRustClient::new(&contract::tuned(&server)).await.unwrap();
    contract::tuned_values_are_in_force(&server, &client, &DIFFERENCES).await;
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
    contract::retries_are_counted(&server, &client(&server).await).await;
}

#[tokio::test]
async fn broken_bodies_are_read_again_from_where_they_broke_off() {
    let server = TestServer::start().await;
    contract::broken_bodies_are_read_again(&server, &client(&server).await, &DIFFERENCES).await;
}

#[tokio::test]
async fn failures_are_told_apart() {
    let server = TestServer::start().await;
    let denied = CrtRustClient::new(&contract::denied(&server)).await.unwrap();
    contract::failures_are_told_apart(&client(&server).await, &denied, &DIFFERENCES).await;
}

#[tokio::test]
async fn a_stopped_upload_is_aborted() {
    let server = TestServer::start().await;
    let client = client(&server).await;
    contract::a_stopped_upload_is_aborted(&server, &client, || client.ledger.open_uploads() > 0).await;
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
