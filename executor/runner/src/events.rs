//! The events file (`WLX_EVENTS`): written by a thread of its own, so that a slow reader holds up no request.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Instant;

use workload_schema::event::{EVENTS_VARIABLE, Event};

use super::samples::Sample;

/// What the writer is given.
#[derive(Debug)]
enum Message {
    Event(Event),
    /// The tasks of a repeat, in a hundredth of the room that their events would take.
    Tasks {
        repeat: u64,
        base: Instant,
        samples: Vec<Vec<Sample>>,
    },
}

/// Where events go; nowhere if nobody asked for them.
#[derive(Debug)]
pub struct Events {
    writer: Option<(mpsc::Sender<Message>, JoinHandle<()>)>,
}

/// Sends events from a task.
#[derive(Debug, Clone)]
pub struct EventSender(mpsc::Sender<Message>);

impl EventSender {
    /// Sends one event; says whether anybody may still read it.
    pub fn send(&self, event: Event) -> bool {
        self.0.send(Message::Event(event)).is_ok()
    }
}

impl Events {
    /// Opens what the environment names.
    pub fn from_environment() -> std::io::Result<Self> {
        let Some(path) = std::env::var_os(EVENTS_VARIABLE).filter(|path| !path.is_empty()) else {
            return Ok(Self { writer: None });
        };
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        let (sender, receiver) = mpsc::channel::<Message>();
        let thread = std::thread::spawn(move || {
            let mut lines = BufWriter::with_capacity(64 * 1024, file);
            for message in receiver {
                // A reader that is gone is no reason to stop measuring: the run lines still tell.
                if write(message, &mut lines).is_err() {
                    return;
                }
            }
        });
        Ok(Self { writer: Some((sender, thread)) })
    }

    /// Whether anybody wants them.
    pub fn are_wanted(&self) -> bool {
        self.writer.is_some()
    }

    /// Sends one event.
    pub fn send(&self, event: Event) {
        self.give(Message::Event(event));
    }

    /// Sends the tasks of a repeat that is over.
    pub fn send_tasks(&self, repeat: u64, base: Instant, samples: Vec<Vec<Sample>>) {
        self.give(Message::Tasks { repeat, base, samples });
    }

    /// A sender for progress, usable from a task.
    pub fn sender(&self) -> Option<EventSender> {
        self.writer.as_ref().map(|(sender, _)| EventSender(sender.clone()))
    }

    fn give(&self, message: Message) {
        if let Some((sender, _)) = &self.writer {
            // The writer thread ends only when its reader is gone.
            let _ = sender.send(message);
        }
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

fn write(message: Message, lines: &mut impl Write) -> std::io::Result<()> {
    match message {
        Message::Event(event) => write_line(&event, lines)?,
        Message::Tasks { repeat, base, samples } => {
            for sample in samples.iter().flatten() {
                write_line(&Event::Task(sample.event(repeat, base)), lines)?;
            }
        }
    }
    // Nobody waits for half a message.
    lines.flush()
}

fn write_line(event: &Event, lines: &mut impl Write) -> std::io::Result<()> {
    serde_json::to_writer(&mut *lines, event)?;
    lines.write_all(b"\n")
}
