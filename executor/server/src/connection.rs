//! One client connection: serves it, and resets it where a fault asks for that.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use s3s::{Body, HttpError};
use tokio::{net::TcpStream, sync::watch};

use crate::{front::Front, server::stopped};

type Answer = Pin<Box<dyn Future<Output = Result<http::Response<Body>, HttpError>> + Send>>;

/// What the requests of a connection share.
#[derive(Debug)]
pub(crate) struct Connection {
    /// Counts from 1.
    pub id: u64,
    reset: AtomicBool,
}

impl Connection {
    /// The connection is to end in a reset rather than in order.
    pub(crate) fn reset(&self) {
        self.reset.store(true, Ordering::Relaxed);
    }
}

/// Serves the connection until it ends or, after the requests under way, until `stop` changes.
pub(crate) async fn serve(front: Arc<Front>, stream: TcpStream, id: u64, mut stop: watch::Receiver<bool>) {
    // Small responses must not wait for an acknowledgement; a socket that refuses still serves.
    let _ = stream.set_nodelay(true);
    let connection = Arc::new(Connection { id, reset: AtomicBool::new(false) });
    // Boxed, so that the connection is `Unpin` and can give its socket back.
    let service = service_fn(|request| {
        let (front, connection) = (Arc::clone(&front), Arc::clone(&connection));
        let answer: Answer = Box::pin(async move { front.handle(&connection, request).await });
        answer
    });
    let mut serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // An error is the client's or a fault's doing; there is nobody here to tell.
        _ = &mut serving => {}
        () = stopped(&mut stop) => {
            Pin::new(&mut serving).graceful_shutdown();
            let _ = (&mut serving).await;
        }
    }
    if connection.reset.load(Ordering::Relaxed) {
        let _ = serving.into_parts().io.into_inner().set_zero_linger();
    }
}
