//! Where requests go: to the endpoint that is given, path style, or to AWS, virtual-host style. Never to another host.

use http::Uri;
use http::uri::{Authority, Scheme};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use workload_schema::BucketName;

use crate::endpoint::Connection;
use crate::native::MakeError;

/// What Signature V4 leaves unescaped in a path: unreserved characters and the slash.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
/// What it leaves unescaped in a query.
const IN_QUERY: &AsciiSet = &IN_PATH.add(b'/');

/// The host to connect to, and where the bucket's keys begin on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Scheme and authority to connect to.
    pub origin: Uri,
    /// Value of the `Host` header.
    pub host: String,
    /// What stands before a key in the path, with a slash at its end.
    prefix: String,
}

impl Address {
    /// The address of `bucket` in the store of `connection`.
    pub fn of(connection: &Connection, bucket: &BucketName) -> Result<Self, MakeError> {
        let bucket = bucket.as_str();
        let (url, prefix) = match &connection.endpoint_url {
            Some(url) => (url.clone(), format!("{bucket}/")),
            None => on_aws(bucket, &connection.region),
        };
        let wrong = |why: &str| MakeError::Fail(format!("cannot use the endpoint {url}: {why}"));
        let parts = url.parse::<Uri>().map_err(|error| wrong(&error.to_string()))?.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(wrong("it has no scheme or no host"));
        };
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(wrong("only http and https are known"));
        }
        let base = parts.path_and_query.as_ref().map_or("", |path| path.path().trim_end_matches('/'));
        Ok(Self { host: host_of(&authority), prefix: format!("{base}/{prefix}"), origin: origin(scheme, authority) })
    }

    /// The path of `key`, escaped.
    pub fn path(&self, key: &str) -> String {
        let mut path = String::with_capacity(self.prefix.len() + key.len() + 64);
        path.push_str(&self.prefix);
        path.extend(utf8_percent_encode(key, IN_PATH));
        path
    }
}

/// Escapes a value of a query.
pub fn in_query(value: &str) -> String {
    utf8_percent_encode(value, IN_QUERY).to_string()
}

/// URL and path prefix on AWS. The certificate covers one label before `.s3`, so buckets with dots go path style.
fn on_aws(bucket: &str, region: &str) -> (String, String) {
    let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    if bucket.contains('.') {
        (format!("https://s3.{region}.{suffix}"), format!("{bucket}/"))
    } else {
        (format!("https://{bucket}.s3.{region}.{suffix}"), String::new())
    }
}

fn host_of(authority: &Authority) -> String {
    match authority.port() {
        Some(port) => format!("{}:{port}", authority.host()),
        None => authority.host().to_owned(),
    }
}

fn origin(scheme: Scheme, authority: Authority) -> Uri {
    Uri::builder().scheme(scheme).authority(authority).path_and_query("/").build().expect("all three parts are there")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(endpoint: Option<&str>, region: &str, bucket: &str) -> Result<Address, MakeError> {
        let connection = Connection {
            endpoint_url: endpoint.map(str::to_owned),
            region: region.to_owned(),
            profile: None,
            credentials: None,
        };
        Address::of(&connection, &BucketName::new(bucket).unwrap())
    }

    #[test]
    fn an_endpoint_is_kept_and_aws_is_reached_by_the_buckets_own_host() {
        for (endpoint, region, bucket, origin, host, path) in [
            (Some("http://127.0.0.1:90"), "us-east-1", "bench", "http://127.0.0.1:90/", "127.0.0.1:90", "/bench/a/b"),
            (Some("https://store/base/"), "us-east-1", "bench", "https://store/", "store", "/base/bench/a/b"),
            (
                None,
                "us-east-1",
                "bench",
                "https://bench.s3.us-east-1.amazonaws.com/",
                "bench.s3.us-east-1.amazonaws.com",
                "/a/b",
            ),
            (
                None,
                "cn-north-1",
                "bench",
                "https://bench.s3.cn-north-1.amazonaws.com.cn/",
                "bench.s3.cn-north-1.amazonaws.com.cn",
                "/a/b",
            ),
            (
                None,
                "eu-west-1",
                "be.nch",
                "https://s3.eu-west-1.amazonaws.com/",
                "s3.eu-west-1.amazonaws.com",
                "/be.nch/a/b",
            ),
        ] {
            let address = address(endpoint, region, bucket).unwrap();
            assert_eq!((address.origin.to_string().as_str(), address.host.as_str()), (origin, host));
            assert_eq!(address.path("a/b"), path);
        }
    }

    #[test]
    fn what_it_cannot_reach_is_said() {
        for endpoint in ["ftp://host", "host", "http://"] {
            assert!(matches!(address(Some(endpoint), "r", "bench"), Err(MakeError::Fail(_))), "{endpoint}");
        }
    }

    #[test]
    fn keys_and_queries_are_escaped() {
        let address = address(Some("http://host"), "r", "bench").unwrap();
        assert_eq!(address.path("a b/ü+~.(1)"), "/bench/a%20b/%C3%BC%2B~.%281%29");
        assert_eq!(in_query("a/b+c="), "a%2Fb%2Bc%3D");
    }
}
