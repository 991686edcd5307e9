//! A hyper server that answers every GET with synthetic content and accepts every PUT, and does nothing else.

use std::{convert::Infallible, io};

use bytes::Bytes;
use embedded_s3::bare::BareBody;
use http::{Method, Request, Response, header};
use http_body_util::BodyExt;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use synthetic_content::Content;
use tokio::net::TcpListener;

use crate::{GIB, SMALL};

/// Starts the server on a free port and returns its URL.
pub async fn start() -> io::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).expect("a fresh socket takes it");
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)));
        }
    });
    Ok(endpoint)
}

async fn answer(request: Request<Incoming>) -> Result<Response<BareBody>, Infallible> {
    if request.method() == Method::PUT {
        let mut body = request.into_body();
        while let Some(Ok(frame)) = body.frame().await {
            drop::<Result<Bytes, _>>(frame.into_data());
        }
        return Ok(Response::new(BareBody::empty()));
    }
    let content = Content::of_key(request.uri().path());
    let range = request.headers().get(header::RANGE).and_then(|range| parse(range.to_str().ok()?));
    let (first, len) = range.unwrap_or((0, if request.uri().path().ends_with("large") { GIB } else { SMALL }));
    Ok(Response::new(BareBody::synthetic(content, first, len)))
}

fn parse(range: &str) -> Option<(u64, u64)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    Some((first, last + 1 - first))
}
