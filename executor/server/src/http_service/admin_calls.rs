//! Answers the admin calls.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header, request::Parts};
use http_body_util::{BodyExt, Limited};
use s3s::{Body, path::check_bucket_name};
use serde::{Serialize, de::DeserializeOwned};
use subtle::ConstantTimeEq;

use crate::{
    admin::{
        AdminCall, DeclareRequest, DeclareResponse, Failure, FaultsRequest, PREFIX, RecordingRequest, RecordsRequest,
        Status,
    },
    faults::Faults,
    objects::{Objects, ObjectsError},
    recorder::Recorder,
};

/// Bytes of the longest request. A million declared objects with long keys fit.
const MAX_REQUEST: usize = 1 << 30;

/// How many requests are recorded if the call does not say.
const DEFAULT_CAPACITY: usize = 250_000;

/// Bytes of the longest key, as in S3.
const MAX_KEY: usize = 1024;

/// Answers the admin calls of one server.
pub(crate) struct AdminCalls {
    pub objects: Arc<Objects>,
    pub recorder: Arc<Recorder>,
    pub faults: Arc<Faults>,
    /// The bearer token that every call must carry.
    pub token: String,
}

/// Why a call is refused: HTTP status and message.
struct Refused(StatusCode, String);

impl From<ObjectsError> for Refused {
    fn from(error: ObjectsError) -> Self {
        let status = match error {
            ObjectsError::Io(_) => StatusCode::INSUFFICIENT_STORAGE,
            ObjectsError::NoSuchBucket
            | ObjectsError::NoSuchKey
            | ObjectsError::NoSuchUpload
            | ObjectsError::BucketExists
            | ObjectsError::BucketNotEmpty
            | ObjectsError::PreconditionFailed => StatusCode::NOT_FOUND,
        };
        Self(status, error.to_string())
    }
}

impl AdminCalls {
    pub(super) async fn answer<B>(&self, request: http::Request<B>) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes>,
        B::Error: Into<s3s::StdError>,
    {
        let (head, body) = request.into_parts();
        let (status, body) = match self.call(&head, body).await {
            Ok(body) => (StatusCode::OK, body),
            Err(Refused(status, error)) => (status, serde_json::to_vec(&Failure { error }).unwrap_or_default()),
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
        response
    }

    async fn call<B>(&self, head: &Parts, body: B) -> Result<Vec<u8>, Refused>
    where
        B: http_body::Body<Data = Bytes>,
        B::Error: Into<s3s::StdError>,
    {
        if !self.is_allowed(&head.headers) {
            return Err(Refused(StatusCode::FORBIDDEN, "the admin token is missing or wrong".to_owned()));
        }
        let name = head.uri.path().trim_start_matches(PREFIX);
        let Some(call) = AdminCall::of(&head.method, name) else {
            return Err(Refused(StatusCode::NOT_FOUND, format!("there is no admin call {} {name}", head.method)));
        };
        match call {
            AdminCall::Declare => encode(&self.declare(read(body).await?).await?),
            AdminCall::SetRecording => {
                let request: RecordingRequest = read(body).await?;
                self.recorder.set(request.enabled.then(|| request.capacity.unwrap_or(DEFAULT_CAPACITY)));
                encode(&serde_json::Map::new())
            }
            AdminCall::Records => {
                let request: RecordsRequest = read(body).await?;
                encode(&self.recorder.take(request.clear))
            }
            AdminCall::SetFaults => {
                let request: FaultsRequest = read(body).await?;
                self.faults.set(request.rules).map_err(|message| Refused(StatusCode::BAD_REQUEST, message))?;
                encode(&self.faults.report())
            }
            AdminCall::Faults => encode(&self.faults.report()),
            AdminCall::Status => encode(&self.status()),
        }
    }

    fn is_allowed(&self, headers: &HeaderMap) -> bool {
        let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
        sent.is_some_and(|sent| sent.ct_eq(self.token.as_bytes()).into())
    }

    async fn declare(&self, request: DeclareRequest) -> Result<DeclareResponse, Refused> {
        check_names(&request)?;
        let objects = Arc::clone(&self.objects);
        let declared = tokio::task::spawn_blocking(move || {
            if let Some(bucket) = &request.ensure_bucket {
                objects.ensure_bucket(bucket)?;
            }
            let declared = objects.declare(&request.objects)?;
            Ok::<_, ObjectsError>(DeclareResponse { declared, kept: request.objects.len() - declared })
        });
        let failed = |error: tokio::task::JoinError| Refused(StatusCode::INTERNAL_SERVER_ERROR, error.to_string());
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

/// Refuses names that no S3 request could have.
fn check_names(request: &DeclareRequest) -> Result<(), Refused> {
    let invalid = |message: String| Err(Refused(StatusCode::BAD_REQUEST, message));
    if let Some(bucket) = request.ensure_bucket.as_deref().filter(|bucket| !check_bucket_name(bucket)) {
        return invalid(format!("{bucket} is not a valid bucket name"));
    }
    match request.objects.iter().find(|object| object.key.is_empty() || object.key.len() > MAX_KEY) {
        Some(object) => invalid(format!("a key has {} bytes instead of 1 to {MAX_KEY}", object.key.len())),
        None => Ok(()),
    }
}

/// Reads a request's JSON.
async fn read<T, B>(body: B) -> Result<T, Refused>
where
    T: DeserializeOwned,
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<s3s::StdError>,
{
    let invalid = |error: String| Refused(StatusCode::BAD_REQUEST, error);
    let body = Limited::new(body, MAX_REQUEST).collect().await.map_err(|error| invalid(error.to_string()))?;
    serde_json::from_slice(&body.to_bytes()).map_err(|error| invalid(error.to_string()))
}

fn encode(value: &impl Serialize) -> Result<Vec<u8>, Refused> {
    serde_json::to_vec(value).map_err(|error| Refused(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}
