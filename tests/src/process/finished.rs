//! A program that has ended, and what a test may require of it.

/// A program that has ended.
pub struct Finished {
    pub(super) name: String,
    /// The exit code; none after a signal.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// All it wrote to stdout.
    pub stdout: String,
    /// All it wrote to stderr.
    pub stderr: String,
}

#[expect(clippy::return_self_not_must_use, reason = "a requirement needs no further use of the value")]
impl Finished {
    /// Requires an exit code.
    #[track_caller]
    pub fn expect_code(self, code: i32) -> Self {
        assert!(
            self.code == Some(code),
            "`{}` ended with {:?} (signal {:?}), not with {code}\n--- stdout\n{}\n--- stderr\n{}",
            self.name,
            self.code,
            self.signal,
            self.stdout,
            self.stderr
        );
        self
    }

    /// Requires exit code 0.
    #[track_caller]
    pub fn expect_success(self) -> Self {
        self.expect_code(0)
    }

    /// Requires that stderr contains `text`.
    #[track_caller]
    pub fn expect_stderr(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "`{}` says no `{text}`:\n{}", self.name, self.stderr);
        self
    }

    /// Requires that stdout contains `text`.
    #[track_caller]
    pub fn expect_stdout(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "`{}` prints no `{text}`:\n{}", self.name, self.stdout);
        self
    }

    /// stdout as one JSON value.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("`{}` printed no JSON ({error}):\n{}", self.name, self.stdout))
    }
}
