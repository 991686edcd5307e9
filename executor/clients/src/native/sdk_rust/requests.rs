//! What every request needs: the SDK's client, made for the workload.

use aws_sdk_s3::config::RequestChecksumCalculation;
use workload_schema::Checksum;

use crate::endpoint::RequestCounter;
use crate::native::ClientSettings;

/// The SDK's client and what it is used with.
#[derive(Debug)]
pub struct SdkRequests {
    pub(super) s3: aws_sdk_s3::Client,
    pub(super) bucket: String,
    pub(super) checksum: Option<Checksum>,
    pub(super) counter: RequestCounter,
}

impl SdkRequests {
    /// Requests to the bucket of `settings`.
    pub async fn new(settings: &ClientSettings) -> Self {
        let counter = RequestCounter::default();
        Self {
            s3: sending(settings.checksum, settings.connection.s3(&counter).await),
            bucket: settings.bucket.as_str().to_owned(),
            checksum: settings.checksum,
            counter,
        }
    }

    /// The workload's checksum in the SDK's words.
    pub(super) fn algorithm(&self) -> Option<aws_sdk_s3::types::ChecksumAlgorithm> {
        self.checksum.map(|checksum| checksum.as_str().into())
    }
}

/// The client with checksums on its uploads where the workload wants one.
///
/// A connection's client sends them only where S3 requires one, and then drops even an algorithm that is set.
fn sending(checksum: Option<Checksum>, s3: aws_sdk_s3::Client) -> aws_sdk_s3::Client {
    if checksum.is_none() {
        return s3;
    }
    let config = s3.config().to_builder().request_checksum_calculation(RequestChecksumCalculation::WhenSupported);
    aws_sdk_s3::Client::from_conf(config.build())
}
