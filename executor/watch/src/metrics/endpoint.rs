//! The HTTP endpoint that Prometheus scrapes: `GET /metrics`, in the OpenMetrics text format. It changes nothing and tells
//! no secrets, and it listens where it was told to: on a loopback address, unless somebody names another.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// What Prometheus knows this format by.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Time for the last answer to get out.
const LAST_ANSWER: Duration = Duration::from_secs(2);
/// Time for a client to send a request's head.
const HEAD_LIMIT: Duration = Duration::from_secs(10);

/// The address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot serve metrics on {address}")]
pub struct ListenError {
    /// The address.
    address: SocketAddr,
    /// What the system says.
    source: std::io::Error,
}

/// A listening endpoint.
#[derive(Debug)]
pub struct Endpoint {
    address: SocketAddr,
    state: Arc<State>,
    serving: JoinHandle<()>,
}

/// What its connections share.
#[derive(Debug)]
struct State {
    registry: Registry,
    /// Nothing that is served changes any more.
    complete: watch::Sender<bool>,
    /// Somebody was served after that.
    scraped: watch::Sender<bool>,
    stop: watch::Sender<bool>,
}

impl Endpoint {
    /// Listens on `address` and serves `registry` from now on.
    pub async fn open(address: SocketAddr, registry: Registry) -> Result<Self, ListenError> {
        let fail = |source| ListenError { address, source };
        let listener = TcpListener::bind(address).await.map_err(fail)?;
        let address = listener.local_addr().map_err(fail)?;
        let flag = || watch::Sender::new(false);
        let state = Arc::new(State { registry, complete: flag(), scraped: flag(), stop: flag() });
        let serving = tokio::spawn(serve(listener, Arc::clone(&state)));
        Ok(Self { address, state, serving })
    }

    /// Where it listens, the port being a real one.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns when somebody has scraped the values as they are now.
    pub async fn last_scrape(&self) {
        self.state.complete.send_replace(true);
        raised(&mut self.state.scraped.subscribe()).await;
    }

    /// Stops listening; answers under way get out.
    pub async fn close(self) {
        self.state.stop.send_replace(true);
        // Whoever does not take an answer in that time does without.
        let _ = tokio::time::timeout(LAST_ANSWER, self.serving).await;
    }
}

/// Returns when the flag is raised. Its sender lives in the state that all who wait hold.
async fn raised(flag: &mut watch::Receiver<bool>) {
    let _ = flag.wait_for(|raised| *raised).await;
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    let mut stop = state.stop.subscribe();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(converse(stream, Arc::clone(&state)))),
                // Out of file descriptors, say: others may be closed soon.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
            Some(_) = connections.join_next() => {}
            () = raised(&mut stop) => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn converse(stream: TcpStream, state: Arc<State>) {
    let mut stop = state.stop.subscribe();
    let service = service_fn(|request: Request<Incoming>| {
        let answer = state.answer(request.method(), request.uri().path());
        async move { Ok::<_, Infallible>(answer) }
    });
    let mut builder = http1::Builder::new();
    let connection = builder.timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT);
    let mut connection = pin!(connection.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        // An error is the other side's doing; there is nobody to tell.
        _ = connection.as_mut() => {}
        () = raised(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

impl State {
    fn answer(&self, method: &Method, path: &str) -> Response<Full<Bytes>> {
        if method != Method::GET && method != Method::HEAD {
            return plain(StatusCode::METHOD_NOT_ALLOWED, "GET only\n");
        }
        match path {
            "/metrics" => self.metrics(),
            "/" => plain(StatusCode::OK, "wlx: see /metrics\n"),
            _ => plain(StatusCode::NOT_FOUND, "see /metrics\n"),
        }
    }

    fn metrics(&self) -> Response<Full<Bytes>> {
        // Asked before the values are read: what is read after that is complete.
        let complete = *self.complete.borrow();
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            return plain(StatusCode::INTERNAL_SERVER_ERROR, "the metrics cannot be written\n");
        }
        if complete {
            self.scraped.send_replace(true);
        }
        let mut response = Response::new(Full::new(Bytes::from(text)));
        response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static(OPEN_METRICS));
        response
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
