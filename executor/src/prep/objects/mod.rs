//! Objects to download: looked up in the bucket, then uploaded or declared.

mod body;
mod declare;
mod lookup;
mod part;
mod survey;
mod upload;
mod verify;
mod wanted;

pub(super) use declare::declare;
pub(crate) use survey::existing;
pub use survey::{ObjectSurvey, survey};
pub(super) use upload::upload;
pub use wanted::Wanted;
