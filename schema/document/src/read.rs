//! Reading compiled and hand-written files. serde reads them; the schema serves only to explain what does not fit.

use std::ops::RangeInclusive;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use workload_schema::format::run_file::{self, NEWEST_VERSION, OLDEST_VERSION, ReadError, RunFile};
use workload_schema::{PrepPlan, Workload, plan};

use crate::{Diagnostic, Limits, Node, NodeError, SchemaCheck, SourceFile, Span, Value, decode, from_node, id, json};

/// Size in bytes of the largest file that is parsed a second time for a message with an excerpt. A tree with positions
/// takes several times the memory of the file.
const LARGEST_EXPLAINED: usize = 32 << 20;

/// Reads a workload. `path` is only a label.
pub fn read_workload(path: &str, bytes: &[u8]) -> Result<Workload, Vec<Diagnostic>> {
    run_file::read(bytes).map_err(|error| explain_workload(path, bytes, &error))
}

/// Reads a prep plan. `path` is only a label.
pub fn read_plan(path: &str, bytes: &[u8]) -> Result<PrepPlan, Vec<Diagnostic>> {
    let plan: PrepPlan = match serde_json::from_slice(bytes) {
        Ok(plan) => plan,
        Err(error) => return Err(explain_plan(path, bytes, &error)),
    };
    if plan.version != plan::VERSION {
        return Err(explain_plan(path, bytes, &"unknown version"));
    }
    Ok(plan)
}

fn explain_workload(path: &str, bytes: &[u8], error: &ReadError) -> Vec<Diagnostic> {
    let (file, node) = match tree(path, bytes, &error.to_string()) {
        Ok(tree) => tree,
        Err(problems) => return problems,
    };
    if let Some(problem) = version_problem(&file, &node, "workload", OLDEST_VERSION..=NEWEST_VERSION) {
        return vec![problem];
    }
    let problems = violations::<RunFile>(&file, &node);
    if !problems.is_empty() {
        return problems;
    }
    let span = node.get(error.field()).map_or_else(|| node.head(), Node::head);
    vec![Diagnostic::error(id::BAD_VALUE, error.to_string()).at(&file, span, "")]
}

fn explain_plan(path: &str, bytes: &[u8], error: &dyn std::fmt::Display) -> Vec<Diagnostic> {
    let (file, node) = match tree(path, bytes, &error.to_string()) {
        Ok(tree) => tree,
        Err(problems) => return problems,
    };
    if let Some(problem) = version_problem(&file, &node, "prep plan", plan::VERSION..=plan::VERSION) {
        return vec![problem];
    }
    let problems = violations::<PrepPlan>(&file, &node);
    if !problems.is_empty() {
        return problems;
    }
    vec![Diagnostic::error(id::BAD_VALUE, format!("not a prep plan: {error}")).at(&file, node.head(), "")]
}

/// The violations of the schema. If there are none, the error of serde, which also checks names and keys.
fn violations<T: DeserializeOwned + schemars::JsonSchema>(file: &Arc<SourceFile>, node: &Node) -> Vec<Diagnostic> {
    let problems = SchemaCheck::of::<T>().check(file, node);
    if !problems.is_empty() {
        return problems;
    }
    match from_node::<T>(node) {
        Ok(_) => Vec::new(),
        Err(NodeError { message, span }) => {
            let span = span.unwrap_or_else(|| node.head());
            vec![Diagnostic::error(id::BAD_VALUE, message).at(file, span, "")]
        }
    }
}

fn tree(path: &str, bytes: &[u8], error: &str) -> Result<(Arc<SourceFile>, Node), Vec<Diagnostic>> {
    if bytes.len() > LARGEST_EXPLAINED {
        let file = SourceFile::new(path, "");
        return Err(vec![Diagnostic::error(id::BAD_VALUE, error).at(&file, Span::default(), "")]);
    }
    let limits = Limits { bytes: LARGEST_EXPLAINED, ..Limits::default() };
    let file = decode(path, bytes.to_vec(), limits).map_err(|problem| vec![problem])?;
    let (node, problems) = json::parse(&file, limits);
    match node {
        Some(node) if problems.is_empty() => Ok((file, node)),
        _ if problems.is_empty() => Err(vec![Diagnostic::error(id::BAD_VALUE, error).at(&file, Span::default(), "")]),
        _ => Err(problems),
    }
}

/// One clear message for an unknown version, instead of a list of fields that this release does not know.
fn version_problem(file: &Arc<SourceFile>, node: &Node, what: &str, known: RangeInclusive<u32>) -> Option<Diagnostic> {
    let version = node.get("version")?;
    let Value::Integer(found) = version.value else {
        return None;
    };
    if (i128::from(*known.start())..=i128::from(*known.end())).contains(&found) {
        return None;
    }
    let release = env!("CARGO_PKG_VERSION");
    let message = format!("{what} version {found} is not known to release {release}");
    let help = if found > i128::from(*known.end()) {
        "a later release reads it: update, or compile the source with this release's wlc"
    } else {
        "no release reads it: compile it again from its source"
    };
    let versions: Vec<_> = known.map(|version| version.to_string()).collect();
    Some(
        Diagnostic::error(id::UNKNOWN_VERSION, message)
            .at(file, version.span, format!("this release reads {}", versions.join(" and ")))
            .help(help),
    )
}
