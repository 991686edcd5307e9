//! `wlx`: prepares buckets, runs compiled workloads through S3 clients, keeps and shows the results.

pub mod analysis;
pub mod baseline;
pub mod calibrate;
pub mod catalog;
pub mod clean;
pub mod cli;
pub mod clients;
pub mod cloudwatch;
pub mod compare;
pub mod conform;
mod grid;
pub mod integrity;
pub mod library;
pub mod measure;
pub mod one_command;
pub mod prep;
pub mod report;
pub mod results;
pub mod run;
pub mod runner;
pub mod serve;
pub mod settings;
pub mod store;
pub mod target;
pub mod terminal;
pub mod watch;
