//! Which requests are accepted by their signature and their address.

use anyhow::Result;
use embedded_s3::{
    Credentials, ServerError,
    bare::{BareClient, BareRequest},
    start,
};
use http::Method;

use crate::context::{ACCESS_KEY, REGION, SECRET_KEY, TestServer, config, element};

async fn code_with(server: &TestServer, access_key: &str, secret_key: &str) -> Result<(u16, String)> {
    let credentials = Credentials { access_key: access_key.into(), secret_key: secret_key.into() };
    let client = BareClient::new(&server.server.endpoint(), credentials, REGION);
    let response = client.call(BareRequest::get("/")).await?;
    let body = String::from_utf8(response.body().to_vec())?;
    Ok((response.status().as_u16(), element(&body, "Code").unwrap_or("").to_owned()))
}

#[tokio::test]
async fn a_wrong_key_and_a_wrong_secret_are_told_apart() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    assert_eq!(code_with(&server, ACCESS_KEY, SECRET_KEY).await?.0, 200);
    assert_eq!(code_with(&server, "nobody", SECRET_KEY).await?, (403, "InvalidAccessKeyId".into()));
    assert_eq!(code_with(&server, ACCESS_KEY, "guess").await?, (403, "SignatureDoesNotMatch".into()));
    Ok(())
}

#[tokio::test]
async fn unsigned_requests_are_denied() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let stream = tokio::net::TcpStream::connect(server.server.address()).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(hyper_util::rt::TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let request = http::Request::get("/bkt/k").header("host", "localhost").body(String::new())?;
    assert_eq!(sender.send_request(request).await?.status(), 403);
    driver.abort();
    Ok(())
}

#[tokio::test]
async fn the_host_can_name_the_bucket() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let host = format!("bkt.localhost:{}", server.server.address().port());
    let put = BareRequest::put("/in/host", "abc").header("host", host.clone());
    server.expect(put, 200).await?;
    assert_eq!(server.get("in/host").await?, "abc");
    let head = BareRequest::new(Method::HEAD, "/in/host").header("host", host);
    server.expect(head, 200).await?;
    Ok(())
}

#[tokio::test]
async fn only_loopback_is_listened_on() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let open = embedded_s3::ServerConfig { listen: ([0, 0, 0, 0], 0).into(), ..config(dir.path().join("state")) };
    assert!(matches!(start(open).await, Err(ServerError::NotLoopback(_))));
    Ok(())
}
