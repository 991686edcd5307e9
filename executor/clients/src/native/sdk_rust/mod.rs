//! The client `sdk-rust`: crate aws-sdk-s3 as its makers recommend it for throughput. Parts of 8 MiB,
//! multipart upload, ranged parallel download, as many requests in flight as the target throughput asks for.

mod declaration;
mod download;
mod requests;
#[cfg(test)]
mod tests;
mod transfer;
mod upload;

use workload_schema::event::{BufferResidency, ChecksumPlacement, Hello};

use self::requests::SdkRequests;
use super::transfer::TransferClient;
use super::{ClientSettings, MakeError};

pub use declaration::DECLARATION;

/// The client over crate aws-sdk-s3.
pub type SdkRustClient = TransferClient<SdkRequests>;

impl SdkRustClient {
    /// A client for the store and concurrency of `settings`.
    pub async fn new(settings: &ClientSettings) -> Result<Self, MakeError> {
        Ok(Self::of(SdkRequests::new(settings).await, settings, hello(settings)))
    }
}

fn hello(settings: &ClientSettings) -> Hello {
    let version = format!("aws-sdk-s3 {}", aws_sdk_s3::meta::PKG_VERSION);
    Hello {
        checksum_placement: Some(match settings.checksum {
            Some(_) => ChecksumPlacement::Trailer,
            None => ChecksumPlacement::None,
        }),
        buffer_residency: Some(if settings.files_on_disk { BufferResidency::Part } else { BufferResidency::Streamed }),
        ..settings.hello("sdk-rust", &version)
    }
}
