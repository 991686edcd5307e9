//! `wlc build`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use checked_document::render;
use serde_json::json;

use super::compile::{Compilation, compile};
use super::ending::{CommandError, Ending};
use super::report::{Terminal, count_words, plural};
use crate::checked::Checked;
use crate::cli::BuildArguments;
use crate::compiled::Compiled;
use crate::emit::output_file::{FileChange, Mode};
use crate::emit::output_folder::{Difference, OutputError, emit, leftovers};

/// Compiles the sources.
pub fn run(arguments: &BuildArguments, terminal: &mut Terminal) -> Result<Ending, CommandError> {
    let compilation = compile(&arguments.sources)?;
    if arguments.prune && !compilation.sources.is_whole {
        return Err(CommandError::PruneOfFiles);
    }
    terminal.diagnostics(&compilation.diagnostics);
    let Some(checked) = &compilation.checked else {
        report_errors(&compilation, terminal);
        return Ok(Ending::Errors);
    };
    let written = write(arguments, checked)?;
    report(arguments, &compilation, checked, &written, terminal);
    let is_different = !written.differences.is_empty() || !written.pruned.is_empty();
    Ok(if arguments.check && is_different { Ending::Differences } else { Ending::Done })
}

/// What was changed in the folder, or would be.
struct Written {
    differences: Vec<Difference>,
    pruned: Vec<PathBuf>,
}

fn write(arguments: &BuildArguments, checked: &Checked) -> Result<Written, OutputError> {
    let mode = if arguments.check { Mode::Check } else { Mode::Write };
    let differences = emit(&Compiled::of(checked), &arguments.out_dir, mode)?;
    let mut pruned = Vec::new();
    if arguments.prune {
        let names: BTreeSet<_> = checked.workloads().iter().map(|workload| &workload.name).collect();
        pruned = leftovers(&arguments.out_dir, &names)?;
        if mode == Mode::Write {
            for path in &pruned {
                std::fs::remove_file(path).map_err(|source| OutputError { path: path.clone(), source })?;
            }
        }
    }
    Ok(Written { differences, pruned })
}

fn report_errors(compilation: &Compilation, terminal: &mut Terminal) {
    if terminal.is_json() {
        terminal.json(&json!({
            "diagnostics": render::json(&compilation.diagnostics),
            "workloads": null,
            "created": [], "changed": [], "removed": [],
        }));
    }
    terminal.note(&format!("{}; nothing was written", count_words(&compilation.diagnostics)));
}

fn report(
    arguments: &BuildArguments,
    compilation: &Compilation,
    checked: &Checked,
    written: &Written,
    terminal: &mut Terminal,
) {
    let workloads = checked.workloads().len() as u64;
    if terminal.is_json() {
        terminal.json(&json!({
            "diagnostics": render::json(&compilation.diagnostics),
            "workloads": workloads,
            "created": paths(written, FileChange::Created),
            "changed": paths(written, FileChange::Changed),
            "removed": written.pruned.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
        }));
    }
    for difference in written.differences.iter().filter(|_| arguments.check) {
        let what = match difference.change {
            FileChange::Created => "is missing",
            FileChange::Changed | FileChange::Unchanged => "would change",
        };
        terminal.note(&format!("{} {what}", difference.path.display()));
    }
    for path in &written.pruned {
        let what = if arguments.check { "would be removed" } else { "removed" };
        terminal.note(&format!("{} {what}: no source makes it", path.display()));
    }
    let files = 2 * workloads;
    let differing = written.differences.len() as u64;
    let summary = if arguments.check {
        format!("{}: {differing} of {files} files differ", plural(workloads, "workload"))
    } else {
        format!("{}: {differing} of {files} files written", plural(workloads, "workload"))
    };
    terminal.note(&format!("{summary} in {}", arguments.out_dir.display()));
}

fn paths(written: &Written, change: FileChange) -> Vec<String> {
    let differences = written.differences.iter().filter(|difference| difference.change == change);
    differences.map(|difference| difference.path.display().to_string()).collect()
}
