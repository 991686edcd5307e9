//! The one owner of stdout and stderr: data goes to stdout, everything else to stderr.

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
    /// Colour only on a terminal, and not with `NO_COLOR`.
    pub fn new(format: Format, quiet: bool) -> Self {
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { format, quiet, colour: !no_colour && std::io::stderr().is_terminal() }
    }

    /// Whether a tool reads the output.
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Data.
    pub fn data(&mut self, text: &str) {
        // A closed pipe is the reader's wish to stop.
        let _ = std::io::stdout().write_all(text.as_bytes());
    }

    /// Data as pretty JSON.
    pub fn json(&mut self, value: &serde_json::Value) {
        self.data(&format!("{value:#}\n"));
    }

    /// A line for people, unless they want quiet or a tool reads.
    pub fn note(&mut self, line: &str) {
        if !self.quiet && self.format == Format::Human {
            self.line(line);
        }
    }

    /// A failure that is no diagnostic.
    pub fn failure(&mut self, error: &dyn std::error::Error) {
        let causes = std::iter::successors(Some(error), |error| error.source());
        let words: Vec<_> = causes.map(ToString::to_string).collect();
        self.line(&format!("error: {}", words.join(": ")));
    }

    /// A line on stderr, whatever the settings.
    pub fn line(&mut self, line: &str) {
        let _ = writeln!(std::io::stderr(), "{line}");
    }

    /// Diagnostics for people. For tools they are part of the command's JSON.
    pub fn diagnostics(&mut self, diagnostics: &[Diagnostic]) {
        if self.format == Format::Human && !diagnostics.is_empty() {
            let _ = std::io::stderr().write_all(render::human(diagnostics, self.colour).as_bytes());
        }
    }
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
