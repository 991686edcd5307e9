//! Answers the admin calls.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use s3s::{Body, path::check_bucket_name};
use serde::{Serialize, de::DeserializeOwned};
use subtle::ConstantTimeEq;

use super::{DeclareRequest, DeclareResponse, Failure, FaultsRequest, RecordingRequest, RecordsRequest, Status};
use crate::{
    fault::Faults,
    recorder::Recorder,
    store::{Store, StoreError},
};

/// Where the admin calls are; no bucket can have that name.
pub(crate) const PREFIX: &str = "/_admin/";

/// A million declared objects with long keys fit.
const MAX_REQUEST: usize = 1 << 30;

/// What recorded requests are bounded by if nothing else was asked for.
const DEFAULT_CAPACITY: usize = 250_000;

/// The part of the server that answers admin calls.
pub(crate) struct Admin {
    pub store: Arc<Store>,
    pub recorder: Arc<Recorder>,
    pub faults: Arc<Faults>,
    pub token: String,
}

/// A refusal with its status.
struct Refusal(StatusCode, String);

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let status = match error {
            StoreError::Io(_) => StatusCode::INSUFFICIENT_STORAGE,
            _ => StatusCode::NOT_FOUND,
        };
        Self(status, error.to_string())
    }
}

impl Admin {
    pub(crate) async fn handle<B>(&self, request: http::Request<B>) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes>,
        B::Error: Into<s3s::StdError>,
    {
        let (head, body) = request.into_parts();
        let answer = if self.is_allowed(&head.headers) {
            self.dispatch(&head.method, head.uri.path().trim_start_matches(PREFIX), body).await
        } else {
            Err(Refusal(StatusCode::FORBIDDEN, "the admin token is missing or wrong".to_owned()))
        };
        let (status, body) = match answer {
            Ok(body) => (StatusCode::OK, body),
            Err(Refusal(status, error)) => (status, serde_json::to_vec(&Failure { error }).unwrap_or_default()),
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
        response
    }

    fn is_allowed(&self, headers: &HeaderMap) -> bool {
        let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
        sent.is_some_and(|sent| sent.ct_eq(self.token.as_bytes()).into())
    }

    async fn dispatch<B>(&self, method: &Method, name: &str, body: B) -> Result<Vec<u8>, Refusal>
    where
        B: http_body::Body<Data = Bytes>,
        B::Error: Into<s3s::StdError>,
    {
        match (method.as_str(), name) {
            ("POST", "declare") => encode(&self.declare(read(body).await?).await?),
            ("POST", "recording") => {
                let request: RecordingRequest = read(body).await?;
                self.recorder.set(request.enabled.then(|| request.capacity.unwrap_or(DEFAULT_CAPACITY)));
                encode(&serde_json::Map::new())
            }
            ("POST", "records") => {
                let request: RecordsRequest = read(body).await?;
                encode(&self.recorder.take(request.clear))
            }
            ("POST", "faults") => {
                let request: FaultsRequest = read(body).await?;
                self.faults.set(request.rules).map_err(|message| Refusal(StatusCode::BAD_REQUEST, message))?;
                encode(&self.faults.report())
            }
            ("GET", "faults") => encode(&self.faults.report()),
            ("GET", "status") => encode(&self.status()),
            _ => Err(Refusal(StatusCode::NOT_FOUND, format!("there is no admin call {method} {name}"))),
        }
    }

    async fn declare(&self, request: DeclareRequest) -> Result<DeclareResponse, Refusal> {
        check_names(&request)?;
        let store = Arc::clone(&self.store);
        let declared = tokio::task::spawn_blocking(move || {
            if let Some(bucket) = &request.ensure_bucket {
                match store.create_bucket(bucket) {
                    Ok(()) | Err(StoreError::BucketExists) => {}
                    Err(error) => return Err(error),
                }
            }
            let declared = store.declare(&request.objects)?;
            Ok(DeclareResponse { declared, kept: request.objects.len() - declared })
        });
        let failed = |error: tokio::task::JoinError| Refusal(StatusCode::INTERNAL_SERVER_ERROR, error.to_string());
        Ok(declared.await.map_err(failed)??)
    }

    fn status(&self) -> Status {
        Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            process: std::process::id(),
            recording: self.recorder.is_on(),
            under_way: self.recorder.under_way(),
            fault_rules: self.faults.report().rules.len(),
        }
    }
}

/// S3 has the same bounds for a key in bytes.
const MAX_KEY: usize = 1024;

/// Refuses names that no S3 request could have.
fn check_names(request: &DeclareRequest) -> Result<(), Refusal> {
    let invalid = |what: String| Err(Refusal(StatusCode::BAD_REQUEST, what));
    if let Some(bucket) = request.ensure_bucket.as_deref().filter(|bucket| !check_bucket_name(bucket)) {
        return invalid(format!("{bucket} cannot be the name of a bucket"));
    }
    match request.objects.iter().find(|object| object.key.is_empty() || object.key.len() > MAX_KEY) {
        Some(object) => invalid(format!("a key has {} bytes instead of 1 to {MAX_KEY}", object.key.len())),
        None => Ok(()),
    }
}

async fn read<T, B>(body: B) -> Result<T, Refusal>
where
    T: DeserializeOwned,
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<s3s::StdError>,
{
    let invalid = |error: String| Refusal(StatusCode::BAD_REQUEST, error);
    let body = Limited::new(body, MAX_REQUEST).collect().await.map_err(|error| invalid(error.to_string()))?;
    serde_json::from_slice(&body.to_bytes()).map_err(|error| invalid(error.to_string()))
}

fn encode(value: &impl Serialize) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(value).map_err(|error| Refusal(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}
