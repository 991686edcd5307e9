//! The kind of store that a run used.

use std::fmt;
use std::net::IpAddr;

/// The embedded server in records.
const EMBEDDED: &str = "embedded server";
/// AWS in records, before the region.
const AWS: &str = "AWS ";

/// The store that a run used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum StoreKind {
    /// The server that `wlx` starts itself, on the client's machine.
    Embedded,
    /// A server at this URL.
    Endpoint(String),
    /// S3 of AWS, in this region.
    Aws(String),
}

impl StoreKind {
    /// The store that a record names as `text`.
    pub fn of_text(text: &str) -> Self {
        match text.strip_prefix(AWS) {
            Some(region) => Self::Aws(region.to_owned()),
            None if text == EMBEDDED => Self::Embedded,
            None => Self::Endpoint(text.to_owned()),
        }
    }

    /// Whether it is the server that `wlx` starts itself.
    pub fn is_embedded(&self) -> bool {
        match self {
            Self::Embedded => true,
            Self::Endpoint(_) | Self::Aws(_) => false,
        }
    }

    /// Whether its address leads to the client's own machine.
    pub fn is_on_loopback(&self) -> bool {
        match self {
            Self::Embedded => true,
            Self::Endpoint(url) => is_loopback_host(host_of(url)),
            Self::Aws(_) => false,
        }
    }
}

/// The text in records.
impl fmt::Display for StoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded => f.write_str(EMBEDDED),
            Self::Endpoint(url) => f.write_str(url),
            Self::Aws(region) => write!(f, "{AWS}{region}"),
        }
    }
}

/// The host in a URL, without port and brackets.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let address = authority.rsplit_once('@').map_or(authority, |(_, address)| address);
    match address.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
        Some((host, _)) => host,
        None => address.split(':').next().unwrap_or_default(),
    }
}

/// Whether `host` is the machine that resolves it.
fn is_loopback_host(host: &str) -> bool {
    let name = host.to_ascii_lowercase();
    let is_local_name = name == "localhost" || name.ends_with(".localhost");
    is_local_name || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_read_back() {
        for text in ["embedded server", "http://127.0.0.1:9000", "AWS eu-central-1", ""] {
            assert_eq!(StoreKind::of_text(text).to_string(), text);
        }
        assert_eq!(StoreKind::of_text("AWS eu-central-1"), StoreKind::Aws("eu-central-1".to_owned()));
    }

    #[test]
    fn only_this_machine_is_loopback() {
        let near = [
            "embedded server",
            "http://127.0.0.1:9000",
            "http://127.8.8.8/path",
            "https://[::1]:9000",
            "http://localhost:9000",
            "http://LOCALHOST",
            "http://s3.localhost:4566",
            "localhost:9000",
            "http://user@127.0.0.1",
        ];
        for text in near {
            assert!(StoreKind::of_text(text).is_on_loopback(), "{text}");
        }
        let far = ["AWS eu-central-1", "https://s3.example.com", "http://localhost.example.com", "http://10.0.0.1", ""];
        for text in far {
            assert!(!StoreKind::of_text(text).is_on_loopback(), "{text}");
        }
    }
}
