//! The only owner of stdout and stderr. Data goes to stdout, everything else to stderr.

use std::io::{IsTerminal, Write};

use checked_document::{Diagnostic, Severity, render};

use crate::cli::Format;

/// Where a command prints.
pub struct Terminal {
    format: Format,
    quiet: bool,
    colour: bool,
}

impl Terminal {
    /// A terminal for output in `format`. Colour is used only on a terminal, and not with `NO_COLOR`.
    pub fn new(format: Format, quiet: bool) -> Self {
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { format, quiet, colour: !no_colour && std::io::stderr().is_terminal() }
    }

    /// Whether a tool reads the output.
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Prints data.
    pub fn data(&mut self, text: &str) {
        // A closed pipe means that the reader has seen enough.
        let _ = std::io::stdout().write_all(text.as_bytes());
    }

    /// Prints data as indented JSON.
    pub fn json(&mut self, value: &serde_json::Value) {
        self.data(&format!("{value:#}\n"));
    }

    /// Prints a line for people, unless `--quiet` is set or a tool reads the output.
    pub fn note(&mut self, line: &str) {
        if !self.quiet && self.format == Format::Human {
            error_line(line);
        }
    }

    /// Prints an error with its causes, and the hint after it.
    pub fn failure(&mut self, error: &dyn std::error::Error, hint: Option<&str>) {
        let causes = std::iter::successors(Some(error), |error| error.source());
        let words: Vec<_> = causes.map(ToString::to_string).collect();
        error_line(&format!("error: {}", words.join(": ")));
        if let Some(hint) = hint {
            error_line(&format!("hint: {hint}"));
        }
    }

    /// Prints diagnostics for people. For tools they are part of the command's JSON.
    pub fn diagnostics(&mut self, diagnostics: &[Diagnostic]) {
        if self.format == Format::Human && !diagnostics.is_empty() {
            let _ = std::io::stderr().write_all(render::human(diagnostics, self.colour).as_bytes());
        }
    }
}

/// Prints a line to stderr, whatever the settings are.
fn error_line(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// `2 errors and 1 warning`.
pub fn count_words(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|problem| problem.severity == Severity::Error).count();
    let warnings = diagnostics.len() - errors;
    match (errors, warnings) {
        (0, 0) => "no problems".to_owned(),
        (0, warnings) => plural(warnings as u64, "warning"),
        (errors, 0) => plural(errors as u64, "error"),
        (errors, warnings) => format!("{} and {}", plural(errors as u64, "error"), plural(warnings as u64, "warning")),
    }
}

/// `1 task`, `2 tasks`.
pub fn plural(count: u64, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
