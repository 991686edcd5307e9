//! Exit codes of both programs and of the runner protocol, as named constants.

/// Everything that was asked for is done.
pub const OK: u8 = 0;
/// The sources have errors, `--check` found differences, or a run failed.
pub const FAILED: u8 = 1;
/// The command line or the settings are wrong; nothing was started.
pub const USAGE: u8 = 2;
/// A comparison with a baseline found a regression above the stated limit.
pub const REGRESSION: u8 = 3;
/// In the runner protocol: the runner skipped the workload on purpose. From `wlx run`: everything was skipped.
pub const SKIPPED: u8 = 123;
/// Interrupted by Ctrl-C or SIGTERM, after cleaning up (128 + SIGINT).
pub const INTERRUPTED: u8 = 130;
/// In the runner protocol: the runner failed and printed `FAIL - REASON` to stderr.
pub const RUNNER_FAILED: u8 = 255;
