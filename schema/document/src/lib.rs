//! Reading documents that people write: YAML and JSON as a tree with positions, validation against the JSON Schema of a
//! type, and problems as values that are rendered for people and tools.
//!
//! The compiler reads sources with it and the executor reads workloads with it, so that both report the same problem in
//! the same words. Only [`read`] knows what a workload is.

pub mod decode;
pub mod deserialize;
pub mod diagnostic;
mod duplicate_field;
pub mod explanation;
pub mod id;
pub mod json;
pub mod limits;
pub mod nearest;
pub mod node;
pub mod read;
pub mod render;
pub mod schema_check;
pub mod source_file;
pub mod span;
pub mod yaml;
mod yaml_scalar;

pub use decode::decode;
pub use deserialize::{NodeError, from_node};
pub use diagnostic::{Diagnostic, Label, Severity};
pub use explanation::Explanation;
pub use id::DiagnosticId;
pub use limits::Limits;
pub use node::{Entry, Node, Value};
pub use read::{read_plan, read_workload};
pub use schema_check::SchemaCheck;
pub use source_file::SourceFile;
pub use span::Span;
