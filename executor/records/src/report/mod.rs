//! `wlx report`: stored runs as one HTML page that needs nothing else: words, tables, pictures, the raw data, provenance.
//!
//! Every number on the page is computed here, by the same code as the tables of `wlx results`; the script in the page draws,
//! sorts and saves, and does no statistics. The page names no address, and its policy forbids it any. What comes from outside
//! (names, reasons, keys) is escaped by the template, or lies in data blocks that no parser of HTML can leave early.

mod comparison;
mod embed;
mod error;
mod in_flight;
mod latency;
mod page;
mod pictures;
mod provenance;
mod rates;
mod raw;
mod strip;
mod task_lines;
#[cfg(test)]
mod tests;
mod throughput;
mod words;

pub use error::ReportError;
pub use page::render;
