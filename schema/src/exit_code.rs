//! Exit codes of both programs and of the runner protocol, as named constants.

/// Everything asked for was done.
pub const OK: u8 = 0;
/// The sources have errors, `--check` found differences, or a run failed.
pub const FAILED: u8 = 1;
/// The command line or the settings are wrong; nothing was started.
pub const USAGE: u8 = 2;
/// A comparison with a baseline found a real regression above the stated limit.
pub const REGRESSION: u8 = 3;
/// Runner protocol: skipped on purpose. Of `wlx run`: everything was skipped.
pub const SKIPPED: u8 = 123;
/// Interrupted by Ctrl-C or SIGTERM, after cleaning up (128 + SIGINT).
pub const INTERRUPTED: u8 = 130;
/// Runner protocol: failed, with `FAIL - REASON` on stderr.
pub const RUNNER_FAILED: u8 = 255;
