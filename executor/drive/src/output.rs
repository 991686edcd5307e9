//! What a runner says on stdout and stderr: run lines, reasons, and its own words.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::AsyncRead;
use tokio::sync::mpsc;

use super::lines::BoundedLines;
use wlx_terminal as terminal;

/// Words of the protocol before a reason (contract 4).
const SKIP: &str = "Skipping benchmark - ";
const FAIL: &str = "FAIL - ";
/// The last lines that are kept, as the cause of a failure is there.
const LINES_KEPT: usize = 8;
/// Longest reason, in bytes.
const LONGEST_REASON: usize = 2000;
/// Lines of stderr that are passed on; a runner that prints a gigabyte must not bury the others.
const LINES_PASSED_ON: usize = 100;

/// `Run:1 Secs:8.954437 Gb/s:28.847134`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunLine {
    /// Seconds of the repeat.
    pub seconds: f64,
    /// Gigabit/s that the runner makes of it.
    pub gbps: f64,
}

impl RunLine {
    /// The run line that `line` begins with, if it is one. An older form has more fields behind.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let _: u64 = words.next()?.strip_prefix("Run:")?.parse().ok()?;
        let seconds: f64 = words.next()?.strip_prefix("Secs:")?.parse().ok()?;
        let gbps: f64 = words.next()?.strip_prefix("Gb/s:")?.parse().ok()?;
        (line.starts_with("Run:") && seconds.is_finite() && seconds >= 0.0).then_some(Self { seconds, gbps })
    }

    /// Whether its two figures stand for about `bytes`; older runners print three decimals.
    pub fn is_about(&self, bytes: u64) -> bool {
        let bits = bytes as f64 * 8.0 / 1e9;
        let rounding = self.gbps * 0.0006 + self.seconds * 0.0006 + 1e-6;
        (self.gbps * self.seconds - bits).abs() <= bits * 0.02 + rounding
    }
}

/// What was said so far.
#[derive(Debug, Default)]
pub struct Words {
    reason: Option<String>,
    stderr: VecDeque<String>,
    stdout: VecDeque<String>,
    passed_on: usize,
}

/// Shared between both streams and whoever asks at the end.
pub type SharedWords = Arc<Mutex<Words>>;

impl Words {
    /// The reason by the protocol, if one was given.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The last lines, of stderr if there are any.
    pub fn last(&self) -> Option<String> {
        let lines = if self.stderr.is_empty() { &self.stdout } else { &self.stderr };
        let text = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" | ");
        (!text.is_empty()).then(|| cut(&text))
    }

    fn keep(&mut self, line: &str, stream: Stream) {
        let lines = if stream == Stream::Stderr { &mut self.stderr } else { &mut self.stdout };
        if line.trim().is_empty() {
            return;
        }
        lines.push_back(cut(line));
        if lines.len() > LINES_KEPT {
            lines.pop_front();
        }
    }

    /// Passes a line on, while there are not too many.
    fn pass_on(&mut self, line: &str) {
        self.passed_on += 1;
        if self.passed_on <= LINES_PASSED_ON {
            terminal::note(line);
        } else if self.passed_on == LINES_PASSED_ON + 1 {
            terminal::note("(what else it says is not shown)");
        }
    }
}

/// Which stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Its data; not passed on.
    Stdout,
    /// Passed on.
    Stderr,
}

/// Reads `stream` to its end: run lines go to `lines`, the rest is remembered in part.
pub async fn listen(
    stream: impl AsyncRead + Unpin,
    which: Stream,
    words: SharedWords,
    lines: mpsc::UnboundedSender<RunLine>,
) {
    let mut read = BoundedLines::new(stream);
    while let Ok(Some(line)) = read.next().await {
        if let Some(run) = RunLine::parse(&line) {
            // Who no longer waits for them has seen enough.
            let _ = lines.send(run);
            continue;
        }
        let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reason) = line.strip_prefix(SKIP).or_else(|| line.strip_prefix(FAIL)) {
            words.reason = Some(cut(reason));
            continue;
        }
        words.keep(&line, which);
        if which == Stream::Stderr {
            words.pass_on(&line);
        }
    }
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(LONGEST_REASON)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_lines_of_all_existing_runners_are_read() {
        for line in [
            "Run:1 Secs:8.954437 Gb/s:28.847134",
            "Run:1 Secs:8.954437 Gb/s:28.847134 Mb/s:28847.134 GiB/s:3.358 MiB/s:3438.9",
        ] {
            assert_eq!(RunLine::parse(line), Some(RunLine { seconds: 8.954_437, gbps: 28.847_134 }), "{line}");
        }
        for line in
            ["", " Run:1 Secs:1.0 Gb/s:1.0", "Run:x Secs:1 Gb/s:1", "Run:1 Secs:8,95 Gb/s:1", "Run:1 Secs:NaN Gb/s:1"]
        {
            assert_eq!(RunLine::parse(line), None, "{line}");
        }
    }

    #[test]
    fn figures_that_do_not_fit_the_workload_are_noticed() {
        let line = |seconds, gbps| RunLine { seconds, gbps };
        assert!(line(8.954_437, 28.847_134).is_about(30 << 30) || line(8.933, 28.847).is_about(32_212_254_720));
        assert!(line(0.003, 0.175).is_about(65_536), "three decimals are coarse");
        assert!(!line(1.0, 8.0).is_about(1 << 20), "a thousand times too much");
    }

    #[tokio::test]
    async fn reasons_and_last_words_are_kept_apart() {
        let (sender, mut lines) = mpsc::unbounded_channel();
        let words = SharedWords::default();
        let text = format!("{}\nRun:1 Secs:1.0 Gb/s:2.0\nlast\nSkipping benchmark - no disk", "noise\n".repeat(50));
        listen(text.as_bytes(), Stream::Stdout, Arc::clone(&words), sender).await;
        assert_eq!(lines.recv().await, Some(RunLine { seconds: 1.0, gbps: 2.0 }));
        assert_eq!(lines.recv().await, None);
        let words = words.lock().unwrap();
        assert_eq!(words.reason(), Some("no disk"));
        assert!(words.last().unwrap().ends_with("noise | last"));
        assert_eq!(words.stdout.len(), LINES_KEPT);
    }
}
