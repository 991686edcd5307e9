//! Problems of a tree that is not a source.

use std::sync::{Arc, OnceLock};

use checked_document::{Diagnostic, Node, NodeError, SchemaCheck, SourceFile};
use workload_schema::source::{Source, is_template};

use super::size::size;

/// The violations of the schema in `node`. If there are none, the error of serde.
pub fn schema_problems(file: &Arc<SourceFile>, node: &Node, error: &NodeError) -> Vec<Diagnostic> {
    static SCHEMA: OnceLock<SchemaCheck> = OnceLock::new();
    let mut problems = SCHEMA.get_or_init(SchemaCheck::of::<Source>).check(file, node);
    if !problems.is_empty() {
        // The document is not expanded after this. Sizes without an expression are checked here, so that all problems are
        // reported together.
        problems.extend(written_size_problems(file, node));
        return problems;
    }
    let span = error.span.unwrap_or_else(|| node.head());
    vec![Diagnostic::error(checked_document::id::BAD_VALUE, error.message.clone()).at(file, span, "")]
}

/// The problems of sizes in `node` that are text without an expression.
fn written_size_problems(file: &Arc<SourceFile>, node: &Node) -> Vec<Diagnostic> {
    let in_tasks = node.get("tasks").map_or(&[][..], Node::items).iter().filter_map(|task| task.get("size"));
    let written = node.get("fileSize").map(|size| ("fileSize", size)).into_iter();
    written
        .chain(in_tasks.map(|size| ("size", size)))
        .filter_map(|(field, node)| Some((field, node.as_text().filter(|text| !is_template(text))?, node.span)))
        .filter_map(|(field, text, span)| size(file, text, field, span).err())
        .collect()
}
