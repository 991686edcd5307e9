//! `wlx`: prepares buckets, runs compiled workloads through S3 clients, keeps and shows the results.

pub mod baseline;
pub mod calibrate;
pub mod clean;
pub mod cli;
pub mod clients;
pub mod compare;
pub mod compat;
pub mod conform;
pub mod ending;
pub mod prep;
pub mod report;
pub mod results;
pub mod run;
pub mod serve;
pub mod session;
pub mod settings;
mod signals;
pub mod store;
