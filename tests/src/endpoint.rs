//! The address of an S3 server, and credentials for it.

/// An S3 server's address and the credentials that it accepts.
#[derive(Clone)]
pub struct Endpoint {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// The access key id.
    pub access_key_id: String,
    /// The secret that signs requests.
    pub secret_access_key: String,
    /// The region to sign for.
    pub region: String,
}

impl Endpoint {
    /// `127.0.0.1:PORT`
    pub fn authority(&self) -> &str {
        self.url.strip_prefix("http://").unwrap_or(&self.url)
    }

    /// The standard variables that make an AWS client use this server.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", self.url.clone()),
            ("AWS_ACCESS_KEY_ID", self.access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.secret_access_key.clone()),
            ("AWS_REGION", self.region.clone()),
            ("AWS_DEFAULT_REGION", self.region.clone()),
        ]
    }
}
