//! The append-only journal of all changes, as lines of JSON. The first line holds the format version.
//!
//! Each change is one `write` without a sync. So an acknowledged change survives the end of the process, but not a loss
//! of power. A kill during a write leaves an incomplete last line, which is cut off when the journal is opened.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::record::Entry;
use crate::error::ServerError;

/// Version of the journal's format that this release reads and writes.
const VERSION: u32 = 1;
const FORMAT: &str = "embedded-s3-journal";

#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
    version: u32,
}

/// The open journal.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: fs::File,
    len: u64,
    buffer: Vec<u8>,
}

impl Journal {
    /// Opens the journal, and creates an empty one if it does not exist. Hands each entry to `apply` in order, and
    /// returns the number of entries too.
    pub(super) fn open(path: &Path, mut apply: impl FnMut(Entry<'_>)) -> Result<(Self, usize), ServerError> {
        let failed = |source| ServerError::State { path: path.to_owned(), source };
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(failed(error)),
        };
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let mut lines = text[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let fresh = match lines.next() {
            Some(line) => {
                check_header(path, line)?;
                false
            }
            None => true,
        };
        let mut count = 0;
        for line in lines {
            count += 1;
            let entry = serde_json::from_slice(line).map_err(|source| ServerError::Damaged {
                path: path.to_owned(),
                line: count + 1,
                source,
            })?;
            apply(entry);
        }
        let file = fs::OpenOptions::new().create(true).append(true).open(path).map_err(failed)?;
        file.set_len(whole as u64).map_err(failed)?;
        let mut journal = Self { path: path.to_owned(), file, len: whole as u64, buffer: Vec::new() };
        if fresh {
            journal.append_lines(|buffer| push_line(buffer, &header())).map_err(failed)?;
        }
        Ok((journal, count))
    }

    /// Appends `entries` in one write. On an error none of them is in the journal.
    pub(super) fn append(&mut self, entries: &[Entry<'_>]) -> io::Result<()> {
        self.append_lines(|buffer| entries.iter().try_for_each(|entry| push_line(buffer, entry)))
    }

    /// Replaces the journal by one that holds only `entries`. The old one stays in place until the new one is complete.
    pub(super) fn rewrite<'a>(&mut self, entries: impl Iterator<Item = Entry<'a>>) -> io::Result<()> {
        let temporary = self.path.with_extension("tmp");
        let mut out = io::BufWriter::new(fs::File::create(&temporary)?);
        let mut line = Vec::new();
        push_line(&mut line, &header())?;
        out.write_all(&line)?;
        for entry in entries {
            line.clear();
            push_line(&mut line, &entry)?;
            out.write_all(&line)?;
        }
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&temporary, &self.path)?;
        self.file = fs::OpenOptions::new().append(true).open(&self.path)?;
        self.len = self.file.metadata()?.len();
        Ok(())
    }

    fn append_lines(&mut self, fill: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> io::Result<()> {
        self.buffer.clear();
        fill(&mut self.buffer)?;
        if let Err(error) = self.file.write_all(&self.buffer) {
            // An incomplete line would make every later one unreadable.
            self.file.set_len(self.len)?;
            return Err(error);
        }
        self.len += self.buffer.len() as u64;
        // Gives the memory of a large declaration back.
        self.buffer.shrink_to(1 << 20);
        Ok(())
    }
}

fn header() -> Header {
    Header { format: FORMAT.to_owned(), version: VERSION }
}

fn push_line(buffer: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *buffer, value)?;
    buffer.push(b'\n');
    Ok(())
}

fn check_header(path: &Path, line: &[u8]) -> Result<(), ServerError> {
    let header: Header = serde_json::from_slice(line).map_err(|source| ServerError::Damaged {
        path: path.to_owned(),
        line: 1,
        source,
    })?;
    if header.format != FORMAT || header.version != VERSION {
        return Err(ServerError::Version { path: path.to_owned(), found: header.version, known: VERSION });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(name: &str) -> Entry<'static> {
        Entry::CreateBucket { bucket: name.to_owned().into(), created_ms: 1 }
    }

    fn read(path: &Path) -> Result<Vec<String>, ServerError> {
        let mut seen = Vec::new();
        Journal::open(path, |entry| seen.push(format!("{entry:?}")))?;
        Ok(seen)
    }

    #[test]
    fn a_torn_last_line_is_cut_and_a_damaged_one_is_refused() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("journal");
        let (mut journal, _) = Journal::open(&path, |_| ()).expect("opens");
        journal.append(&[bucket("a"), bucket("b")]).expect("appends");
        let whole = fs::read(&path).expect("readable");
        fs::write(&path, [&whole[..], b"{\"createBucket\":{\"buc"].concat()).expect("writes");
        assert_eq!(read(&path).expect("reads").len(), 2);
        assert_eq!(fs::read(&path).expect("readable"), whole);
        fs::write(&path, [&whole[..], b"{\"nothing\n", &whole[..]].concat()).expect("writes");
        assert!(matches!(read(&path), Err(ServerError::Damaged { line: 4, .. })));
    }

    #[test]
    fn another_version_is_named() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("journal");
        fs::write(&path, "{\"format\":\"embedded-s3-journal\",\"version\":9}\n").expect("writes");
        assert!(matches!(read(&path), Err(ServerError::Version { found: 9, .. })));
    }

    #[test]
    fn a_rewritten_journal_is_appended_to() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("journal");
        let (mut journal, _) = Journal::open(&path, |_| ()).expect("opens");
        journal.append(&[bucket("a"), bucket("b"), bucket("c")]).expect("appends");
        journal.rewrite([bucket("c")].into_iter()).expect("rewrites");
        journal.append(&[bucket("d")]).expect("appends");
        let seen = read(&path).expect("reads");
        assert_eq!(seen.len(), 2);
        assert!(seen[0].contains("\"c\"") && seen[1].contains("\"d\""));
    }
}
