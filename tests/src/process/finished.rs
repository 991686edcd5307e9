//! A program that has ended, and what a test may require of it.

use rustix::process::Signal;

/// A program that has ended. How it ended is judged first; then what it wrote can be read.
#[must_use = "how a program ended is to be judged: expect_success, expect_code, expect_one_of or expect_signal"]
pub struct Finished {
    pub(super) code: Option<i32>,
    pub(super) signal: Option<i32>,
    pub(super) output: Output,
}

impl Finished {
    /// Requires exit code 0.
    #[track_caller]
    pub fn expect_success(self) -> Output {
        self.expect_code(0)
    }

    /// Requires an exit code.
    #[track_caller]
    pub fn expect_code(self, code: i32) -> Output {
        let is_so = self.code == Some(code);
        self.require(is_so, &format!("with {code}"))
    }

    /// Requires one of several exit codes, and tells which it was: where only what the program wrote says which is right.
    #[track_caller]
    pub fn expect_one_of(self, codes: &[i32]) -> (i32, Output) {
        let code = self.code.filter(|code| codes.contains(code));
        let output = self.require(code.is_some(), &format!("with one of {codes:?}"));
        (code.expect("it is one of them"), output)
    }

    /// Requires that a signal ended it.
    #[track_caller]
    pub fn expect_signal(self, signal: Signal) -> Output {
        let is_so = self.signal == Some(signal.as_raw());
        self.require(is_so, &format!("by {signal:?}"))
    }

    #[track_caller]
    fn require(self, is_so: bool, how: &str) -> Output {
        let Output { name, stdout, stderr } = &self.output;
        assert!(
            is_so,
            "`{name}` ended with {:?} (signal {:?}), not {how}\n--- stdout\n{stdout}\n--- stderr\n{stderr}",
            self.code, self.signal
        );
        self.output
    }
}

/// What a program wrote that ended as it should.
pub struct Output {
    pub(super) name: String,
    /// All it wrote to stdout.
    pub stdout: String,
    /// All it wrote to stderr.
    pub stderr: String,
}

#[expect(clippy::return_self_not_must_use, reason = "a requirement needs no further use of the value")]
impl Output {
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
