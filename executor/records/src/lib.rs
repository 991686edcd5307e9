//! The results file, and what stored runs mean: figures, analysis, exports, the report.

pub mod analysis;
pub mod baseline;
pub mod report;
pub mod results;
pub mod results_file;
