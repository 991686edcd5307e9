//! Credentials of the usual AWS chain for the crate, whose own chain knows no profiles.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_sdk_s3::config::{ProvideCredentials, SharedCredentialsProvider};
use object_store::CredentialProvider;
use object_store::aws::AwsCredential;
use tokio::sync::RwLock;

use crate::endpoint::Connection;

/// Credentials are asked for again so long before they expire: a request and its retries must end before.
const EARLY: Duration = Duration::from_mins(5);

/// The chain, and what it answered last.
#[derive(Debug)]
pub struct ChainCredentials {
    chain: SharedCredentialsProvider,
    kept: RwLock<Option<Kept>>,
}

#[derive(Debug)]
struct Kept {
    credential: Arc<AwsCredential>,
    until: Option<SystemTime>,
}

impl Kept {
    fn fresh(kept: Option<&Self>) -> Option<Arc<AwsCredential>> {
        let kept = kept?;
        kept.until.is_none_or(|until| SystemTime::now() < until).then(|| Arc::clone(&kept.credential))
    }
}

impl ChainCredentials {
    /// The chain of `connection`.
    pub async fn of(connection: &Connection) -> Option<Self> {
        Some(Self { chain: connection.credentials().await?, kept: RwLock::default() })
    }
}

#[async_trait]
impl CredentialProvider for ChainCredentials {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        if let Some(credential) = Kept::fresh(self.kept.read().await.as_ref()) {
            return Ok(credential);
        }
        let mut kept = self.kept.write().await;
        if let Some(credential) = Kept::fresh(kept.as_ref()) {
            return Ok(credential);
        }
        let given = self
            .chain
            .provide_credentials()
            .await
            .map_err(|error| object_store::Error::Unauthenticated { path: String::new(), source: Box::new(error) })?;
        let credential = Arc::new(AwsCredential {
            key_id: given.access_key_id().to_owned(),
            secret_key: given.secret_access_key().to_owned(),
            token: given.session_token().map(str::to_owned),
        });
        *kept = Some(Kept { credential: Arc::clone(&credential), until: given.expiry().map(|expiry| expiry - EARLY) });
        Ok(credential)
    }
}
