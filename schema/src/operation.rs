//! What one step does at the store, in words of the domain.
//!
//! Code outside this crate asks an operation what it does and never compares kinds. A new kind therefore makes the
//! compiler name every place that must decide.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One kind of request to the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// Writes a whole object.
    Upload,
    /// Reads a whole object.
    Download,
}

/// A code or a word of no operation that this release knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownOperation {
    /// A stored code, perhaps written by a later release.
    #[error("operation code {0} is not known to this release")]
    Code(u8),
    /// A word.
    #[error("`{0}` is not an operation that this release knows")]
    Word(String),
}

impl Operation {
    /// All operations, in the order in which people see them.
    pub const ALL: [Self; 2] = [Self::Upload, Self::Download];

    /// The code that results files store. It never changes and is never reused.
    pub fn code(self) -> u8 {
        match self {
            Self::Download => 0,
            Self::Upload => 1,
        }
    }

    /// The operation with this stored code.
    pub fn from_code(code: u8) -> Result<Self, UnknownOperation> {
        Self::ALL.into_iter().find(|operation| operation.code() == code).ok_or(UnknownOperation::Code(code))
    }

    /// Its word in every output: `upload` or `download`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Download => "download",
        }
    }

    /// Whether it needs an object that is already at the store.
    pub fn reads(self) -> bool {
        match self {
            Self::Upload => false,
            Self::Download => true,
        }
    }

    /// Whether it leaves an object at the store.
    pub fn writes(self) -> bool {
        match self {
            Self::Upload => true,
            Self::Download => false,
        }
    }

    /// Whether the client sends the content of an object, and therefore needs it in a file or in memory.
    pub fn sends_payload(self) -> bool {
        match self {
            Self::Upload => true,
            Self::Download => false,
        }
    }

    /// Whether the client receives the content of an object, and therefore has a file to write or bytes to drop.
    pub fn receives_payload(self) -> bool {
        match self {
            Self::Upload => false,
            Self::Download => true,
        }
    }

    /// Bytes of payload that the client sends for an object of `size` bytes.
    pub fn bytes_sent(self, size: u64) -> u64 {
        match self {
            Self::Upload => size,
            Self::Download => 0,
        }
    }

    /// Bytes of payload that the client receives for an object of `size` bytes.
    pub fn bytes_received(self, size: u64) -> u64 {
        match self {
            Self::Upload => 0,
            Self::Download => size,
        }
    }

    /// Bytes of payload in both directions for an object of `size` bytes.
    pub fn bytes_moved(self, size: u64) -> u64 {
        self.bytes_sent(size).saturating_add(self.bytes_received(size))
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Operation {
    type Err = UnknownOperation;

    fn from_str(word: &str) -> Result<Self, UnknownOperation> {
        let known = Self::ALL.into_iter().find(|operation| operation.as_str() == word);
        known.ok_or_else(|| UnknownOperation::Word(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_results_files() {
        assert_eq!((Operation::Download.code(), Operation::Upload.code()), (0, 1));
        for operation in Operation::ALL {
            assert_eq!(Operation::from_code(operation.code()), Ok(operation));
            assert_eq!(operation.as_str().parse(), Ok(operation));
        }
        assert_eq!(Operation::from_code(2), Err(UnknownOperation::Code(2)));
        assert_eq!("Upload".parse::<Operation>(), Err(UnknownOperation::Word("Upload".to_owned())));
    }

    #[test]
    fn bytes_move_where_payload_does() {
        for operation in Operation::ALL {
            assert_eq!(operation.bytes_sent(7) > 0, operation.sends_payload(), "{operation}");
            assert_eq!(operation.bytes_received(7) > 0, operation.receives_payload(), "{operation}");
            assert_eq!(operation.bytes_moved(7), 7, "{operation}");
        }
    }
}
