//! Batches sent to CloudWatch: signed, and sent again where that may help.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::config::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_types::body::SdkBody;
use http::header::CONTENT_TYPE;
use http_body_util::BodyExt;

use super::batch::Batch;
use super::query;
use crate::settings::Settings;
use crate::target::{Connection, error_chain};

/// The variable that names another endpoint. `AWS_ENDPOINT_URL` does not count: in front of wlx it names an S3 store.
pub const ENDPOINT_VARIABLE: &str = "AWS_ENDPOINT_URL_CLOUDWATCH";
/// For one attempt.
const LIMIT: Duration = Duration::from_secs(10);
/// Pauses before further attempts. Nothing is lost that is not pushed, so they are few.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];
/// What CloudWatch calls these.
const SERVICE: &str = "monitoring";

/// A push that failed.
#[derive(Debug, thiserror::Error)]
#[error("cannot push to CloudWatch at {endpoint}: {reason}")]
pub struct PushError {
    /// Where to.
    endpoint: String,
    /// The service's words, or the network's.
    reason: String,
}

/// Pushes to one account and region, found by the usual AWS chain.
#[derive(Debug)]
pub struct Pusher {
    endpoint: String,
    region: String,
    credentials: Option<SharedCredentialsProvider>,
    connector: Connector,
}

/// An attempt that failed.
struct Attempt {
    reason: String,
    /// Whether another may succeed.
    passing: bool,
}

impl Attempt {
    fn passing(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), passing: true }
    }

    fn lasting(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), passing: false }
    }
}

impl Pusher {
    /// Asks nobody yet. `endpoint` replaces that of the region.
    pub async fn new(settings: &Settings, endpoint: Option<&str>) -> Self {
        let region = settings.region.value.clone();
        let endpoint = endpoint.map_or_else(|| endpoint_of(&region), |url| url.trim_end_matches('/').to_owned());
        // Credentials alone: the endpoint of S3, if one is set, has nothing to do with this.
        let account = Connection { endpoint_url: None, ..Connection::configured(settings) };
        let https = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
        Self {
            connector: Connector::builder().tls_provider(https).build(),
            credentials: account.credentials().await,
            endpoint,
            region,
        }
    }

    /// Pushes two metrics for each sample.
    pub async fn push(&self, batch: &Batch) -> Result<(), PushError> {
        for form in query::forms(batch) {
            let mut pauses = PAUSES.iter();
            while let Err(attempt) = self.attempt(&form).await {
                match pauses.next() {
                    Some(pause) if attempt.passing => tokio::time::sleep(*pause).await,
                    _ => return Err(PushError { endpoint: self.endpoint.clone(), reason: attempt.reason }),
                }
            }
        }
        Ok(())
    }

    async fn attempt(&self, form: &str) -> Result<(), Attempt> {
        let request = self.signed(form).await?;
        let request = request.try_into().map_err(|error| Attempt::lasting(error_chain(&error)))?;
        let answer = async {
            let answer = self.connector.call(request).await.map_err(|error| Attempt::passing(error_chain(&error)))?;
            let status = answer.status();
            let body = answer.into_body().collect().await.map_err(|error| Attempt::passing(error.to_string()))?;
            Ok((status.as_u16(), body.to_bytes()))
        };
        let (status, body) = tokio::time::timeout(LIMIT, answer)
            .await
            .map_err(|_| Attempt::passing(format!("no answer within {} s", LIMIT.as_secs())))??;
        if (200..300).contains(&status) {
            return Ok(());
        }
        let (code, message) = query::error(&body).unwrap_or_default();
        Err(Attempt {
            passing: status >= 500 || status == 429 || code.starts_with("Throttling"),
            reason: format!("HTTP {status} {code} {message}").trim_end().to_owned(),
        })
    }

    async fn signed(&self, form: &str) -> Result<http::Request<SdkBody>, Attempt> {
        let no_credentials = |why: String| Attempt::lasting(format!("no credentials: {why}"));
        let provider = self.credentials.as_ref().ok_or_else(|| no_credentials("none are configured".to_owned()))?;
        let credentials =
            provider.provide_credentials().await.map_err(|error| no_credentials(error_chain(&error)))?.into();
        let url = format!("{}/", self.endpoint);
        let params = SigningParams::builder()
            .identity(&credentials)
            .region(&self.region)
            .name(SERVICE)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| Attempt::lasting(error_chain(&error)))?
            .into();
        let form_type = "application/x-www-form-urlencoded; charset=utf-8";
        let headers = [(CONTENT_TYPE.as_str(), form_type)];
        let signable = SignableRequest::new("POST", &url, headers.into_iter(), SignableBody::Bytes(form.as_bytes()))
            .map_err(|error| Attempt::lasting(error_chain(&error)))?;
        let (instructions, _) =
            sign(signable, &params).map_err(|error| Attempt::lasting(error_chain(&error)))?.into_parts();
        let mut request = http::Request::post(&url)
            .header(CONTENT_TYPE, form_type)
            .body(SdkBody::from(form))
            .map_err(|error| Attempt::lasting(error_chain(&error)))?;
        instructions.apply_to_request_http1x(&mut request);
        Ok(request)
    }
}

fn endpoint_of(region: &str) -> String {
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("https://{SERVICE}.{region}.{domain}")
}
