//! The live view: the present run at the bottom of the terminal, drawn a few times a second by a thread of its own.
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

use course::Course;
use runner_drive::{Journal, JournalError, RunEvent};
use wlx_terminal::Panel;
use workload_schema::RunKey;

/// Time between two pictures: often enough to see things move.
const DRAW_EVERY: Duration = Duration::from_millis(200);

/// The runs that are open.
#[derive(Debug, Default)]
struct Runs {
    open: BTreeMap<RunKey, Course>,
    /// The one whose turn it is.
    present: Option<RunKey>,
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

impl Journal for Live {
    fn note(&mut self, run: &RunKey, event: &RunEvent<'_>) -> Result<(), JournalError> {
        if matches!(event, RunEvent::Task(_)) {
            // There may be millions, and none is drawn.
            return Ok(());
        }
        if self.painter.is_none() && matches!(event, RunEvent::RunBegins(_)) {
            self.painter = Painter::start(&self.runs);
        }
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).see(run, event);
        Ok(())
    }
}

impl Runs {
    fn see(&mut self, run: &RunKey, event: &RunEvent<'_>) {
        if let RunEvent::RunBegins(begins) = event {
            self.open.insert(run.clone(), Course::new(begins));
            self.present = Some(run.clone());
            return;
        }
        let Some(course) = self.open.get_mut(run) else { return };
        match event {
            RunEvent::Hello(hello) => course.hello(hello),
            RunEvent::RepeatBegins(repeat) => {
                course.begin(*repeat);
                self.present = Some(run.clone());
            }
            RunEvent::Progress(progress) => course.progress(progress),
            RunEvent::Repeat(record) => course.end(record),
            RunEvent::RunEnds { .. } => drop(self.open.remove(run)),
            RunEvent::RunBegins(_) | RunEvent::Task(_) | RunEvent::Verified(_) => {}
        }
    }

    /// What is shown now on a terminal of this size.
    fn lines(&self, columns: u16, rows: u16, colour: bool) -> Vec<String> {
        let Some(run) = &self.present else { return Vec::new() };
        let Some(course) = self.open.get(run) else { return Vec::new() };
        let others: Vec<&Course> = self.open.iter().filter(|(other, _)| *other != run).map(|(_, it)| it).collect();
        ansi::lines(&panel::panel(course, &others, columns, rows), colour)
    }
}

fn draw(panel: &Panel, runs: &Mutex<Runs>, colour: bool) {
    let Some((columns, rows)) = Panel::size() else { return };
    let lines = runs.lock().unwrap_or_else(PoisonError::into_inner).lines(columns, rows, colour);
    panel.draw(&lines);
}
