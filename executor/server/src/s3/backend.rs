//! What every operation works on.

use std::sync::Arc;

use crate::objects::Objects;

/// What every operation works on.
pub(super) struct Backend {
    pub objects: Arc<Objects>,
    /// The region that the server says it is in.
    pub region: String,
}
