//! The one owner of stdout and stderr: data goes to stdout, everything else to stderr.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

static QUIET: AtomicBool = AtomicBool::new(false);
static PROGRESS: AtomicBool = AtomicBool::new(true);
/// Whether a [`Panel`] is drawn: bars are not, meanwhile.
static PANEL: AtomicBool = AtomicBool::new(false);
/// The bar that is drawn now: other lines are printed above it.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Takes the flags; called once at the start.
pub fn configure(quiet: bool, no_progress: bool) {
    QUIET.store(quiet, Relaxed);
    PROGRESS.store(!quiet && !no_progress && std::io::stderr().is_terminal(), Relaxed);
}

/// Writes a line of data to stdout. A closed pipe is not an error of ours: the reader has seen enough.
pub fn data(line: &str) {
    with_bar_hidden(|| {
        let mut stdout = std::io::stdout().lock();
        let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
    });
}

/// Writes a line to stderr, unless quiet.
pub fn note(line: &str) {
    if !QUIET.load(Relaxed) {
        stderr_line(line);
    }
}

/// Writes `warning: ...` to stderr, also when quiet.
pub fn warning(text: &str) {
    stderr_line(&format!("warning: {text}"));
}

/// Writes `error: ...` to stderr, also when quiet. A rendered diagnostic already begins so.
pub fn error(text: &str) {
    let prefix = if text.starts_with("error[") { "" } else { "error: " };
    stderr_line(&format!("{prefix}{text}"));
}

/// Writes `hint: ...` to stderr, unless quiet.
pub fn hint(text: &str) {
    note(&format!("hint: {text}"));
}

/// Writes a line to stderr exactly as it is, also when quiet: words that a protocol prescribes.
pub fn stderr_line(line: &str) {
    with_bar_hidden(|| {
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    });
}

/// Columns of the terminal that stdout is, if it is one.
pub fn width() -> Option<usize> {
    let stdout = std::io::stdout();
    if !stdout.is_terminal() {
        return None;
    }
    rustix::termios::tcgetwinsize(stdout).ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// Asks whether progress is drawn.
pub fn shows_progress() -> bool {
    PROGRESS.load(Relaxed)
}

/// A progress bar over `bytes`, titled `title`; drawn only on a terminal, and while no [`Panel`] is. It goes when dropped.
pub fn byte_bar(title: &str, bytes: u64) -> Progress {
    if PANEL.load(Relaxed) {
        return Progress { bar: ProgressBar::hidden(), drawn: false };
    }
    let target = if shows_progress() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let template = "{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta}";
    let style = ProgressStyle::with_template(template).expect("a valid template").progress_chars("=> ");
    let bar = ProgressBar::with_draw_target(Some(bytes), target).with_style(style).with_message(title.to_owned());
    if shows_progress() {
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    *BAR.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.clone());
    Progress { bar, drawn: true }
}

/// A drawn progress bar.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    /// Whether other lines are printed above it.
    drawn: bool,
}

impl Progress {
    /// Moves it to `bytes`.
    pub fn set(&self, bytes: u64) {
        self.bar.set_position(bytes);
    }

    /// Moves it on by `bytes`.
    pub fn add(&self, bytes: u64) {
        self.bar.inc(bytes);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        if self.drawn {
            *BAR.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

/// Lines at the bottom of the terminal that are drawn over and over, below all others. They go when dropped.
///
/// Only the lines themselves are drawn: the terminal stays in its normal mode with its cursor shown, so that there is nothing to
/// restore however the process ends.
#[derive(Debug)]
pub struct Panel {
    bar: ProgressBar,
}

impl Panel {
    /// An empty one; none where progress is not drawn, or another one is there.
    pub fn open() -> Option<Self> {
        if !shows_progress() || PANEL.swap(true, Relaxed) {
            return None;
        }
        let style = ProgressStyle::with_template("{msg}").expect("a valid template");
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style);
        *BAR.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.clone());
        Some(Self { bar })
    }

    /// Draws `lines`, none of them longer than the terminal is wide.
    pub fn draw(&self, lines: &[String]) {
        self.bar.set_message(lines.join("\n"));
    }

    /// Columns and rows of the terminal that it is on.
    pub fn size() -> Option<(u16, u16)> {
        let size = rustix::termios::tcgetwinsize(std::io::stderr()).ok()?;
        (size.ws_col > 0 && size.ws_row > 0).then_some((size.ws_col, size.ws_row))
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        *BAR.lock().unwrap_or_else(PoisonError::into_inner) = None;
        PANEL.store(false, Relaxed);
    }
}

fn with_bar_hidden(write: impl FnOnce()) {
    let bar = BAR.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match bar {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}
