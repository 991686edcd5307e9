//! Files below the files directory: those to upload are made, those to download get their folder.

mod inside;
mod make;
mod survey;

pub(crate) use inside::{Inside, failure};
pub use make::make;
pub use survey::{FileSurvey, survey};
