//! Why what a client did is not the work that was asked for.

use serde::{Deserialize, Serialize};

/// What kind of fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FaultKind {
    /// The client failed.
    Failed,
    /// None of its requests came to the server that it was sent to.
    Elsewhere,
    /// Objects that it did not read or write.
    Skipped,
    /// Objects that it read or wrote in part.
    InPart,
    /// Bytes that it moved more often than tasks ask for.
    Twice,
    /// Objects that it moved and that nobody asked for.
    Strange,
    /// Files or objects that are not as they must be after it.
    WrongContent,
    /// Payload without the checksum that is asked for.
    NoChecksum,
    /// A corrupted body that it took, though it says that it validates.
    NotValidated,
    /// The bucket was listed on the clock.
    Lists,
    /// A time that is shorter than that of its own requests.
    ShortTime,
}

/// Why it is not the work that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// What kind of fault it is.
    pub kind: FaultKind,
    /// What it did, to stand after its name.
    pub sentence: String,
}

impl Fault {
    /// A fault that `sentence` tells.
    pub fn new(kind: FaultKind, sentence: impl Into<String>) -> Self {
        Self { kind, sentence: sentence.into() }
    }
}
