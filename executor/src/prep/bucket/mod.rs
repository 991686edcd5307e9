//! The bucket itself: whose it is, its marker and its lifecycle rules.

mod apply;
mod lifecycle;
mod marker;
mod survey;

pub use apply::apply;
pub use lifecycle::RulesPlan;
pub(crate) use lifecycle::{remove_ours, rules_without_ours};
pub(crate) use marker::MARKER_KEY;
pub use marker::Origin;
pub(crate) use survey::state;
pub use survey::{BucketState, BucketSurvey, survey};
