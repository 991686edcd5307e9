//! `wlc check`: diagnostics only.

use checked_document::render;
use serde_json::json;
use workload_schema::exit_code;

use super::compile::compile;
use super::report::{Terminal, count_words, plural};
use crate::cli::SourceArguments;

/// Checks the sources and returns the exit code.
pub fn run(arguments: &SourceArguments, terminal: &mut Terminal) -> u8 {
    let compilation = match compile(arguments) {
        Ok(compilation) => compilation,
        Err(error) => {
            terminal.failure(&error);
            return exit_code::USAGE;
        }
    };
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
        exit_code::OK
    } else {
        terminal.note(&found);
        exit_code::FAILED
    }
}
