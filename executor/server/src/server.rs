//! Starts and stops a server.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    admin::Admin,
    config::ServerConfig,
    connection,
    error::ServerError,
    fault::Faults,
    front::Front,
    recorder::Recorder,
    s3,
    store::{Store, prepare_fingerprints},
};

/// How long a stop waits for the requests under way.
const GRACE: Duration = Duration::from_secs(5);

/// How long to wait when there is no room for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// A server that runs. Dropping it stops the server without waiting for that.
#[derive(Debug)]
pub struct RunningServer {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    accepting: tokio::task::JoinHandle<()>,
}

impl RunningServer {
    /// The URL to reach it at: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops: no new connections, five seconds for the requests under way. When this returns, the state directory is
    /// free for another server.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        // The only error is a panic of the task, which has been reported where it happened.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// Opens the state directory and listens.
pub async fn start(config: ServerConfig) -> Result<RunningServer, ServerError> {
    if !config.listen.ip().is_loopback() {
        return Err(ServerError::NotLoopback(config.listen));
    }
    let ServerConfig { state_dir, listen, credentials, region, admin_token } = config;
    let opened = tokio::task::spawn_blocking(move || {
        // Content is wanted by the first request; made now, no timed one waits for it.
        prepare_fingerprints();
        Store::open(&state_dir)
    });
    let store = Arc::new(opened.await.expect("opening a store does not panic")?);
    let failed = |source| ServerError::Listen { address: listen, source };
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let (recorder, faults) = (Arc::<Recorder>::default(), Arc::<Faults>::default());
    let admin = Admin {
        store: Arc::clone(&store),
        recorder: Arc::clone(&recorder),
        faults: Arc::clone(&faults),
        token: admin_token,
    };
    let plain = s3::Plain::new(Arc::clone(&store), &credentials);
    let s3 = s3::service(store, credentials, region);
    let front = Arc::new(Front { plain, s3, admin, recorder, faults, requests: AtomicU64::new(1) });
    let (stop, stopped) = watch::channel(false);
    let accepting = tokio::spawn(accept(listener, front, stopped));
    Ok(RunningServer { address, stop, accepting })
}

/// Waits until the server is to stop.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone is a server that was dropped.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Accepts connections until `stop`, then waits for those that are open.
async fn accept(listener: TcpListener, front: Arc<Front>, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    let mut count = 0;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    count += 1;
                    connections.spawn(connection::serve(Arc::clone(&front), stream, count, stop.clone()));
                }
                // Out of descriptors, or the client is already gone: neither is the end of the server.
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
            () = stopped(&mut stop) => break,
        }
    }
    drop(listener);
    let ended = tokio::time::timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
    if ended.is_err() {
        connections.shutdown().await;
    }
}
