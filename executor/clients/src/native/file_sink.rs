//! Where a download to disk goes: positioned writes off the async threads, a mebibyte at a time.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use crate::endpoint::Failure;

/// Bytes gathered before a write: a write costs a hop to a blocking thread, so it should be worth it.
const GATHER: usize = 1 << 20;

/// A file that parts of a download are written to, in any order.
#[derive(Debug, Clone)]
pub struct FileSink {
    file: Arc<File>,
    path: Arc<Path>,
}

impl FileSink {
    /// Makes the file at `path`, which must not exist: the run loop removes it before each repeat.
    pub async fn create(path: &Path) -> Result<Self, Failure> {
        let path: Arc<Path> = path.into();
        let opened = blocking({
            let path = Arc::clone(&path);
            move || File::create(&path).map_err(|error| Failure::disk("create", &path, &error))
        });
        Ok(Self { file: Arc::new(opened.await?), path })
    }

    /// A writer that starts at `offset`.
    pub fn writer(&self, offset: u64) -> PartWriter {
        PartWriter { sink: self.clone(), offset, gathered: Vec::new(), gathered_len: 0 }
    }
}

/// Writes one contiguous part of a [`FileSink`].
#[derive(Debug)]
pub struct PartWriter {
    sink: FileSink,
    offset: u64,
    gathered: Vec<Bytes>,
    gathered_len: usize,
}

impl PartWriter {
    /// Takes the next bytes; writes them when enough are gathered.
    pub async fn push(&mut self, bytes: Bytes) -> Result<(), Failure> {
        self.gathered_len += bytes.len();
        self.gathered.push(bytes);
        if self.gathered_len >= GATHER { self.flush().await } else { Ok(()) }
    }

    /// Writes what is still gathered.
    pub async fn flush(&mut self) -> Result<(), Failure> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let chunks = std::mem::take(&mut self.gathered);
        let (file, path, mut at) = (Arc::clone(&self.sink.file), Arc::clone(&self.sink.path), self.offset);
        self.offset += std::mem::take(&mut self.gathered_len) as u64;
        blocking(move || {
            for chunk in chunks {
                file.write_all_at(&chunk, at).map_err(|error| Failure::disk("write", &path, &error))?;
                at += chunk.len() as u64;
            }
            Ok(())
        })
        .await
    }
}

/// The next bytes of the file at `path` as one buffer, read off the async threads.
pub async fn read_part(path: PathBuf, offset: u64, len: usize) -> Result<Bytes, Failure> {
    blocking(move || {
        let read = || -> std::io::Result<Bytes> {
            let mut buffer = vec![0; len];
            File::open(&path)?.read_exact_at(&mut buffer, offset)?;
            Ok(buffer.into())
        };
        read().map_err(|error| Failure::disk("read", &path, &error))
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
