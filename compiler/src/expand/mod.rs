//! From parsed documents to one resolved value for each workload.

pub mod arithmetic;
pub mod budget;
pub mod document;
pub mod explanation;
pub mod matrix;
pub mod merge;
pub mod resolve;
pub mod scope;
pub mod segment;
pub mod template;

pub use document::expand;
