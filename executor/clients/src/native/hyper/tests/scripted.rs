//! Against stores that behave as the embedded server cannot.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// A client of whatever listens on `listener`.
async fn client_to(listener: &TcpListener) -> HyperClient {
    let server = TestServer::start().await;
    let mut settings = server.settings(None);
    settings.connection.endpoint_url = Some(format!("http://{}", listener.local_addr().unwrap()));
    HyperClient::new(&settings).await.unwrap()
}

/// Takes parts, and answers the first `errors` attempts to complete with a 200 that is an error.
async fn complete_badly(request: Request<Incoming>, completions: &AtomicUsize, errors: usize) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    body.collect().await.unwrap();
    let query = head.uri.query().unwrap_or_default();
    let answer = Response::builder().header("etag", "\"tag\"");
    let words = match head.method {
        Method::POST if query == "uploads=" => {
            "<InitiateMultipartUploadResult><UploadId>a/b</UploadId></InitiateMultipartUploadResult>"
        }
        Method::POST if query != "uploadId=a%2Fb" => "<Error><Code>NoSuchUpload</Code></Error>",
        Method::POST if completions.fetch_add(1, Ordering::Relaxed) < errors => {
            "<Error><Code>SlowDown</Code><Message>try &amp; try again</Message></Error>"
        }
        Method::POST => "<CompleteMultipartUploadResult/>",
        _ => "",
    };
    answer.body(Full::from(words)).unwrap()
}

#[tokio::test]
async fn an_error_in_a_200_is_an_error_and_retried() {
    for (errors, attempts) in [(2, 3), (3, 3)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = client_to(&listener).await;
        let completions = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&completions);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let counted = Arc::clone(&counted);
                let answering = service_fn(move |request| {
                    let counted = Arc::clone(&counted);
                    async move { Ok::<_, Infallible>(complete_badly(request, &counted, errors).await) }
                });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answering),
                );
            }
        });
        let uploaded = run(&client, &job(Operation::Upload, "upload/parts", 20 * MIB)).await;
        assert_eq!(completions.load(Ordering::Relaxed), attempts);
        assert_eq!(client.counters().retries, Some(2));
        if errors < attempts {
            assert_eq!(uploaded, Ok(20 * MIB));
        } else {
            let failure = uploaded.unwrap_err();
            assert_eq!((failure.kind, failure.http_status), (ErrorKind::Throttled, Some(200)));
            assert!(failure.message.ends_with("200: SlowDown: try & try again"), "{failure}");
        }
    }
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_is_replaced() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client_to(&listener).await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbody").await.unwrap();
        }
    });
    for _ in 0..5 {
        assert_eq!(run(&client, &job(Operation::Download, "download/closing", 4)).await, Ok(4));
    }
    assert_eq!(client.counters().requests.unwrap() - client.counters().retries.unwrap(), 5);
}
