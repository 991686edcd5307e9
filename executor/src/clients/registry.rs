//! The ids of the built-in clients, and how each is made.

use std::fmt;
use std::str::FromStr;

use super::null::NullClient;
use super::sdk_rust::SdkRustClient;
use super::{Client, ClientSettings};

/// A client that this program carries itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClientId {
    /// aws-sdk-s3.
    SdkRust,
    /// No I/O at all: the floor of our own measuring.
    Null,
}

/// An id that names no client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown client `{0}` (known: {known})", known = ClientId::ALL.map(ClientId::as_str).join(", "))]
pub struct UnknownClient(pub String);

/// Why a client cannot be made for a workload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// It cannot do this workload: the run is skipped.
    #[error("{0}")]
    Skip(String),
    /// It should, but something is wrong: the run fails.
    #[error("{0}")]
    Fail(String),
}

impl ClientId {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 2] = [Self::SdkRust, Self::Null];

    /// The id as contract 5 spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SdkRust => "sdk-rust",
            Self::Null => "null",
        }
    }

    /// What it is, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Self::SdkRust => "Rust: crate aws-sdk-s3",
            Self::Null => "no I/O at all: the floor of our own measuring",
        }
    }

    /// The cargo feature that it is built with, where it is not always there.
    pub fn feature(self) -> Option<&'static str> {
        match self {
            Self::SdkRust | Self::Null => None,
        }
    }

    /// Whether this build has it.
    pub fn is_built_in(self) -> bool {
        match self {
            Self::SdkRust | Self::Null => true,
        }
    }

    /// Makes the client, ready to run.
    pub async fn make(self, settings: &ClientSettings) -> Result<Box<dyn Client>, MakeError> {
        Ok(match self {
            Self::SdkRust => Box::new(SdkRustClient::new(settings).await),
            Self::Null => Box::new(NullClient::new()),
        })
    }
}

impl FromStr for ClientId {
    type Err = UnknownClient;

    fn from_str(id: &str) -> Result<Self, UnknownClient> {
        Self::ALL.into_iter().find(|client| client.as_str() == id).ok_or_else(|| UnknownClient(id.to_owned()))
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
