//! A client of the admin calls.

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde::{Serialize, de::DeserializeOwned};
use tokio::net::TcpStream;

use super::{
    DeclareRequest, DeclareResponse, Failure, FaultRule, FaultsRequest, FaultsResponse, RecordingRequest,
    RecordsRequest, RecordsResponse, Status,
};

/// Why an admin call failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdminError {
    /// The endpoint is not of the form `http://HOST:PORT`.
    #[error("{0} is not an http:// endpoint")]
    Endpoint(String),
    /// The server cannot be reached.
    #[error("cannot reach the embedded server at {endpoint}")]
    Connect {
        /// The endpoint.
        endpoint: String,
        /// Why not.
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
        /// What the server says.
        message: String,
    },
    /// The request cannot be written or the response not be read.
    #[error("the embedded server's answer is not what was expected")]
    Format(#[from] serde_json::Error),
    /// The token or the path cannot stand in a request.
    #[error("the call cannot be made")]
    Request(#[from] http::Error),
}

/// Calls the admin interface of one server, over a connection for each call.
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
    /// A client of the server at `endpoint`, an URL such as `http://127.0.0.1:9000`.
    pub fn new(endpoint: &str, token: &str) -> Result<Self, AdminError> {
        let authority = endpoint.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
        let authority = authority.ok_or_else(|| AdminError::Endpoint(endpoint.to_owned()))?;
        Ok(Self { authority: authority.to_owned(), token: token.to_owned() })
    }

    /// Declares objects.
    pub async fn declare(&self, request: &DeclareRequest) -> Result<DeclareResponse, AdminError> {
        self.post("declare", request).await
    }

    /// Turns the recording of requests on or off.
    pub async fn set_recording(&self, request: &RecordingRequest) -> Result<(), AdminError> {
        let _: serde_json::Value = self.post("recording", request).await?;
        Ok(())
    }

    /// What was recorded; `clear` forgets it.
    pub async fn records(&self, clear: bool) -> Result<RecordsResponse, AdminError> {
        self.post("records", &RecordsRequest { clear }).await
    }

    /// Replaces the fault rules.
    pub async fn set_faults(&self, rules: Vec<FaultRule>) -> Result<FaultsResponse, AdminError> {
        self.post("faults", &FaultsRequest { rules }).await
    }

    /// The fault rules and what they have done.
    pub async fn faults(&self) -> Result<FaultsResponse, AdminError> {
        self.call(Method::GET, "faults", Bytes::new()).await
    }

    /// What the server is.
    pub async fn status(&self) -> Result<Status, AdminError> {
        self.call(Method::GET, "status", Bytes::new()).await
    }

    async fn post<T: DeserializeOwned>(&self, name: &str, request: &impl Serialize) -> Result<T, AdminError> {
        self.call(Method::POST, name, serde_json::to_vec(request)?.into()).await
    }

    async fn call<T: DeserializeOwned>(&self, method: Method, name: &str, body: Bytes) -> Result<T, AdminError> {
        let stream = TcpStream::connect(&self.authority).await;
        let stream = stream.map_err(|source| AdminError::Connect { endpoint: self.authority.clone(), source })?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        // Ends with the sender; what it could report, the call itself reports.
        let connection = tokio::spawn(connection);
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{name}", super::PREFIX))
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
