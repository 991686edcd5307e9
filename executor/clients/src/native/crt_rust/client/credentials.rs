//! Where the CRT takes its credentials from: known ones, a profile, or its own chain, which follows the one of AWS and
//! refreshes what expires.

use mountpoint_s3_client::config::{
    Allocator, CredentialsProvider, CredentialsProviderStaticOptions, S3ClientAuthConfig,
};

use crate::endpoint::{Connection, StaticCredentials};
use crate::native::MakeError;

/// The source for `connection`.
pub fn of(connection: &Connection) -> Result<S3ClientAuthConfig, MakeError> {
    match (&connection.credentials, &connection.profile) {
        (Some(StaticCredentials { access_key_id, secret_access_key }), _) => {
            let options = CredentialsProviderStaticOptions { access_key_id, secret_access_key, session_token: None };
            let provider = CredentialsProvider::new_static(&Allocator::default(), options)
                .map_err(|error| MakeError::Fail(format!("crt-rust: credentials: {error}")))?;
            Ok(S3ClientAuthConfig::Provider(provider))
        }
        (None, Some(profile)) => Ok(S3ClientAuthConfig::Profile(profile.clone())),
        (None, None) => Ok(S3ClientAuthConfig::Default),
    }
}
