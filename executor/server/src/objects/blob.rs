//! Blob files: the bytes that are not synthetic content, one file per body that had any.
//!
//! A blob's file is kept for as long as the index links to it or a reader holds it. So a body that is never committed
//! leaves no file. Opening the state directory removes files that no journal entry names.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;

/// Names a blob. An id is never given out twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct BlobId(pub u64);

/// A blob file. Dropping the last handle removes the file unless the index links to it.
#[derive(Debug)]
pub(crate) struct Blob {
    id: BlobId,
    path: PathBuf,
    links: AtomicUsize,
}

impl Blob {
    pub(crate) fn id(&self) -> BlobId {
        self.id
    }

    pub(crate) fn open(&self) -> io::Result<fs::File> {
        fs::File::open(&self.path)
    }

    /// Counts one more object or part in the index that uses this blob.
    pub(super) fn link(&self) {
        self.links.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts one object or part less in the index that uses this blob.
    pub(super) fn unlink(&self) {
        self.links.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Blob {
    fn drop(&mut self) {
        if self.links.load(Ordering::Relaxed) == 0 {
            // If this fails, the file is an orphan, and the next open removes it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The directory of the blob files.
#[derive(Debug)]
pub(crate) struct BlobDir {
    dir: PathBuf,
    next: AtomicU64,
    live: Mutex<HashMap<BlobId, Weak<Blob>>>,
}

impl BlobDir {
    pub(super) fn open(dir: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&dir)?;
        Ok(Self { dir, next: AtomicU64::new(0), live: Mutex::default() })
    }

    /// The blob of that id. Its file must exist.
    pub(super) fn resolve(&self, id: BlobId) -> Arc<Blob> {
        self.next.fetch_max(id.0 + 1, Ordering::Relaxed);
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(blob) = live.get(&id).and_then(Weak::upgrade) {
            return blob;
        }
        let blob = Arc::new(Blob { id, path: self.path(id), links: AtomicUsize::new(0) });
        // Without this the table would keep an entry for every blob that ever existed.
        if live.len() >= 64 && live.len() == live.capacity() {
            live.retain(|_, blob| blob.strong_count() > 0);
        }
        live.insert(id, Arc::downgrade(&blob));
        blob
    }

    /// A new, empty blob to write to.
    pub(crate) async fn create(&self) -> io::Result<BlobWriter> {
        let blob = self.resolve(BlobId(self.next.fetch_add(1, Ordering::Relaxed)));
        let file = tokio::fs::File::create_new(&blob.path).await?;
        Ok(BlobWriter { blob, file, len: 0 })
    }

    /// Removes the files that belong to no live blob, and returns their number.
    pub(super) fn remove_orphans(&self) -> io::Result<usize> {
        let mut removed = 0;
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            let id = path.file_stem().and_then(|name| u64::from_str_radix(name.to_str()?, 16).ok()).map(BlobId);
            let known = id.is_some_and(|id| {
                // An id that is on disk must not be given out again, even if the file cannot be removed.
                self.next.fetch_max(id.0 + 1, Ordering::Relaxed);
                let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
                live.get(&id).is_some_and(|blob| blob.strong_count() > 0)
            });
            if !known {
                fs::remove_file(&path)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn path(&self, id: BlobId) -> PathBuf {
        Path::new(&self.dir).join(format!("{:016x}.blob", id.0))
    }
}

/// Appends to a new blob.
#[derive(Debug)]
pub(crate) struct BlobWriter {
    blob: Arc<Blob>,
    file: tokio::fs::File,
    len: u64,
}

impl BlobWriter {
    pub(crate) async fn write(&mut self, data: &[u8]) -> io::Result<()> {
        self.file.write_all(data).await?;
        self.len += data.len() as u64;
        Ok(())
    }

    /// Hands all bytes to the operating system, so that they survive the end of this process. Returns the length too.
    pub(crate) async fn finish(mut self) -> io::Result<(Arc<Blob>, u64)> {
        self.file.flush().await?;
        Ok((self.blob, self.len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn files_live_as_long_as_they_are_linked_or_held() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let blobs = BlobDir::open(dir.path().join("blobs")).expect("opens");
        let count = || fs::read_dir(dir.path().join("blobs")).expect("readable").count();
        let mut writer = blobs.create().await.expect("creates");
        writer.write(b"abc").await.expect("writes");
        let (blob, len) = writer.finish().await.expect("finishes");
        assert_eq!((len, count()), (3, 1));
        blob.link();
        let id = blob.id();
        drop(blob);
        assert_eq!(count(), 1, "linked");
        let blob = blobs.resolve(id);
        blob.links.store(0, Ordering::Relaxed);
        drop(blob);
        assert_eq!(count(), 0, "neither linked nor held");
        drop(blobs.create().await.expect("creates"));
        assert_eq!(count(), 0, "never committed");
        fs::write(dir.path().join("blobs/00000000000000ff.blob"), b"x").expect("writes");
        assert_eq!(blobs.remove_orphans().expect("removes"), 1);
        assert_eq!(blobs.create().await.expect("creates").blob.id(), BlobId(0x100));
    }
}
