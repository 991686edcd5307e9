//! The FIFO that a runner writes its events to.

use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::TempDir;
use tokio::net::unix::pipe;
use workload_schema::event::Event;

use super::lines::BoundedLines;

/// A FIFO in a folder of its own; gone when dropped.
#[derive(Debug)]
pub struct EventPipe {
    lines: BoundedLines<pipe::Receiver>,
    path: PathBuf,
    _folder: TempDir,
}

impl EventPipe {
    /// Makes the FIFO and opens its reading end.
    pub fn new() -> std::io::Result<Self> {
        let folder = TempDir::with_prefix("wlx-events-")?;
        let path = folder.path().join("events");
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)?;
        // Open for writing too: otherwise there is an end of file whenever no runner has it open.
        let receiver = pipe::OpenOptions::new().read_write(true).open_receiver(&path)?;
        Ok(Self { lines: BoundedLines::new(receiver), path, _folder: folder })
    }

    /// What `WLX_EVENTS` must name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The next event; waits for it. What is not an event of ours is passed over: later protocol versions may
    /// have more. Cancel-safe.
    pub async fn next(&mut self) -> std::io::Result<Event> {
        loop {
            match self.lines.next().await? {
                Some(line) => {
                    if let Ok(event) = serde_json::from_str(&line) {
                        return Ok(event);
                    }
                }
                None => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            }
        }
    }
}
