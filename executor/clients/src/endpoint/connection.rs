//! How to reach a store: endpoint, region and credentials, as values, as a child's environment and as an SDK client.

use std::fmt;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::{
    Credentials, RequestChecksumCalculation, ResponseChecksumValidation, SharedCredentialsProvider, SharedHttpClient,
    StalledStreamProtectionConfig,
};
use aws_smithy_http_client::{Builder, tls};

use super::RequestCounter;

/// Credentials that are known as such, not looked up. `Debug` masks the secret.
#[derive(Clone)]
pub struct StaticCredentials {
    /// Access key id.
    pub access_key_id: String,
    /// Secret access key.
    pub secret_access_key: String,
}

impl fmt::Debug for StaticCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StaticCredentials({}, ***)", self.access_key_id)
    }
}

/// How to reach a store. Without static credentials the usual AWS chain is asked.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Endpoint URL; none means AWS.
    pub endpoint_url: Option<String>,
    /// Region.
    pub region: String,
    /// Profile of the AWS configuration.
    pub profile: Option<String>,
    /// Credentials that override the chain.
    pub credentials: Option<StaticCredentials>,
}

impl Connection {
    /// What a runner finds in its environment (contract 4).
    pub fn from_environment(region: &str) -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            endpoint_url: variable("AWS_ENDPOINT_URL_S3").or_else(|| variable("AWS_ENDPOINT_URL")),
            region: region.to_owned(),
            profile: None,
            credentials: None,
        }
    }

    /// The variables that tell a child process of this store: values to set, or names to remove (`None`).
    pub fn environment(&self) -> Vec<(&'static str, Option<String>)> {
        let mut variables =
            vec![("AWS_REGION", Some(self.region.clone())), ("AWS_DEFAULT_REGION", Some(self.region.clone()))];
        if let Some(endpoint) = &self.endpoint_url {
            variables.push(("AWS_ENDPOINT_URL", Some(endpoint.clone())));
            variables.push(("AWS_ENDPOINT_URL_S3", Some(endpoint.clone())));
        }
        if let Some(profile) = &self.profile {
            variables.push(("AWS_PROFILE", Some(profile.clone())));
        }
        if let Some(credentials) = &self.credentials {
            variables.push(("AWS_ACCESS_KEY_ID", Some(credentials.access_key_id.clone())));
            variables.push(("AWS_SECRET_ACCESS_KEY", Some(credentials.secret_access_key.clone())));
            variables.push(("AWS_EC2_METADATA_DISABLED", Some("true".to_owned())));
            variables.extend(["AWS_SESSION_TOKEN", "AWS_PROFILE"].map(|name| (name, None)));
        }
        variables
    }

    /// Whether requests travel without TLS.
    pub fn is_plain_http(&self) -> bool {
        self.endpoint_url.as_deref().is_some_and(|url| url.starts_with("http://"))
    }

    /// A name for people: the endpoint, or `AWS REGION`.
    pub fn label(&self) -> String {
        self.endpoint_url.clone().unwrap_or_else(|| format!("AWS {}", self.region))
    }

    /// An SDK client for this store that counts its requests in `counter`.
    ///
    /// Checksums are sent and validated only where an operation asks for one: the SDK's default CRC32 on every
    /// upload would be work that the workload does not ask for. Stalled-stream protection is off, as it takes
    /// throttled local stores for stalled ones.
    pub async fn s3(&self, counter: &RequestCounter) -> aws_sdk_s3::Client {
        let shared = self.sdk_config().await;
        let config = aws_sdk_s3::config::Builder::from(&shared)
            .http_client(self.data_http_client())
            .force_path_style(self.endpoint_url.is_some())
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .interceptor(counter.clone())
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }

    /// Where credentials come from: those that are known, else the AWS chain.
    pub async fn credentials(&self) -> Option<SharedCredentialsProvider> {
        self.sdk_config().await.credentials_provider()
    }

    async fn sdk_config(&self) -> SdkConfig {
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(https_client())
            .region(Region::new(self.region.clone()));
        if let Some(profile) = &self.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(endpoint) = &self.endpoint_url {
            loader = loader.endpoint_url(endpoint);
        }
        if let Some(StaticCredentials { access_key_id, secret_access_key }) = &self.credentials {
            loader = loader.credentials_provider(Credentials::new(access_key_id, secret_access_key, None, None, "wlx"));
        }
        loader.load().await
    }

    fn data_http_client(&self) -> SharedHttpClient {
        if self.is_plain_http() { Builder::new().build_http() } else { https_client() }
    }
}

fn https_client() -> SharedHttpClient {
    Builder::new().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring)).build_https()
}
