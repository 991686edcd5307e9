//! The events file (`WLX_EVENTS`): written by a thread of its own, so that a slow reader holds up no request.

use std::fs::OpenOptions;
use std::io::Write;
use std::sync::mpsc;
use std::thread::JoinHandle;

use workload_schema::event::{EVENTS_VARIABLE, Event};

/// Where events go; nowhere if nobody asked for them.
#[derive(Debug)]
pub struct Events {
    writer: Option<(mpsc::Sender<Event>, JoinHandle<()>)>,
}

impl Events {
    /// Opens what the environment names.
    pub fn from_environment() -> std::io::Result<Self> {
        let Some(path) = std::env::var_os(EVENTS_VARIABLE).filter(|path| !path.is_empty()) else {
            return Ok(Self { writer: None });
        };
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        let (sender, receiver) = mpsc::channel::<Event>();
        let thread = std::thread::spawn(move || {
            for event in receiver {
                let mut line = serde_json::to_vec(&event).expect("events are plain data");
                line.push(b'\n');
                // A reader that is gone is no reason to stop measuring: the run lines still tell.
                if file.write_all(&line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { writer: Some((sender, thread)) })
    }

    /// Sends one event.
    pub fn send(&self, event: Event) {
        if let Some((sender, _)) = &self.writer {
            // The writer thread ends only when its reader is gone.
            let _ = sender.send(event);
        }
    }

    /// A sender for progress, usable from a task.
    pub fn sender(&self) -> Option<mpsc::Sender<Event>> {
        self.writer.as_ref().map(|(sender, _)| sender.clone())
    }

    /// Waits until everything is written.
    pub fn finish(self) {
        if let Some((sender, thread)) = self.writer {
            drop(sender);
            // A panic there has been printed and loses only what was not written.
            let _ = thread.join();
        }
    }
}
