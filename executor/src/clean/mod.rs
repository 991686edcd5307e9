//! `wlx clean`: removes exactly what the plans of the selected workloads name, and nothing else.
//!
//! Objects to download and uploaded ones, their unfinished uploads, files to upload and downloaded ones, then
//! folders that are left empty. The lifecycle rules, the marker and the bucket go only with `--bucket-too`.
//! Deliberately absent: removing by prefix. What no plan names may belong to somebody else.

mod arguments;
mod bucket;
mod command;
mod files;
mod objects;
mod show;
mod survey;
#[cfg(test)]
mod tests;

pub use arguments::CleanArgs;
pub use command::run;
