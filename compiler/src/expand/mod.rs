//! From parsed documents to one resolved value per workload.

pub mod arithmetic;
pub mod budget;
pub mod document;
pub mod explanation;
pub mod matrix;
pub mod merge;
pub mod resolve;
mod schema_problems;
pub mod scope;
pub mod segment;
mod size;
pub mod template;

pub use document::expand;
