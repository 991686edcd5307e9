//! The client against the embedded server: what it really sends and leaves behind.

use embedded_s3::admin::ChecksumPlace;
use object_store::BackoffConfig;
use std::time::Duration;
use workload_schema::ErrorKind;
use workload_schema::Operation;

use super::*;
use crate::native::Client;
use crate::native::contract::{Differences, suite};
use crate::native::testing::{TestServer, job, run};

const DIFFERENCES: Differences = Differences {
    asks_beyond_the_end: false,
    connections_for_three: 3,
    residency: BufferResidency::Streamed,
    retries_of_a_broken_body: Some(1),
    short_download: Err(ErrorKind::Integrity),
};

suite! {
    client: ObjectStoreClient::new,
    impatient: impatient,
    differences: DIFFERENCES,
    knows_of_open_uploads: |client: &ObjectStoreClient| !client.shared.open_uploads.is_empty(),
}

/// A client that gives up after one retry, at once.
async fn impatient(settings: &ClientSettings) -> Result<ObjectStoreClient, MakeError> {
    let backoff =
        BackoffConfig { init_backoff: Duration::from_millis(1), max_backoff: Duration::from_millis(2), base: 2.0 };
    let retries = RetryConfig { max_retries: 1, backoff, ..RetryConfig::default() };
    ObjectStoreClient::with_retries(settings, retries).await
}

#[tokio::test]
async fn every_declared_checksum_is_sent_in_a_header() {
    let server = TestServer::start().await;
    for checksum in Checksum::ALL {
        let declared = crate::native::object_store::DECLARATION.declaration.capabilities.sends;
        assert_eq!(known_to_the_crate(checksum).is_some(), declared.contains(&checksum), "{checksum}");
    }
    for checksum in [Checksum::Sha256, Checksum::Crc64nvme] {
        let client = ObjectStoreClient::new(&server.settings(Some(checksum))).await.unwrap();
        assert_eq!(client.hello().checksum_placement, Some(ChecksumPlacement::Header));
        for size in [100, 20 << 20] {
            assert_eq!(run(&client, &job(Operation::Upload, "upload/sum", size)).await, Ok(size), "{checksum}");
        }
        let records = server.take_records().await;
        let bodies = records.iter().filter(|record| ["PutObject", "UploadPart"].contains(&&*record.operation));
        for record in bodies {
            let algorithm = record.checksum_algorithm.map(embedded_s3::ChecksumAlgorithm::name);
            let expected = (Some(checksum.as_str()), Some(ChecksumPlace::Header));
            assert_eq!((algorithm, record.checksum_place), expected, "{record:?}");
        }
    }
}
