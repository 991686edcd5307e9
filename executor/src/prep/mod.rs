//! `wlx prep`: plans, shows and makes what workloads need: the bucket, its objects, and files.
//!
//! Stages are types: the plans of the selected workloads become one [`PrepWork`] without contradictions (or
//! all [`clash::Clashes`] are reported), the missing parts are found ([`Survey`]), shown, and only then made.
//! Nothing is changed before all of that went well. Every step is idempotent, so an interrupted prep
//! continues where it stopped when it is started again.
//!
//! Deliberately absent: replacing anything that wlx did not make, and random content.

mod arguments;
pub mod bucket;
mod bucket_client;
pub mod clash;
mod command;
pub mod disk;
mod ensure;
mod error;
pub mod files;
mod merge;
mod meter;
pub mod objects;
mod sample;
mod show;
mod survey;
mod tally;
#[cfg(test)]
pub(crate) mod tests;
mod until_cancelled;
mod work;

pub use arguments::{Part, PlanFormat, PrepArgs, SelectionArgs};
pub use bucket_client::BucketClient;
pub use command::run;
pub use ensure::{ensure_declared, ensure_files};
pub use error::PrepError;
pub(crate) use meter::Meter;
pub use survey::{Survey, SurveyOrder};
pub use tally::Tally;
pub(crate) use until_cancelled::UntilCancelled;
pub use work::{Need, PrepWork};
