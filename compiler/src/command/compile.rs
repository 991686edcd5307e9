//! What `build`, `check` and `explain` share: from arguments to checked workloads and diagnostics.

use checked_document::Diagnostic;

use crate::checked::Checked;
use crate::cli::SourceArguments;
use crate::expand::expand;
use crate::limits::{BuildLimits, MAX_SHOWN};
use crate::source_set::{SourceError, SourceSet};

/// The outcome of everything before files are written.
pub struct Compilation {
    /// The sources.
    pub sources: SourceSet,
    /// The workloads, if nothing is wrong.
    pub checked: Option<Checked>,
    /// What was found, in the order of files and positions.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads, expands and checks.
pub fn compile(arguments: &SourceArguments) -> Result<Compilation, SourceError> {
    let limits = BuildLimits {
        combinations: arguments.max_combinations,
        tasks: arguments.max_tasks,
        output: arguments.max_output.0,
    };
    let sources = SourceSet::find(&arguments.paths)?;
    let mut diagnostics = Vec::new();
    let documents = sources.parse(&mut diagnostics);
    let workloads = expand(&documents, limits, &mut diagnostics);
    let checked = Checked::of(workloads, limits, &mut diagnostics);
    diagnostics.sort_by(|left, right| left.order().cmp(&right.order()));
    shorten(&mut diagnostics);
    Ok(Compilation { sources, checked, diagnostics })
}

/// Keeps what a person can read. Errors stay before warnings, so that no failure goes without its reason.
fn shorten(diagnostics: &mut Vec<Diagnostic>) {
    let more = diagnostics.len().saturating_sub(MAX_SHOWN);
    if more == 0 {
        return;
    }
    diagnostics.sort_by_key(|problem| problem.severity);
    diagnostics.truncate(MAX_SHOWN);
    if let Some(last) = diagnostics.last_mut() {
        last.notes.push(format!("and {more} more problems"));
    }
}
