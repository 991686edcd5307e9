//! Signature V4 with the arithmetic of crate aws-sigv4, `UNSIGNED-PAYLOAD`, and the signing key kept for the day.
//!
//! The crate's own way from a request to its signature derives the key and parses the URL anew each time. What is
//! signed here is a fixed set of headers, so the canonical request is written straight down; a test holds it against the crate's.

use std::fmt::Write;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_s3::config::{Credentials, ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use sha2::{Digest, Sha256};
use workload_schema::record::ErrorKind;

use crate::target::{Failure, error_chain};

const SERVICE: &str = "s3";
const UNSIGNED: HeaderValue = HeaderValue::from_static("UNSIGNED-PAYLOAD");
const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
/// Credentials that end are asked for anew so long before.
const BEFORE_EXPIRY: Duration = Duration::from_mins(1);
const DAY: u64 = 24 * 60 * 60;

/// What of a request is signed. Further `x-amz-` headers sort between `host` and `x-amz-content-sha256`, as those of
/// checksums do.
#[derive(Debug, Clone, Copy)]
pub struct Signable<'a> {
    /// The method.
    pub method: &'a Method,
    /// Path and query, escaped; the query is sorted and has a `=` in each pair.
    pub uri: &'a Uri,
    /// Value of the `Host` header.
    pub host: &'a str,
    /// Further `x-amz-` headers, sorted.
    pub amz: &'a [(HeaderName, HeaderValue)],
}

/// Signs requests for one region with the credentials of a provider.
#[derive(Debug)]
pub struct Signer {
    provider: Option<SharedCredentialsProvider>,
    region: String,
    session: RwLock<Option<Arc<Session>>>,
    /// Held while credentials are asked for, so that one request asks for all.
    asking: tokio::sync::Mutex<()>,
}

impl Signer {
    /// A signer that asks `provider` when it first needs credentials.
    pub fn new(provider: Option<SharedCredentialsProvider>, region: String) -> Self {
        Self { provider, region, session: RwLock::default(), asking: tokio::sync::Mutex::default() }
    }

    /// Adds the headers that sign `request`.
    pub async fn sign(&self, request: Signable<'_>, headers: &mut HeaderMap) -> Result<(), Failure> {
        let now = SystemTime::now();
        let session = match self.usable(now) {
            Some(session) => session,
            None => self.renew(now).await?,
        };
        session.sign(now, request, headers);
        Ok(())
    }

    fn usable(&self, now: SystemTime) -> Option<Arc<Session>> {
        let session = self.session.read().unwrap_or_else(PoisonError::into_inner);
        session.as_ref().filter(|session| session.is_usable(now)).cloned()
    }

    async fn renew(&self, now: SystemTime) -> Result<Arc<Session>, Failure> {
        let _asking = self.asking.lock().await;
        if let Some(session) = self.usable(now) {
            return Ok(session);
        }
        let denied = |why: String| Failure::local(ErrorKind::Denied, format!("no credentials: {why}"));
        let provider = self.provider.as_ref().ok_or_else(|| denied("none are configured".to_owned()))?;
        let credentials = provider.provide_credentials().await.map_err(|error| denied(error_chain(&error)))?;
        let session = Arc::new(Session::new(&credentials, &self.region, now)?);
        *self.session.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&session));
        Ok(session)
    }
}

/// One set of credentials on one day.
struct Session {
    day: u64,
    usable_until: Option<SystemTime>,
    key: Vec<u8>,
    /// `YYYYMMDD/REGION/s3/aws4_request`.
    scope: String,
    /// The `authorization` header up to the names of the signed headers.
    authorization: String,
    token: Option<HeaderValue>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("scope", &self.scope).finish_non_exhaustive()
    }
}

fn day_of(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / DAY)
}

/// `YYYYMMDDThhmmssZ`.
fn stamp_of(time: SystemTime) -> String {
    let timestamp = jiff::Timestamp::try_from(time).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let at = jiff::tz::Offset::UTC.to_datetime(timestamp);
    let (year, month, day, hour, minute, second) =
        (at.year(), at.month(), at.day(), at.hour(), at.minute(), at.second());
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

fn text_of(value: &HeaderValue) -> &str {
    value.to_str().expect("made from text")
}

impl Session {
    fn new(credentials: &Credentials, region: &str, now: SystemTime) -> Result<Self, Failure> {
        let unusable =
            || Failure::local(ErrorKind::Denied, "no credentials: they hold characters that no header can carry");
        let scope = format!("{}/{region}/{SERVICE}/aws4_request", &stamp_of(now)[..8]);
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders=", credentials.access_key_id());
        HeaderValue::from_str(&authorization).map_err(|_| unusable())?;
        let token = credentials.session_token().map(HeaderValue::from_str).transpose().map_err(|_| unusable())?;
        let key = generate_signing_key(credentials.secret_access_key(), now, region, SERVICE).as_ref().to_vec();
        let usable_until = credentials.expiry().map(|expiry| expiry - BEFORE_EXPIRY);
        Ok(Self { day: day_of(now), usable_until, key, scope, authorization, token })
    }

    fn is_usable(&self, now: SystemTime) -> bool {
        self.day == day_of(now) && self.usable_until.is_none_or(|until| now < until)
    }

    fn sign(&self, now: SystemTime, request: Signable<'_>, headers: &mut HeaderMap) {
        let stamp = stamp_of(now);
        let (canonical, names_at) = self.canonical(&stamp, request);
        let names = &canonical[names_at..canonical.len() - 1 - UNSIGNED.len()];
        let mut to_sign = String::with_capacity(192);
        write!(to_sign, "AWS4-HMAC-SHA256\n{stamp}\n{}\n", self.scope).expect("a string takes all");
        for byte in Sha256::digest(&canonical) {
            write!(to_sign, "{byte:02x}").expect("a string takes all");
        }
        let signature = calculate_signature(&self.key, to_sign.as_bytes());
        let authorization = format!("{}{names}, Signature={signature}", self.authorization);
        let value = |text: String| HeaderValue::from_maybe_shared(bytes::Bytes::from(text)).expect("only ASCII");
        headers.insert(header::AUTHORIZATION, value(authorization));
        headers.insert(X_AMZ_CONTENT_SHA256, UNSIGNED);
        headers.insert(X_AMZ_DATE, value(stamp));
        if let Some(token) = &self.token {
            headers.insert(X_AMZ_SECURITY_TOKEN, token.clone());
        }
    }

    /// The canonical request, and where the names of its signed headers stand in it.
    fn canonical(&self, stamp: &str, request: Signable<'_>) -> (String, usize) {
        let Signable { method, uri, host, amz } = request;
        let mut out = String::with_capacity(512);
        for piece in [method.as_str(), "\n", uri.path(), "\n", uri.query().unwrap_or(""), "\nhost:", host, "\n"] {
            out.push_str(piece);
        }
        for (name, value) in amz {
            for piece in [name.as_str(), ":", text_of(value), "\n"] {
                out.push_str(piece);
            }
        }
        for piece in ["x-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:", stamp, "\n"] {
            out.push_str(piece);
        }
        if let Some(token) = &self.token {
            for piece in ["x-amz-security-token:", text_of(token), "\n"] {
                out.push_str(piece);
            }
        }
        out.push('\n');
        let names_at = out.len();
        out.push_str("host");
        for (name, _) in amz {
            out.push(';');
            out.push_str(name.as_str());
        }
        out.push_str(";x-amz-content-sha256;x-amz-date");
        if self.token.is_some() {
            out.push_str(";x-amz-security-token");
        }
        out.push_str("\nUNSIGNED-PAYLOAD");
        (out, names_at)
    }
}
