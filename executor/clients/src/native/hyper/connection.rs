//! Connections: one request at a time on each, driven by the task that waits for the answer.
//!
//! hyper's connection is usually a task of its own. Then every request and every piece of an answer costs a wake-up, often of
//! another core. Here whoever waits for the answer drives the connection itself.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body::Body;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tower_service::Service;

use super::body::RequestBody;

/// The time that the SDKs of AWS give a connection to open.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);

/// What opens connections.
pub type Connector = HttpsConnector<HttpConnector>;
type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The store cannot be reached, or no TLS session with it can be agreed on.
    #[error("cannot connect to {0}")]
    Open(Uri, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// It does not answer.
    #[error("no connection to {0} in {ms} ms", ms = CONNECT_TIMEOUT.as_millis())]
    Timeout(Uri),
    /// It was opened and then failed.
    #[error("the connection failed")]
    Handshake(#[from] hyper::Error),
}

/// Opens connections to one store and keeps those that are idle. How many there are is up to how many are leased.
pub struct Pool {
    origin: Uri,
    connector: Connector,
    /// The one used last is on top: the others may close when they are not needed.
    idle: Mutex<Vec<Connection>>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// What opens connections with the given trust.
pub fn connector_trusting(roots: RootCertStore) -> Connector {
    let mut tcp = HttpConnector::new();
    tcp.set_nodelay(true);
    tcp.enforce_http(false);
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring can do all of them")
        .with_root_certificates(roots)
        .with_no_client_auth();
    HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp)
}

/// The certificates that the system trusts.
pub fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    // Those that cannot be read or parsed are missed when one of them is needed: the handshake says so.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

impl Pool {
    /// No connections to `origin` yet.
    pub fn new(origin: Uri, connector: Connector) -> Self {
        Self { origin, connector, idle: Mutex::default() }
    }

    /// An idle connection that is still open, or a new one.
    pub async fn take(&self) -> Result<Connection, ConnectError> {
        while let Some(mut connection) = self.pop() {
            if connection.is_ready().await {
                return Ok(connection);
            }
        }
        self.open().await
    }

    /// Takes back a connection whose answer was read to its end.
    pub fn give_back(&self, connection: Connection) {
        self.locked().push(connection);
    }

    fn pop(&self) -> Option<Connection> {
        self.locked().pop()
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn open(&self) -> Result<Connection, ConnectError> {
        let mut connector = self.connector.clone();
        let stream = tokio::time::timeout(CONNECT_TIMEOUT, connector.call(self.origin.clone()))
            .await
            .map_err(|_| ConnectError::Timeout(self.origin.clone()))?
            .map_err(|error| ConnectError::Open(self.origin.clone(), error))?;
        let (sender, driver) = http1::handshake(stream).await?;
        Ok(Connection { sender, driver: Some(Box::new(driver)) })
    }
}

/// What moves the bytes; none once it has ended. In a box, as it is large and connections go from hand to hand.
type Driver = Option<Box<http1::Connection<Stream, RequestBody>>>;

/// An open connection.
pub struct Connection {
    sender: http1::SendRequest<RequestBody>,
    driver: Driver,
}

impl Connection {
    /// Whether another request can be sent now. One whose last request is still going out, though it was answered, is
    /// not worth waiting for: the store may never take the rest.
    async fn is_ready(&mut self) -> bool {
        poll_fn(|cx| {
            // First of all, so that a hang-up in the meantime is noticed.
            poll_driver(&mut self.driver, cx);
            let ready = matches!(self.sender.poll_ready(cx), Poll::Ready(Ok(())));
            Poll::Ready(ready && self.driver.is_some())
        })
        .await
    }

    /// Sends a request; answers when the head of the answer is there.
    async fn send(&mut self, request: Request<RequestBody>) -> hyper::Result<Response<Incoming>> {
        let mut answer = std::pin::pin!(self.sender.send_request(request));
        poll_fn(|cx| {
            poll_driver(&mut self.driver, cx);
            answer.as_mut().poll(cx)
        })
        .await
    }
}

/// Errors are told to the request that they hit.
fn poll_driver(driver: &mut Driver, cx: &mut Context<'_>) {
    if let Some(running) = driver
        && Pin::new(running).poll(cx).is_ready()
    {
        *driver = None;
    }
}

/// The body of an answer, and the connection that it comes on.
pub struct AnswerBody {
    pool: Arc<Pool>,
    connection: Option<Connection>,
    incoming: Incoming,
}

impl AnswerBody {
    /// Sends `request` on a connection of `pool`.
    pub async fn of(
        pool: &Arc<Pool>,
        mut connection: Connection,
        request: Request<RequestBody>,
    ) -> hyper::Result<(http::response::Parts, Self)> {
        let (head, incoming) = connection.send(request).await?.into_parts();
        Ok((head, Self { pool: Arc::clone(pool), connection: Some(connection), incoming }))
    }

    /// The next bytes; none after the last. Then the connection is given back.
    pub async fn chunk(&mut self) -> Option<hyper::Result<Bytes>> {
        let chunk = poll_fn(|cx| self.poll_chunk(cx)).await;
        if chunk.is_none()
            && let Some(connection) = self.connection.take()
        {
            self.pool.give_back(connection);
        }
        chunk
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<hyper::Result<Bytes>>> {
        loop {
            let mut frame = Pin::new(&mut self.incoming).poll_frame(cx);
            if frame.is_pending()
                && let Some(connection) = &mut self.connection
            {
                poll_driver(&mut connection.driver, cx);
                frame = Pin::new(&mut self.incoming).poll_frame(cx);
            }
            match frame {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(Some(Ok(frame))) => {
                    // A trailer is no data.
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
            }
        }
    }
}
