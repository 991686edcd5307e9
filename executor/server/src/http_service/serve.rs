//! Serves HTTP/1.1 on one client connection.

use std::{pin::Pin, sync::Arc};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use s3s::{Body, HttpError};
use tokio::net::TcpStream;

use super::{connection::Connection, service::HttpService};
use crate::stop::Stopping;

type Answer = Pin<Box<dyn Future<Output = Result<http::Response<Body>, HttpError>> + Send>>;

/// Serves requests until the client closes the connection. When the server stops, requests that have begun are still
/// answered. `id` is the number of the connection in the records.
pub(crate) async fn serve_connection(service: Arc<HttpService>, stream: TcpStream, id: u64, mut stopping: Stopping) {
    // Small responses must not wait for an acknowledgement. If the socket refuses the option, it is only slower.
    let _ = stream.set_nodelay(true);
    let connection = Arc::new(Connection::new(id));
    // The future is boxed so that hyper's connection is `Unpin` and can give its socket back.
    let answer = service_fn(|request| {
        let (service, connection) = (Arc::clone(&service), Arc::clone(&connection));
        let answer: Answer = Box::pin(async move { service.handle(&connection, request).await });
        answer
    });
    let mut serving = http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
    tokio::select! {
        // An error comes from the client or from a fault rule; the server has nobody to report it to.
        _ = &mut serving => {}
        () = stopping.wait() => {
            Pin::new(&mut serving).graceful_shutdown();
            let _ = (&mut serving).await;
        }
    }
    if connection.is_reset() {
        let _ = serving.into_parts().io.into_inner().set_zero_linger();
    }
}
