//! A client of the admin calls.

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde::{Serialize, de::DeserializeOwned};
use tokio::net::TcpStream;

use super::{
    call::{AdminCall, PREFIX},
    declare::{DeclareRequest, DeclareResponse},
    faults::{FaultRule, FaultsRequest, FaultsResponse},
    records::{RecordingRequest, RecordsRequest, RecordsResponse},
    status::{Failure, Status},
};

/// Why an admin call failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdminError {
    /// The endpoint does not have the form `http://HOST:PORT`.
    #[error("{0} is not an http:// endpoint")]
    Endpoint(String),
    /// The server cannot be reached.
    #[error("cannot reach the embedded server at {endpoint}")]
    Connect {
        /// The endpoint, as `HOST:PORT`.
        endpoint: String,
        /// Why it cannot be reached.
        #[source]
        source: std::io::Error,
    },
    /// The connection failed during the call.
    #[error("the connection to the embedded server failed")]
    Transfer(#[from] hyper::Error),
    /// The server refused the call.
    #[error("the embedded server refused the call with {status}: {message}")]
    Refused {
        /// HTTP status.
        status: StatusCode,
        /// The server's reason.
        message: String,
    },
    /// The request cannot be written as JSON, or the answer is not the JSON of this release.
    #[error("cannot read the embedded server's answer")]
    Format(#[from] serde_json::Error),
    /// The endpoint or the token has characters that HTTP does not allow.
    #[error("cannot make a valid HTTP request of the admin call")]
    Request(#[from] http::Error),
}

/// Makes the admin calls of one server. Each call opens a connection of its own.
#[derive(Clone)]
pub struct AdminClient {
    authority: String,
    token: String,
}

impl std::fmt::Debug for AdminClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AdminClient").field("authority", &self.authority).finish_non_exhaustive()
    }
}

impl AdminClient {
    /// A client of the server at `endpoint`, a URL such as `http://127.0.0.1:9000`.
    pub fn new(endpoint: &str, token: &str) -> Result<Self, AdminError> {
        let authority = endpoint.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
        let authority = authority.ok_or_else(|| AdminError::Endpoint(endpoint.to_owned()))?;
        Ok(Self { authority: authority.to_owned(), token: token.to_owned() })
    }

    /// Declares objects.
    pub async fn declare(&self, request: &DeclareRequest) -> Result<DeclareResponse, AdminError> {
        self.send(AdminCall::Declare, request).await
    }

    /// Turns the recording of requests on or off.
    pub async fn set_recording(&self, request: &RecordingRequest) -> Result<(), AdminError> {
        let _: serde_json::Value = self.send(AdminCall::SetRecording, request).await?;
        Ok(())
    }

    /// The requests that were recorded. With `clear` the server forgets them.
    pub async fn records(&self, clear: bool) -> Result<RecordsResponse, AdminError> {
        self.send(AdminCall::Records, &RecordsRequest { clear }).await
    }

    /// Replaces the fault rules.
    pub async fn set_faults(&self, rules: Vec<FaultRule>) -> Result<FaultsResponse, AdminError> {
        self.send(AdminCall::SetFaults, &FaultsRequest { rules }).await
    }

    /// The fault rules, with the number of requests that each one applied to.
    pub async fn faults(&self) -> Result<FaultsResponse, AdminError> {
        self.call(AdminCall::Faults, Bytes::new()).await
    }

    /// The server's version, process and settings.
    pub async fn status(&self) -> Result<Status, AdminError> {
        self.call(AdminCall::Status, Bytes::new()).await
    }

    /// Makes a call that carries a request.
    async fn send<T: DeserializeOwned>(&self, call: AdminCall, request: &impl Serialize) -> Result<T, AdminError> {
        self.call(call, serde_json::to_vec(request)?.into()).await
    }

    async fn call<T: DeserializeOwned>(&self, call: AdminCall, body: Bytes) -> Result<T, AdminError> {
        let stream = TcpStream::connect(&self.authority).await;
        let stream = stream.map_err(|source| AdminError::Connect { endpoint: self.authority.clone(), source })?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        // The task ends with the sender. Its errors are also errors of the call below.
        let connection = tokio::spawn(connection);
        let request = Request::builder()
            .method(call.method())
            .uri(format!("{PREFIX}{}", call.name()))
            .header(header::HOST, &self.authority)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body))?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        connection.abort();
        if status.is_success() {
            return Ok(serde_json::from_slice(&body)?);
        }
        let message = serde_json::from_slice::<Failure>(&body)
            .map_or_else(|_| String::from_utf8_lossy(&body).into_owned(), |failure| failure.error);
        Err(AdminError::Refused { status, message })
    }
}
