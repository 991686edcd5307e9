//! The client against the embedded server: what it really sends and leaves behind.

use embedded_s3::admin::ChecksumPlace;
use object_store::BackoffConfig;
use std::time::Duration;
use workload_schema::record::ErrorKind;

use super::*;
use crate::native::contract::{self, Differences};
use crate::native::testing::{TestServer, job, run};

const DIFFERENCES: Differences = Differences {
    asks_beyond_the_end: false,
    connections_for_three: 3,
    residency: BufferResidency::Streamed,
    counts_broken_bodies: true,
    short_download: Err(ErrorKind::Integrity),
};

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
    let client = ObjectStoreClient::new(&contract::tuned(&server)).await.unwrap();
    contract::tuned_values_are_in_force(&server, &client, &DIFFERENCES).await;
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
    contract::retries_are_counted(&server, &impatient(&server).await).await;
}

#[tokio::test]
async fn broken_bodies_are_read_again_from_where_they_broke_off() {
    let server = TestServer::start().await;
    contract::broken_bodies_are_read_again(&server, &impatient(&server).await, &DIFFERENCES).await;
}

#[tokio::test]
async fn failures_are_told_apart() {
    let server = TestServer::start().await;
    let denied = ObjectStoreClient::new(&contract::denied(&server)).await.unwrap();
    contract::failures_are_told_apart(&client(&server).await, &denied, &DIFFERENCES).await;
}

#[tokio::test]
async fn a_stopped_upload_is_aborted() {
    let server = TestServer::start().await;
    let client = client(&server).await;
    contract::a_stopped_upload_is_aborted(&server, &client, || !client.shared.open_uploads.is_empty()).await;
}
