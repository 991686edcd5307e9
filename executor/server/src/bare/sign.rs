//! Signs the bare client's requests.

use std::fmt::Write;

use http::{HeaderName, HeaderValue, header, request::Parts};
use time::OffsetDateTime;

use crate::{
    config::Credentials,
    sigv4::{SigningKeys, UNSIGNED},
};

const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// Signs requests with one pair of credentials for one region.
pub(super) struct Signer {
    access_key: String,
    region: String,
    keys: SigningKeys,
}

impl Signer {
    pub(super) fn new(credentials: Credentials, region: String) -> Self {
        Self { keys: SigningKeys::new(&credentials.secret_key), access_key: credentials.access_key, region }
    }

    /// Adds the headers that sign `head`. The signature covers `host` and all `x-amz-` headers. It does not cover the
    /// payload, unless `head` has an `x-amz-content-sha256` header.
    pub(super) fn sign(&self, head: &mut Parts) {
        let now = OffsetDateTime::now_utc();
        let day = format!("{:04}{:02}{:02}", now.year(), u8::from(now.month()), now.day());
        let date = format!("{day}T{:02}{:02}{:02}Z", now.hour(), now.minute(), now.second());
        if let Ok(value) = HeaderValue::from_str(&date) {
            head.headers.insert(X_AMZ_DATE, value);
        }
        head.headers.entry(X_AMZ_CONTENT_SHA256).or_insert(HeaderValue::from_static(UNSIGNED));
        let (canonical, signed) = canonical_request(head);
        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let signature = self.keys.sign(&date, &scope, &canonical);
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={signed}, Signature={signature}",
            self.access_key
        );
        if let Ok(value) = HeaderValue::from_str(&authorization) {
            head.headers.insert(header::AUTHORIZATION, value);
        }
    }
}

/// The canonical request and the names of the headers in it.
fn canonical_request(head: &Parts) -> (String, String) {
    let mut headers: Vec<(&str, &str)> = head
        .headers
        .iter()
        .filter(|(name, _)| *name == header::HOST || name.as_str().starts_with("x-amz-"))
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?.trim())))
        .collect();
    headers.sort_unstable();
    let mut query: Vec<(&str, &str)> = head
        .uri
        .query()
        .unwrap_or("")
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    query.sort_unstable();
    let query: Vec<String> = query.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let signed = names.join(";");
    let mut canonical = format!("{}\n{}\n{}\n", head.method, head.uri.path(), query.join("&"));
    let mut payload = UNSIGNED;
    for (name, value) in headers {
        if name == X_AMZ_CONTENT_SHA256.as_str() {
            payload = value;
        }
        writeln!(canonical, "{name}:{value}").expect("writing to a string cannot fail");
    }
    write!(canonical, "\n{signed}\n{payload}").expect("writing to a string cannot fail");
    (canonical, signed)
}
