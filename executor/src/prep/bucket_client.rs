//! The bucket to prepare and how to reach it.

use aws_sdk_s3::Client;
use workload_schema::{BucketName, Gbps};

use crate::store::{Ready, Store};
use s3_clients::endpoint::{Connection, RequestCounter};

/// Throughput that one connection is taken to carry (contract 5).
const GBPS_A_CONNECTION: f64 = 0.4;
/// Fewest and most concurrent requests, for any target throughput: fewer do not hide latency, more gain nothing.
const CONCURRENCY: std::ops::RangeInclusive<usize> = 10..=64;

/// A bucket with a client for it.
#[derive(Debug)]
pub struct BucketClient {
    /// Client of the store.
    pub s3: Client,
    /// The bucket.
    pub bucket: BucketName,
    /// The region to make it in.
    pub region: String,
    /// A name of the store for people.
    pub label: String,
    /// Concurrent requests.
    pub concurrency: usize,
    /// Counts the requests of `s3`.
    pub counter: RequestCounter,
    /// The admin calls of the embedded server, if that is the store.
    pub embedded: Option<Ready>,
}

impl BucketClient {
    /// The bucket of `target`, used with the concurrency that `throughput` asks for.
    pub async fn of(target: &Store, throughput: Gbps) -> Self {
        let embedded = target.embedded.as_ref().map(|server| server.ready().clone());
        Self::at(&target.connection, target.bucket.clone(), throughput, embedded).await
    }

    /// The `bucket` that `connection` reaches; `embedded` if that is the embedded server.
    pub async fn at(connection: &Connection, bucket: BucketName, throughput: Gbps, embedded: Option<Ready>) -> Self {
        let counter = RequestCounter::default();
        Self {
            s3: connection.s3(&counter).await,
            bucket,
            region: connection.region.clone(),
            label: connection.label(),
            concurrency: concurrency(throughput),
            counter,
            embedded,
        }
    }

    /// Whether the bucket is a directory bucket (S3 Express).
    pub fn is_directory_bucket(&self) -> bool {
        self.bucket.availability_zone().is_some()
    }
}

fn concurrency(throughput: Gbps) -> usize {
    let (least, most) = (*CONCURRENCY.start() as f64, *CONCURRENCY.end() as f64);
    let connections = (throughput.get() / GBPS_A_CONNECTION).ceil().clamp(least, most);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 10..=64")]
    let connections = connections as usize;
    connections
}
