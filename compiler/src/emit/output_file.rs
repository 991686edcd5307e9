//! One compiled file: compared with what is there while it is generated, and written only from the first
//! difference on.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileChange {
    /// It has these bytes already.
    Unchanged,
    /// It was not there.
    Created,
    /// It had other bytes.
    Changed,
}

/// Whether differences are written or only found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write what differs.
    Write,
    /// Find what differs.
    Check,
}

/// A file that is being generated. Its bytes should come in large pieces: each piece is compared by itself.
pub struct OutputFile<'a> {
    path: PathBuf,
    mode: Mode,
    existing: Option<File>,
    matched: u64,
    differs: bool,
    temporary: Option<NamedTempFile>,
    comparison: &'a mut Vec<u8>,
}

impl<'a> OutputFile<'a> {
    /// Opens what is at `path`. `comparison` is a buffer that is reused.
    pub fn open(path: PathBuf, mode: Mode, comparison: &'a mut Vec<u8>) -> std::io::Result<Self> {
        let existing = match File::open(&path) {
            Ok(file) => Some(file),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Self { path, mode, existing, matched: 0, differs: false, temporary: None, comparison })
    }

    /// Puts the file in its place, if it differs.
    ///
    /// The rename makes the file appear whole. Nothing is flushed to the disk: after a power cut the same
    /// command writes the same bytes again.
    pub fn finish(mut self) -> std::io::Result<FileChange> {
        if !self.differs && self.has_more()? {
            self.start_writing()?;
        }
        let outcome = match (self.differs, &self.existing) {
            (false, _) => FileChange::Unchanged,
            (true, None) => FileChange::Created,
            (true, Some(_)) => FileChange::Changed,
        };
        if let Some(temporary) = self.temporary {
            temporary.persist(&self.path).map_err(|error| error.error)?;
        }
        Ok(outcome)
    }

    fn has_more(&mut self) -> std::io::Result<bool> {
        match &mut self.existing {
            Some(file) => Ok(file.read(&mut [0])? > 0),
            None => Ok(true),
        }
    }

    /// Whether the next bytes of the existing file are `bytes`.
    fn matches(&mut self, bytes: &[u8]) -> std::io::Result<bool> {
        let Some(file) = &mut self.existing else {
            return Ok(false);
        };
        self.comparison.resize(bytes.len(), 0);
        match file.read_exact(self.comparison) {
            Ok(()) => Ok(self.comparison == bytes),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// From here on the bytes differ: what was equal is copied, the rest is written.
    fn start_writing(&mut self) -> std::io::Result<()> {
        self.differs = true;
        if self.mode == Mode::Check {
            return Ok(());
        }
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut temporary = temporary_file(folder)?;
        if let (Some(file), 1..) = (&mut self.existing, self.matched) {
            file.seek(SeekFrom::Start(0))?;
            std::io::copy(&mut file.take(self.matched), &mut temporary)?;
        }
        self.temporary = Some(temporary);
        Ok(())
    }
}

/// A temporary file beside its target, so that the rename stays on one file system; readable like any new file.
fn temporary_file(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".wlc-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

impl Write for OutputFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if !self.differs {
            if self.matches(bytes)? {
                self.matched += bytes.len() as u64;
                return Ok(bytes.len());
            }
            self.start_writing()?;
        }
        if let Some(temporary) = &mut self.temporary {
            temporary.as_file_mut().write_all(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
