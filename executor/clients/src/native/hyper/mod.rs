//! The client `hyper`: the least that S3 needs, no SDK. Bare hyper and Signature V4, for the most load per core.
//!
//! Parts of 8 MiB, multipart upload, ranged parallel download, checksums in headers, up to three attempts.
//! Deliberately absent: redirects to other regions, directory buckets, presigned URLs, proxies, any cleverness about keys.

mod address;
mod body;
mod checksum;
mod connection;
mod declaration;
mod download;
mod requests;
mod signer;
#[cfg(test)]
mod tests;
mod transfer;
mod upload;
mod wire;
mod xml;

use rustls::RootCertStore;
use workload_schema::event::{BufferResidency, ChecksumPlacement, Hello};

use self::connection::system_roots;
use self::requests::HyperRequests;
use super::transfer::TransferClient;
use super::{ClientSettings, MakeError, crate_version};

pub use declaration::DECLARATION;

/// The client over bare hyper.
pub type HyperClient = TransferClient<HyperRequests>;

impl HyperClient {
    /// A client for the store and concurrency of `settings`.
    pub async fn new(settings: &ClientSettings) -> Result<Self, MakeError> {
        let plain = settings.connection.is_plain_http();
        Self::trusting(if plain { RootCertStore::empty() } else { system_roots() }, settings).await
    }

    async fn trusting(roots: RootCertStore, settings: &ClientSettings) -> Result<Self, MakeError> {
        Ok(Self::of(HyperRequests::trusting(roots, settings).await?, settings, hello(settings)))
    }
}

fn hello(settings: &ClientSettings) -> Hello {
    Hello {
        checksum_placement: Some(match settings.checksum {
            Some(_) => ChecksumPlacement::Header,
            None => ChecksumPlacement::None,
        }),
        buffer_residency: Some(if settings.files_on_disk { BufferResidency::Part } else { BufferResidency::Streamed }),
        ..settings.hello("hyper", &crate_version::HYPER)
    }
}
