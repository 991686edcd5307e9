//! `--live`: a view of the run at the bottom of the terminal, drawn a few times a second by a thread of its own.
//!
//! It takes no part in anything: it reads no key, so that Ctrl-C stays what it is, and leaves nothing of itself behind; run
//! lines and tables are printed above it as ever.

mod ansi;
mod course;
mod figures;
mod panel;
mod series;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::{Sight, Watch};
use course::Course;
use run_records::results_file::RunId;
use wlx_terminal::Panel;

/// Time between two pictures: often enough to see things move.
const DRAW_EVERY: Duration = Duration::from_millis(200);

/// The runs that are open.
#[derive(Debug, Default)]
struct Runs {
    open: BTreeMap<RunId, Course>,
    /// The one whose turn it is.
    present: Option<RunId>,
}

/// The view; it comes with the first run, so that what is done before has its own bar, and goes when dropped.
#[derive(Default)]
pub struct Live {
    runs: Arc<Mutex<Runs>>,
    painter: Option<Painter>,
}

/// The thread that draws.
struct Painter {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Painter {
    fn start(runs: &Arc<Mutex<Runs>>) -> Option<Self> {
        let panel = Panel::open()?;
        let runs = Arc::clone(runs);
        let (stop, stopped) = mpsc::channel();
        let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let paint = move || {
            while stopped.recv_timeout(DRAW_EVERY) == Err(RecvTimeoutError::Timeout) {
                draw(&panel, &runs, colour);
            }
        };
        // Without a thread there is no view; the bar takes over, as the panel is gone with the closure.
        let thread = std::thread::Builder::new().name("live view".to_owned()).spawn(paint).ok()?;
        Some(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Painter {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A view that broke has said so by its panic; the runs go on.
            drop(thread.join());
        }
    }
}

impl Watch for Live {
    fn see(&mut self, run: RunId, sight: &Sight<'_>) {
        if self.painter.is_none() && matches!(sight, Sight::RunBegins(_)) {
            self.painter = Painter::start(&self.runs);
        }
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).see(run, sight);
    }
}

impl Runs {
    fn see(&mut self, run: RunId, sight: &Sight<'_>) {
        if let Sight::RunBegins(begins) = sight {
            self.open.insert(run, Course::new(begins));
            self.present = Some(run);
            return;
        }
        let Some(course) = self.open.get_mut(&run) else { return };
        match sight {
            Sight::Hello(hello) => course.hello(hello),
            Sight::RepeatBegins(repeat) => {
                course.begin(*repeat);
                self.present = Some(run);
            }
            Sight::Progress(progress) => course.progress(progress),
            Sight::Repeat(record) => course.end(record),
            Sight::RunEnds { .. } => drop(self.open.remove(&run)),
            Sight::RunBegins(_) | Sight::Task(_) => {}
        }
    }

    /// What is shown now on a terminal of this size.
    fn lines(&self, columns: u16, rows: u16, colour: bool) -> Vec<String> {
        let Some(run) = self.present else { return Vec::new() };
        let Some(course) = self.open.get(&run) else { return Vec::new() };
        let others: Vec<&Course> = self.open.iter().filter(|(other, _)| **other != run).map(|(_, it)| it).collect();
        ansi::lines(&panel::panel(course, &others, columns, rows), colour)
    }
}

fn draw(panel: &Panel, runs: &Mutex<Runs>, colour: bool) {
    let Some((columns, rows)) = Panel::size() else { return };
    let lines = runs.lock().unwrap_or_else(PoisonError::into_inner).lines(columns, rows, colour);
    panel.draw(&lines);
}
