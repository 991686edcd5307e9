//! Signature V4 with the arithmetic of crate aws-sigv4, `UNSIGNED-PAYLOAD`, and the signing key kept for the day.
//!
//! The crate's own way from a request to its signature derives the key and parses the URL anew each time. What is
//! signed here is a fixed set of headers, so the canonical request is written straight down; a test holds it against the crate's.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_s3::config::{Credentials, ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use sha2::{Digest, Sha256};
use workload_schema::ErrorKind;

use crate::endpoint::{Failure, error_chain};

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
    let year = u8::try_from(at.year() / 100).unwrap_or(0);
    let mut stamp = String::with_capacity(16);
    push_two_digits(&mut stamp, year);
    push_two_digits(&mut stamp, u8::try_from(at.year() % 100).unwrap_or(0));
    push_two_digits(&mut stamp, at.month().cast_unsigned());
    push_two_digits(&mut stamp, at.day().cast_unsigned());
    stamp.push('T');
    for part in [at.hour(), at.minute(), at.second()] {
        push_two_digits(&mut stamp, part.cast_unsigned());
    }
    stamp.push('Z');
    stamp
}

fn hex_digit(value: u8) -> char {
    char::from(b"0123456789abcdef"[usize::from(value)])
}

/// By hand: `core::fmt` showed in the profile of small objects.
fn push_two_digits(text: &mut String, number: u8) {
    text.push(char::from(b'0' + number / 10));
    text.push(char::from(b'0' + number % 10));
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
        for piece in ["AWS4-HMAC-SHA256\n", &stamp, "\n", &self.scope, "\n"] {
            to_sign.push_str(piece);
        }
        for byte in Sha256::digest(&canonical) {
            to_sign.push(hex_digit(byte >> 4));
            to_sign.push(hex_digit(byte & 15));
        }
        let signature = calculate_signature(&self.key, to_sign.as_bytes());
        let authorization = [&self.authorization, names, ", Signature=", &signature].concat();
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use aws_credential_types::credential_fn::provide_credentials_fn;
    use aws_sigv4::http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
        UriPathNormalizationMode, sign,
    };
    use aws_sigv4::sign::v4::SigningParams;

    use super::*;

    fn credentials(token: Option<&str>, expiry: Option<SystemTime>) -> Credentials {
        Credentials::new("id", "secret", token.map(str::to_owned), expiry, "test")
    }

    /// The `authorization` header by the crate's own way.
    fn by_the_crate(credentials: &Credentials, now: SystemTime, request: Signable<'_>) -> String {
        let identity = credentials.clone().into();
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        let params = SigningParams::builder()
            .identity(&identity)
            .region("eu-west-1")
            .name(SERVICE)
            .time(now)
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let headers = request.amz.iter().map(|(name, value)| (name.as_str(), text_of(value)));
        let signable = SignableRequest::new(
            request.method.as_str(),
            format!("http://{}{}", request.host, request.uri),
            headers.chain([("host", request.host)]),
            SignableBody::UnsignedPayload,
        );
        let (instructions, _) = sign(signable.unwrap(), &params).unwrap().into_parts();
        let (_, authorization) = instructions.headers().find(|(name, _)| *name == "authorization").unwrap();
        authorization.to_owned()
    }

    #[test]
    fn signatures_are_those_of_the_crate() {
        let amz = |name, value| (HeaderName::from_static(name), HeaderValue::from_static(value));
        let plain = [];
        let with_checksum = [amz("x-amz-checksum-algorithm", "CRC64NVME"), amz("x-amz-checksum-type", "FULL_OBJECT")];
        for now in [0, 1_369_353_600, 1_709_251_199, 4_102_444_799].map(|at| UNIX_EPOCH + Duration::from_secs(at)) {
            for credentials in [credentials(None, None), credentials(Some("a/token+="), None)] {
                for (method, target, amz) in [
                    (Method::GET, "/bucket/a%20b/%C3%BC~.", &plain[..]),
                    (Method::POST, "/bucket/key?uploads=", &with_checksum[..]),
                    (Method::PUT, "/key?partNumber=12&uploadId=a%2Fb%2B", &plain[..]),
                ] {
                    let uri = target.parse().unwrap();
                    let request = Signable { method: &method, uri: &uri, host: "127.0.0.1:9000", amz };
                    let mut headers = HeaderMap::new();
                    Session::new(&credentials, "eu-west-1", now).unwrap().sign(now, request, &mut headers);
                    assert_eq!(headers[header::AUTHORIZATION], by_the_crate(&credentials, now, request), "{target}");
                    assert_eq!(headers.contains_key(X_AMZ_SECURITY_TOKEN), credentials.session_token().is_some());
                }
            }
        }
    }

    #[tokio::test]
    async fn credentials_are_asked_for_once_and_again_before_they_expire() {
        for (lifetime, times) in [(None, 1), (Some(3600), 1), (Some(30), 3)] {
            let asked = Arc::new(AtomicU32::new(0));
            let counted = Arc::clone(&asked);
            let provider = provide_credentials_fn(move || {
                counted.fetch_add(1, Ordering::Relaxed);
                let expiry = lifetime.map(|seconds| SystemTime::now() + Duration::from_secs(seconds));
                async move { Ok(credentials(None, expiry)) }
            });
            let signer = Signer::new(Some(SharedCredentialsProvider::new(provider)), "eu-west-1".to_owned());
            let uri = Uri::from_static("/bucket/key");
            let request = Signable { method: &Method::GET, uri: &uri, host: "host", amz: &[] };
            for _ in 0..3 {
                signer.sign(request, &mut HeaderMap::new()).await.unwrap();
            }
            assert_eq!(asked.load(Ordering::Relaxed), times, "{lifetime:?}");
        }
    }

    #[tokio::test]
    async fn no_credentials_are_said_to_be_missing() {
        let signer = Signer::new(None, "eu-west-1".to_owned());
        let uri = Uri::from_static("/");
        let request = Signable { method: &Method::GET, uri: &uri, host: "host", amz: &[] };
        let failure = signer.sign(request, &mut HeaderMap::new()).await.unwrap_err();
        assert_eq!(
            (failure.kind, failure.message.as_str()),
            (ErrorKind::Denied, "no credentials: none are configured")
        );
    }
}
