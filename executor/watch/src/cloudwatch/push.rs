//! Batches sent to CloudWatch: signed, and sent again where CloudWatch said that it did not take them.
//!
//! What is never answered is not sent again: it may have been taken, and would count twice.

use std::time::{Duration, SystemTime};

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_types::body::SdkBody;
use http::header::CONTENT_TYPE;
use http_body_util::BodyExt;

use super::batch::Batch;
use super::query;
use s3_clients::endpoint::{Connection, error_chain};

/// The variable that names another endpoint. `AWS_ENDPOINT_URL` does not count: in front of wlx it names an S3 store.
pub const ENDPOINT_VARIABLE: &str = "AWS_ENDPOINT_URL_CLOUDWATCH";
/// For one attempt.
const LIMIT: Duration = Duration::from_secs(30);
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
    /// Whether it was refused for now: another may succeed.
    passing: bool,
}

impl Attempt {
    fn lasting(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), passing: false }
    }
}

impl Pusher {
    /// Pushes with the credentials of `connection`, to its region. `endpoint` replaces that of the region. Nothing is sent
    /// yet.
    pub async fn new(connection: &Connection, endpoint: Option<&str>) -> Self {
        let region = connection.region.clone();
        let endpoint = endpoint.map_or_else(|| endpoint_of(&region), |url| url.trim_end_matches('/').to_owned());
        // Credentials alone: the endpoint of S3, if one is set, has nothing to do with this.
        let account = Connection { endpoint_url: None, ..connection.clone() };
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
            let answer = self.connector.call(request).await.map_err(|error| Attempt::lasting(error_chain(&error)))?;
            let status = answer.status();
            let body = answer.into_body().collect().await.map_err(|error| Attempt::lasting(error.to_string()))?;
            Ok((status.as_u16(), body.to_bytes()))
        };
        let (status, body) = tokio::time::timeout(LIMIT, answer)
            .await
            .map_err(|_| Attempt::lasting(format!("no answer within {} s", LIMIT.as_secs())))??;
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

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::super::batch::Sample;
    use super::*;

    /// Pushes to a server that answers so, one after the other; how it went, and how many requests came.
    async fn push_to(answers: &[&str]) -> (Result<(), PushError>, usize) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
        let server = tokio::spawn(async move {
            let mut requests = 0;
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut seen = Vec::new();
                // The last field of the last metric ends the body.
                while !seen.ends_with(b"S3Standard") {
                    assert_ne!(stream.read_buf(&mut seen).await.unwrap(), 0, "the request is whole");
                }
                stream.write_all(answers[requests].as_bytes()).await.unwrap();
                requests += 1;
                if requests == answers.len() {
                    return (requests, listener);
                }
            }
        });
        let pusher = Pusher {
            endpoint,
            region: "us-east-1".to_owned(),
            credentials: Some(SharedCredentialsProvider::new(Credentials::new("id", "secret", None, None, "test"))),
            connector: Connector::builder().build_http(),
        };
        let dimensions = ["S3Client", "InstanceType", "Branch", "Workload", "StorageClass"];
        let batch = Batch {
            dimensions: dimensions.map(|name| (name, "S3Standard".to_owned())),
            samples: vec![Sample { at: SystemTime::UNIX_EPOCH, gbps: 1.0, seconds: 1.0 }],
        };
        let result = pusher.push(&batch).await;
        // One more would be waiting to be accepted.
        let (requests, listener) = server.await.unwrap();
        let more = tokio::time::timeout(Duration::from_millis(1), listener.accept()).await;
        (result, requests + usize::from(more.is_ok()))
    }

    fn answer(status: &str, body: &str) -> String {
        format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    }

    #[tokio::test]
    async fn what_is_refused_for_now_is_sent_again() {
        let throttled =
            "<ErrorResponse><Error><Code>Throttling</Code><Message>slower</Message></Error></ErrorResponse>";
        let no = [answer("503 Service Unavailable", ""), answer("400 Bad Request", throttled)];
        let good = answer("200 OK", "");
        let (pushed, requests) = push_to(&[&no[0], &no[1], &good]).await;
        assert!(pushed.is_ok() && requests == 3, "{pushed:?} after {requests}");
        let (pushed, requests) = push_to(&[&no[1], &no[0], &no[1]]).await;
        let error = pushed.expect_err("three attempts are enough").to_string();
        assert!(error.ends_with(": HTTP 400 Throttling slower") && requests == 3, "{error} after {requests}");
    }

    #[tokio::test]
    async fn what_is_refused_for_good_or_never_answered_is_not() {
        let denied = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
        let (pushed, requests) = push_to(&[&answer("403 Forbidden", denied)]).await;
        let error = pushed.expect_err("denied").to_string();
        assert!(error.ends_with(": HTTP 403 AccessDenied no") && requests == 1, "{error} after {requests}");
        let (pushed, requests) = push_to(&[""]).await;
        assert!(pushed.is_err() && requests == 1, "it may have been taken: {pushed:?} after {requests}");
    }
}
