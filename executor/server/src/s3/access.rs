//! Who may make requests (the owner of one pair of credentials), and which bucket a `Host` header names.

use s3s::{
    S3Error, S3ErrorCode, S3Result,
    auth::{S3Auth, SecretKey},
    host::{S3Host, VirtualHost},
};

use crate::config::Credentials;

/// The one access key of this server.
pub(super) struct OneKey(pub Credentials);

#[async_trait::async_trait]
impl S3Auth for OneKey {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        if access_key == self.0.access_key {
            return Ok(SecretKey::from(self.0.secret_key.as_str()));
        }
        let message = "The AWS Access Key Id you provided does not exist in our records.";
        Err(S3Error::with_message(S3ErrorCode::InvalidAccessKeyId, message))
    }
}

/// How `Host` headers are read: `BUCKET.localhost[:PORT]` names a bucket, and with every other host the bucket is in the
/// path.
pub(crate) struct LoopbackHost;

impl LoopbackHost {
    /// The bucket that `host` names, if it names one.
    pub(crate) fn bucket(host: &str) -> Option<&str> {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        name.strip_suffix(".localhost").filter(|bucket| !bucket.is_empty())
    }
}

impl S3Host for LoopbackHost {
    fn parse_host_header<'a>(&'a self, host: &'a str) -> S3Result<VirtualHost<'a>> {
        let virtual_host = VirtualHost::new("localhost");
        Ok(match Self::bucket(host) {
            Some(bucket) => virtual_host.with_bucket(bucket),
            None => virtual_host,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_subdomains_of_localhost_name_a_bucket() {
        assert_eq!(LoopbackHost::bucket("b.localhost:80"), Some("b"));
        assert_eq!(LoopbackHost::bucket("a.b.localhost"), Some("a.b"));
        assert_eq!(LoopbackHost::bucket("localhost:80"), None);
        assert_eq!(LoopbackHost::bucket("127.0.0.1:80"), None);
    }
}
