//! Verifies the signatures of plain requests. A signature that is not accepted here is verified again by `s3s`, which
//! decides.

use http::{header, request::Parts};
use subtle::ConstantTimeEq;
use time::{Date, Month, OffsetDateTime};

use crate::{
    config::Credentials,
    sigv4::{SigningKeys, UNSIGNED},
};

/// The SHA-256 of an empty body, which many clients send with a GET.
const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// How far a request's time may be from the server's, in seconds.
const MAX_SKEW: i64 = 15 * 60;

/// Verifies signatures that were made with one pair of credentials.
pub(super) struct Verifier {
    access_key: String,
    keys: SigningKeys,
}

/// The fields of an `Authorization` header.
struct Authorization<'a> {
    access_key: &'a str,
    scope: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut fields = text.strip_prefix("AWS4-HMAC-SHA256 ")?.split(',').map(str::trim);
        let (access_key, scope) = fields.next()?.strip_prefix("Credential=")?.split_once('/')?;
        let signed_headers = fields.next()?.strip_prefix("SignedHeaders=")?;
        let signature = fields.next()?.strip_prefix("Signature=")?;
        fields.next().is_none().then_some(Self { access_key, scope, signed_headers, signature })
    }
}

impl Verifier {
    pub(super) fn new(credentials: &Credentials) -> Self {
        Self { access_key: credentials.access_key.clone(), keys: SigningKeys::new(&credentials.secret_key) }
    }

    /// Whether the signature is right and there is nothing left to verify in the body.
    pub(super) fn accepts(&self, head: &Parts, has_body: bool) -> bool {
        self.verify(head, has_body).unwrap_or(false)
    }

    fn verify(&self, head: &Parts, has_body: bool) -> Option<bool> {
        let text = |name: &str| head.headers.get(name)?.to_str().ok();
        let authorization = Authorization::parse(text("authorization")?)?;
        let date = text("x-amz-date")?;
        let payload = text("x-amz-content-sha256")?;
        let mut scope = authorization.scope.split('/');
        let (day, _region, service, end) = (scope.next()?, scope.next()?, scope.next()?, scope.next()?);
        let unverified = payload == UNSIGNED || (payload == EMPTY_SHA256 && !has_body);
        if authorization.access_key != self.access_key
            || scope.next().is_some()
            || (service, end) != ("s3", "aws4_request")
            || !date.starts_with(day)
            || !unverified
            || !is_recent(date)?
        {
            return None;
        }
        let canonical = canonical_request(head, authorization.signed_headers, payload)?;
        let expected = self.keys.sign(date, authorization.scope, &canonical);
        Some(expected.as_bytes().ct_eq(authorization.signature.as_bytes()).into())
    }
}

/// The canonical request, with path and query as they were sent. If a client encodes them in another way, `None` or a
/// signature that does not match leaves the request to `s3s`.
fn canonical_request(head: &Parts, signed_headers: &str, payload: &str) -> Option<String> {
    let mut canonical = String::with_capacity(512);
    canonical.extend([head.method.as_str(), "\n", head.uri.path(), "\n"]);
    let mut pairs: Vec<&str> = head.uri.query().unwrap_or("").split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_unstable();
    for (index, pair) in pairs.iter().enumerate() {
        canonical.extend([if index > 0 { "&" } else { "" }, pair]);
    }
    canonical.push('\n');
    let (mut has_host, mut before) = (false, "");
    for name in signed_headers.split(';') {
        let mut values = head.headers.get_all(name).iter();
        let value = values.next()?.to_str().ok()?.trim();
        // Headers out of order, repeated, or with inner white space have rules that only `s3s` knows.
        if values.next().is_some() || name <= before || value.contains("  ") {
            return None;
        }
        (has_host, before) = (has_host || name == header::HOST.as_str(), name);
        canonical.extend([name, ":", value, "\n"]);
    }
    canonical.extend(["\n", signed_headers, "\n", payload]);
    has_host.then_some(canonical)
}

/// Whether a date such as `20240102T030405Z` is close to now.
fn is_recent(date: &str) -> Option<bool> {
    let number = |from: usize, to: usize| date.get(from..to)?.parse::<u8>().ok();
    if date.len() != 16 || date.as_bytes()[8] != b'T' || date.as_bytes()[15] != b'Z' {
        return None;
    }
    let year = date.get(..4)?.parse().ok()?;
    let day = Date::from_calendar_date(year, Month::try_from(number(4, 6)?).ok()?, number(6, 8)?).ok()?;
    let then = day.with_hms(number(9, 11)?, number(11, 13)?, number(13, 15)?).ok()?.assume_utc();
    Some((OffsetDateTime::now_utc() - then).whole_seconds().abs() <= MAX_SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_strictly() {
        assert_eq!(is_recent("20130524T000000Z"), Some(false));
        for wrong in ["20130524T000000", "20131324T000000Z", "2013052xT000000Z", "", "20130524 000000Z"] {
            assert_eq!(is_recent(wrong), None, "{wrong}");
        }
        let now = OffsetDateTime::now_utc();
        let (date, time) = (now.date(), now.time());
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        let text = format!("{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z", time.hour(), time.minute(), time.second());
        assert_eq!(is_recent(&text), Some(true));
    }

    #[test]
    fn the_fields_of_an_authorization_are_read() {
        let text = "AWS4-HMAC-SHA256 Credential=id/20130524/r/s3/aws4_request,SignedHeaders=host;x, Signature=ab";
        let parsed = Authorization::parse(text).expect("is one");
        assert_eq!((parsed.access_key, parsed.scope), ("id", "20130524/r/s3/aws4_request"));
        assert_eq!((parsed.signed_headers, parsed.signature), ("host;x", "ab"));
        assert!(Authorization::parse("AWS id:signature").is_none());
    }
}
