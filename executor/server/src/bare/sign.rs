//! Signature Version 4 in headers.

use std::{
    fmt::Write,
    sync::{Mutex, PoisonError},
};

use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderName, HeaderValue, header, request::Parts};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::config::Credentials;

/// What a request says when its body is not covered by the signature.
pub(super) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// Signs requests with one pair of credentials for one region.
pub(super) struct Signer {
    credentials: Credentials,
    region: String,
    /// The day and the key that was derived for it, which takes four rounds of HMAC.
    key: Mutex<Option<(String, [u8; 32])>>,
}

impl Signer {
    pub(super) fn new(credentials: Credentials, region: String) -> Self {
        Self { credentials, region, key: Mutex::new(None) }
    }

    /// Adds the headers that sign `head`: its `host` and all its `x-amz-` headers. The payload is unsigned unless the
    /// head says something else of it.
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
        let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let signature = hex(&hmac(&self.key(&day), text.as_bytes()));
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={signed}, Signature={signature}",
            self.credentials.access_key
        );
        if let Ok(value) = HeaderValue::from_str(&authorization) {
            head.headers.insert(header::AUTHORIZATION, value);
        }
    }

    fn key(&self, day: &str) -> [u8; 32] {
        let mut cached = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, key)) = &*cached
            && of == day
        {
            return *key;
        }
        let secret = format!("AWS4{}", self.credentials.secret_key);
        let words = [day, self.region.as_str(), "s3", "aws4_request"];
        let first = hmac(secret.as_bytes(), words[0].as_bytes());
        let key = words[1..].iter().fold(first, |key, word| hmac(&key, word.as_bytes()));
        *cached = Some((day.to_owned(), key));
        key
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

fn hmac(key: &[u8], data: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(data);
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}
