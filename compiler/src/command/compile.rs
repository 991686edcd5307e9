//! From arguments to checked workloads and diagnostics, for `build`, `check` and `explain`.

use checked_document::Diagnostic;

use crate::checked::Checked;
use crate::cli::SourceArguments;
use crate::expand::expand;
use crate::limits::{BuildLimits, MAX_SHOWN};
use crate::source_set::{SourceError, SourceSet};

/// The result of all stages before files are written.
pub struct Compilation {
    /// The sources.
    pub sources: SourceSet,
    /// The workloads, if there is no error.
    pub checked: Option<Checked>,
    /// The diagnostics, in the order of files and positions.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads, expands and checks the sources.
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

/// Keeps as many diagnostics as a person can read. Errors are kept before warnings, so that no failure loses its reason.
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
