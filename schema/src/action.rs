//! The two words that version 2 of the workload format and the source field `action` have for an operation.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Operation;

/// What a task does with its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Move bytes from the client to the bucket.
    Upload,
    /// Move bytes from the bucket to the client.
    Download,
}

impl Action {
    /// Both actions.
    pub const ALL: [Self; 2] = [Self::Upload, Self::Download];

    /// `upload` or `download`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Download => "download",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Action> for Operation {
    fn from(action: Action) -> Self {
        match action {
            Action::Upload => Self::Upload,
            Action::Download => Self::Download,
        }
    }
}

impl From<Operation> for Action {
    fn from(operation: Operation) -> Self {
        match operation {
            Operation::Upload => Self::Upload,
            Operation::Download => Self::Download,
        }
    }
}
