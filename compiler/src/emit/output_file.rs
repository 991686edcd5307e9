//! One compiled file. It is compared with the existing file while it is generated, and written only if they differ.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// How a file changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileChange {
    /// It already has these bytes.
    Unchanged,
    /// It did not exist.
    Created,
    /// It had other bytes.
    Changed,
}

/// Whether differences are written or only reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write files that differ.
    Write,
    /// Only find files that differ.
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
    /// Opens the file at `path` for comparison. `comparison` is a buffer that is reused.
    pub fn open(path: PathBuf, mode: Mode, comparison: &'a mut Vec<u8>) -> std::io::Result<Self> {
        let existing = match File::open(&path) {
            Ok(file) => Some(file),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Self { path, mode, existing, matched: 0, differs: false, temporary: None, comparison })
    }

    /// Replaces the existing file if it differs.
    ///
    /// The file is renamed, so it is never seen incomplete. It is not flushed to the disk: after a power cut the same
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

    /// Begins a new file, as the next bytes differ: the equal bytes before them are copied to it.
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

/// A temporary file in `folder`, so that the rename stays on one file system. It has the permissions of any new file.
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
