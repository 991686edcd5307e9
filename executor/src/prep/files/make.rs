//! Writes files whole: each is written to a folder of partial files and then renamed. A killed
//! process therefore leaves no file of the right name with wrong bytes.
//!
//! Nothing is flushed to the disk: the files can be made again from their keys, and `--verify` finds
//! damage after a power failure.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use synthetic_content::Content;
use tokio_util::sync::CancellationToken;
use workload_schema::ObjectKey;

use super::inside::{Inside, failure};
use super::survey::FileSurvey;
use crate::prep::{Meter, PrepError, UntilCancelled};
use wlx_terminal as terminal;

/// Files written at once: enough to keep a fast disk busy, few enough that each stays in one piece.
const WRITERS: usize = 4;
/// Bytes per write call.
const WRITE: usize = 1 << 20;
/// Folder of files that are not whole yet.
const PARTIAL: &str = ".wlx-partial";

/// Makes the files below `files_dir` that `survey` found missing.
pub async fn make(survey: &FileSurvey, files_dir: &Path, stop: &CancellationToken) -> Result<(), PrepError> {
    if survey.make.is_empty() && survey.folders.is_empty() {
        return Ok(());
    }
    let (files_dir, wanted) = (files_dir.to_owned(), survey.clone());
    let maker = blocking(move || Maker::open(&files_dir, &wanted)).await?;
    let maker = Arc::new(maker);
    let meter = Meter::new("files", survey.to_make().bytes);
    let result = stop
        .for_each(survey.make.iter(), WRITERS, |(key, size), stop| {
            let (maker, meter, key, size) = (Arc::clone(&maker), Arc::clone(&meter), key.clone(), *size);
            blocking(move || maker.make(&key, size, &meter, &stop))
        })
        .await;
    maker.close();
    result
}

/// Runs `work` where it may block.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PrepError> + Send + 'static,
) -> Result<T, PrepError> {
    tokio::task::spawn_blocking(work).await.expect("making files does not panic")
}

/// The files directory while files are made in it, locked against a second maker.
struct Maker {
    inside: Inside,
    partial: PathBuf,
    next: AtomicU64,
    _lock: File,
}

impl Maker {
    /// Locks the directory, clears what a killed maker left, and makes all folders.
    fn open(files_dir: &Path, survey: &FileSurvey) -> Result<Self, PrepError> {
        let inside = Inside::made(files_dir)?;
        let lock = locked(inside.root())?;
        let partial = inside.root().join(PARTIAL);
        remove_all(&partial)?;
        inside.make_folder(&partial)?;
        let mut folders: BTreeSet<PathBuf> = survey
            .folders
            .iter()
            .filter_map(|path| Some(inside.root().join(path.strip_prefix(files_dir).ok()?)))
            .collect();
        folders.extend(survey.make.iter().filter_map(|(key, _)| Some(inside.path(key).parent()?.to_owned())));
        folders.iter().try_for_each(|folder| inside.make_folder(folder))?;
        Ok(Self { inside, partial, next: AtomicU64::new(0), _lock: lock })
    }

    fn make(&self, key: &ObjectKey, size: u64, meter: &Meter, stop: &CancellationToken) -> Result<(), PrepError> {
        let path = self.inside.path(key);
        let partial = self.partial.join(self.next.fetch_add(1, Relaxed).to_string());
        let made = File::create(&partial)
            .map_err(|source| failure("make", &path, source))
            .and_then(|file| write(file, &path, Content::of_key(key.as_str()), size, meter, stop))
            .and_then(|()| std::fs::rename(&partial, &path).map_err(|source| failure("make", &path, source)));
        if made.is_err() {
            // The folder is removed at the end; the file is removed now, as the disk may be full.
            let _ = std::fs::remove_file(&partial);
        }
        made
    }

    fn close(&self) {
        // Left-overs are cleared by the next maker.
        let _ = std::fs::remove_dir_all(&self.partial);
    }
}

/// Writes the first `size` bytes of `content` to `file`, which will be `path`.
fn write(
    mut file: impl Write,
    path: &Path,
    content: Content,
    size: u64,
    meter: &Meter,
    stop: &CancellationToken,
) -> Result<(), PrepError> {
    for frame in content.frames(0, size, WRITE) {
        if stop.is_cancelled() {
            return Err(PrepError::Interrupted);
        }
        file.write_all(&frame).map_err(|source| failure("write", path, source))?;
        meter.add(frame.len() as u64);
    }
    Ok(())
}

/// Waits for another process that makes files here, so that neither removes what the other writes.
fn locked(root: &Path) -> Result<File, PrepError> {
    let lock = File::open(root).map_err(|source| failure("open", root, source))?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => {
            terminal::note(&format!("waiting for another wlx that makes files in {}", root.display()));
            lock.lock().map_err(|source| failure("lock", root, source))?;
        }
        Err(TryLockError::Error(source)) if source.kind() != io::ErrorKind::Unsupported => {
            return Err(failure("lock", root, source));
        }
        // On file systems without locks the user must not make files twice at the same time.
        Ok(()) | Err(TryLockError::Error(_)) => {}
    }
    Ok(lock)
}

fn remove_all(folder: &Path) -> Result<(), PrepError> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failure("remove", folder, error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_with_the_ways_out() {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let (meter, stop) = (Meter::new("files", 10), CancellationToken::new());
        let error = write(full, Path::new("files/upload/x"), Content::of_key("x"), 10, &meter, &stop).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("cannot write files/upload/x: No space left on device"), "{text}");
        assert!(text.contains("--files-dir") && text.contains("--scale 1/1024"), "{text}");
    }
}
