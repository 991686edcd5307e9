//! Starts and stops a server.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    config::ServerConfig,
    error::ServerError,
    http_service::{AdminCalls, HttpService, serve_connection},
    objects::{Objects, prepare_fingerprints},
    s3,
    stop::{StopSignal, Stopping},
};

/// How long a stop waits for requests that have begun.
const GRACE: Duration = Duration::from_secs(5);

/// How long the server waits after it failed to accept a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// A server that runs. Dropping it stops the server, but does not wait until it has stopped.
#[derive(Debug)]
pub struct RunningServer {
    address: SocketAddr,
    stop: StopSignal,
    accepting: tokio::task::JoinHandle<()>,
}

impl RunningServer {
    /// The URL of the server: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops the server: it accepts no more connections, and waits up to five seconds for requests that have begun.
    /// When this returns, another server can use the state directory.
    pub async fn shutdown(mut self) {
        self.stop.send();
        // The only error is a panic of the task, which has printed its message by then.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.stop.send();
    }
}

/// Opens the state directory and starts to listen.
pub async fn start(config: ServerConfig) -> Result<RunningServer, ServerError> {
    if !config.listen.ip().is_loopback() {
        return Err(ServerError::NotLoopback(config.listen));
    }
    let ServerConfig { state_dir, listen, credentials, region, admin_token } = config;
    let opened = tokio::task::spawn_blocking(move || {
        // The first request needs the tables of synthetic content. Made now, they delay no request that is timed.
        prepare_fingerprints();
        Objects::open(&state_dir)
    });
    let objects = Arc::new(opened.await.expect("opening a state directory does not panic")?);
    let failed = |source| ServerError::Listen { address: listen, source };
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let admin = AdminCalls {
        objects: Arc::clone(&objects),
        recorder: Arc::default(),
        faults: Arc::default(),
        token: admin_token,
    };
    let plain = s3::Plain::new(Arc::clone(&objects), &credentials);
    let service = Arc::new(HttpService::new(admin, plain, s3::service(objects, credentials, region)));
    let (stop, stopping) = StopSignal::new();
    let accepting = tokio::spawn(accept(listener, service, stopping));
    Ok(RunningServer { address, stop, accepting })
}

/// Accepts connections until the server is to stop, then waits for those that are open.
async fn accept(listener: TcpListener, service: Arc<HttpService>, mut stopping: Stopping) {
    let mut connections = JoinSet::new();
    let mut count = 0;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    count += 1;
                    connections.spawn(serve_connection(Arc::clone(&service), stream, count, stopping.clone()));
                }
                // There are no free file descriptors, or the client is already gone. The server can go on either way.
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
            () = stopping.wait() => break,
        }
    }
    drop(listener);
    let ended = tokio::time::timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
    if ended.is_err() {
        connections.shutdown().await;
    }
}
