//! What a clean finds, and what it did.

use super::bucket::Undone;
use super::files::NamedFiles;
use super::objects::NamedObjects;
use crate::prep::bucket::BucketState;

/// What there is to remove.
#[derive(Debug, Clone)]
pub(super) struct CleanSurvey {
    pub(super) bucket: Option<(BucketState, NamedObjects)>,
    pub(super) files: Option<NamedFiles>,
}

/// What is known only after the removal.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Removed {
    /// What became of the bucket, if the user asked to undo it.
    pub(super) bucket: Option<Undone>,
    /// Folders that were left empty.
    pub(super) folders: u64,
}
