//! One server per test.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use embedded_s3::{
    Credentials, RunningServer, ServerConfig,
    admin::{AdminClient, DeclareRequest, DeclaredObject, FaultRule},
    bare::{BareClient, BareRequest},
    start,
};
use http::{Method, Response};
use synthetic_content::Content;

pub const REGION: &str = "us-east-1";
pub const ACCESS_KEY: &str = "test-key";
pub const SECRET_KEY: &str = "test-secret";
pub const TOKEN: &str = "test-token";

/// A running server with its state directory and its clients.
pub struct TestServer {
    pub server: RunningServer,
    pub bare: BareClient,
    pub admin: AdminClient,
    dir: tempfile::TempDir,
}

pub fn credentials() -> Credentials {
    Credentials { access_key: ACCESS_KEY.into(), secret_key: SECRET_KEY.into() }
}

pub fn config(state_dir: PathBuf) -> ServerConfig {
    ServerConfig {
        state_dir,
        listen: ([127, 0, 0, 1], 0).into(),
        credentials: credentials(),
        region: REGION.into(),
        admin_token: TOKEN.into(),
    }
}

impl TestServer {
    /// A fresh server with a bucket named `bkt`.
    pub async fn with_bucket() -> Result<Self> {
        let this = Self::on(tempfile::tempdir()?).await?;
        this.expect(BareRequest::new(Method::PUT, "/bkt"), 200).await?;
        Ok(this)
    }

    /// A server on the state in `dir`.
    pub async fn on(dir: tempfile::TempDir) -> Result<Self> {
        let server = start(config(dir.path().join("state"))).await?;
        let bare = BareClient::new(&server.endpoint(), credentials(), REGION);
        let admin = AdminClient::new(&server.endpoint(), TOKEN)?;
        Ok(Self { server, bare, admin, dir })
    }

    /// Stops the server and starts another one on the same state.
    pub async fn restart(self) -> Result<Self> {
        self.server.shutdown().await;
        Self::on(self.dir).await
    }

    /// Starts another server on a copy of the state as it is now, as if this one had been killed.
    pub async fn after_kill(&self) -> Result<Self> {
        let copy = tempfile::tempdir()?;
        copy_dir(&self.state_dir(), &copy.path().join("state"))?;
        Self::on(copy).await
    }

    pub fn state_dir(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    /// Sends a request and requires the status of the answer.
    pub async fn expect(&self, request: BareRequest, status: u16) -> Result<Response<Bytes>> {
        let shown = format!("{} {}", request.method, request.target);
        let response = self.bare.call(request).await?;
        let body = String::from_utf8_lossy(&response.body()[..response.body().len().min(500)]).into_owned();
        ensure!(response.status() == status, "{shown}: {} instead of {status}: {body}", response.status());
        Ok(response)
    }

    /// Sends a request and requires the status and the S3 error code of the answer.
    pub async fn expect_error(&self, request: BareRequest, status: u16, code: &str) -> Result<Response<Bytes>> {
        let response = self.expect(request, status).await?;
        let body = String::from_utf8_lossy(response.body()).into_owned();
        ensure!(element(&body, "Code") == Some(code), "expected {code} in {body}");
        Ok(response)
    }

    pub async fn put(&self, key: &str, body: impl Into<Bytes>) -> Result<Response<Bytes>> {
        self.expect(BareRequest::put(format!("/bkt/{key}"), body.into()), 200).await
    }

    pub async fn get(&self, key: &str) -> Result<Bytes> {
        Ok(self.expect(BareRequest::get(format!("/bkt/{key}")), 200).await?.into_body())
    }

    pub async fn declare(&self, key: &str, size: u64) -> Result<()> {
        let object = DeclaredObject { bucket: "bkt".into(), key: key.into(), size, checksum: None };
        self.admin.declare(&DeclareRequest { ensure_bucket: None, objects: vec![object] }).await?;
        Ok(())
    }

    pub async fn fault(&self, rule: FaultRule) -> Result<()> {
        self.admin.set_faults(vec![rule]).await?;
        Ok(())
    }

    /// Begins a multipart upload and returns its id.
    pub async fn begin_upload(&self, key: &str, headers: &[(&'static str, &str)]) -> Result<String> {
        let mut request = BareRequest::new(Method::POST, format!("/bkt/{key}?uploads="));
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let response = self.expect(request, 200).await?;
        let body = String::from_utf8(response.body().to_vec())?;
        Ok(element(&body, "UploadId").context("an upload id")?.to_owned())
    }

    /// The sizes of the files that hold stored bytes.
    pub fn blob_sizes(&self) -> Result<Vec<u64>> {
        let files = std::fs::read_dir(self.state_dir().join("blobs"))?;
        files.map(|file| Ok(file?.metadata()?.len())).collect()
    }
}

/// The text of the first element of that name.
pub fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}

/// The texts of all elements of that name.
pub fn elements<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!("<{name}>");
    xml.split(open.as_str()).skip(1).filter_map(|rest| rest.split_once("</").map(|(text, _)| text)).collect()
}

/// The first `len` bytes of a key's synthetic content.
pub fn content(key: &str, len: usize) -> Vec<u8> {
    let mut data = vec![0; len];
    Content::of_key(key).fill(0, &mut data);
    data
}

/// A header's text.
pub fn header<'a, B>(response: &'a Response<B>, name: &str) -> Option<&'a str> {
    response.headers().get(name).and_then(|value| value.to_str().ok())
}

fn copy_dir(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_dir(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
