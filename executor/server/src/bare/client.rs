//! The connections of the bare client and the requests on them.

use std::{io, sync::Arc};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header};
use http_body_util::BodyExt;
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{body::BareBody, sign::Signer};
use crate::config::Credentials;

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BareError {
    /// The server cannot be reached.
    #[error("cannot connect")]
    Connect(#[from] io::Error),
    /// The connection failed.
    #[error("the connection failed")]
    Transfer(#[from] hyper::Error),
    /// The request has a target or a header that HTTP does not allow.
    #[error("the request is not valid HTTP")]
    Request(#[from] http::Error),
}

/// A request before it is signed.
#[derive(Debug, Clone)]
pub struct BareRequest {
    /// The method.
    pub method: Method,
    /// Path and query, already percent-encoded.
    pub target: String,
    /// Further headers. Those that start with `x-amz-` are signed.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: BareBody,
}

impl BareRequest {
    /// A request without headers and body.
    pub fn new(method: Method, target: impl Into<String>) -> Self {
        Self { method, target: target.into(), headers: Vec::new(), body: BareBody::empty() }
    }

    /// A `GET`.
    pub fn get(target: impl Into<String>) -> Self {
        Self::new(Method::GET, target)
    }

    /// A `PUT` of `body`.
    pub fn put(target: impl Into<String>, body: impl Into<BareBody>) -> Self {
        Self { body: body.into(), ..Self::new(Method::PUT, target) }
    }

    /// The same request with one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Opens connections to one server.
#[derive(Clone)]
pub struct BareClient {
    authority: String,
    signer: Arc<Signer>,
}

impl std::fmt::Debug for BareClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BareClient").field("authority", &self.authority).finish_non_exhaustive()
    }
}

impl BareClient {
    /// A client of the server at `endpoint`, a URL such as `http://127.0.0.1:9000`.
    pub fn new(endpoint: &str, credentials: Credentials, region: &str) -> Self {
        let authority = endpoint.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { authority, signer: Arc::new(Signer::new(credentials, region.to_owned())) }
    }

    /// Opens a connection.
    pub async fn connect(&self) -> Result<BareConnection, BareError> {
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // Errors of the connection are also errors of the requests on it.
        let driver = tokio::spawn(async move {
            let _ = connection.await;
        });
        let host = HeaderValue::from_str(&self.authority).map_err(http::Error::from)?;
        Ok(BareConnection { sender, driver, host, signer: Arc::clone(&self.signer) })
    }

    /// Sends one request on a connection of its own and reads the whole answer.
    pub async fn call(&self, request: BareRequest) -> Result<Response<Bytes>, BareError> {
        self.connect().await?.call(request).await
    }
}

/// A connection for one request at a time.
pub struct BareConnection {
    sender: http1::SendRequest<BareBody>,
    driver: tokio::task::JoinHandle<()>,
    host: HeaderValue,
    signer: Arc<Signer>,
}

impl std::fmt::Debug for BareConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BareConnection").field("host", &self.host).finish_non_exhaustive()
    }
}

impl BareConnection {
    /// Signs and sends a request. The caller reads the answer's body.
    pub async fn send(&mut self, request: BareRequest) -> Result<Response<Incoming>, BareError> {
        let mut built = Request::builder().method(request.method).uri(request.target);
        for (name, value) in request.headers {
            built = built.header(name, value);
        }
        let (mut head, body) = built.body(request.body)?.into_parts();
        head.headers.entry(header::HOST).or_insert_with(|| self.host.clone());
        self.signer.sign(&mut head);
        self.sender.ready().await?;
        Ok(self.sender.send_request(Request::from_parts(head, body)).await?)
    }

    /// Sends a request and reads the whole answer.
    pub async fn call(&mut self, request: BareRequest) -> Result<Response<Bytes>, BareError> {
        let (head, body) = self.send(request).await?.into_parts();
        Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
    }

    /// Sends a request and drops the answer's body. Returns the status and the number of bytes of the body.
    pub async fn drain(&mut self, request: BareRequest) -> Result<(http::StatusCode, u64), BareError> {
        let (head, mut body) = self.send(request).await?.into_parts();
        let mut count = 0;
        while let Some(frame) = body.frame().await {
            count += frame?.data_ref().map_or(0, |data| data.len() as u64);
        }
        Ok((head.status, count))
    }
}

impl Drop for BareConnection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
