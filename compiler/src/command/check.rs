//! `wlc check`: diagnostics only.

use checked_document::render;
use serde_json::json;

use super::compile::compile;
use super::ending::{CommandError, Ending};
use super::report::{Terminal, count_words, plural};
use crate::cli::SourceArguments;

/// Checks the sources.
pub fn run(arguments: &SourceArguments, terminal: &mut Terminal) -> Result<Ending, CommandError> {
    let compilation = compile(arguments)?;
    terminal.diagnostics(&compilation.diagnostics);
    let workloads = compilation.checked.as_ref().map(|checked| checked.workloads().len() as u64);
    if terminal.is_json() {
        terminal.json(&json!({
            "diagnostics": render::json(&compilation.diagnostics),
            "workloads": workloads,
        }));
    }
    let found = count_words(&compilation.diagnostics);
    if let Some(workloads) = workloads {
        terminal.note(&format!("{}: {found}", plural(workloads, "workload")));
        Ok(Ending::Done)
    } else {
        terminal.note(&found);
        Ok(Ending::Errors)
    }
}
