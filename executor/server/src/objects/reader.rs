//! Streams the bytes of segments: slices of the ring without a copy, blob files by reads off the async threads.

use std::{
    collections::VecDeque,
    fs, io,
    os::unix::fs::FileExt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use s3s::{
    StdError,
    stream::{ByteStream, RemainingLength},
};
use synthetic_content::{Content, Frames};
use tokio::task::JoinHandle;

use super::{blob::Blob, segment::Segment};

/// Bytes of a frame: enough that the cost per frame is negligible, and not too much for the socket's buffers.
const FRAME: usize = 256 * 1024;

/// A file being read, with the blob whose handle keeps the file from being removed.
struct Source {
    file: fs::File,
    _blob: Arc<Blob>,
}

type Read = JoinHandle<io::Result<(Source, Bytes)>>;

enum Current {
    Nothing,
    Synthetic(Frames),
    Stored { source: Source, offset: u64, left: u64 },
    Reading { read: Read, offset: u64, left: u64 },
}

/// The bytes of some segments as a stream of known length.
pub(crate) struct SegmentStream {
    current: Current,
    segments: VecDeque<Segment>,
    blobs: Vec<Arc<Blob>>,
    remaining: u64,
}

impl SegmentStream {
    /// `blobs` must hold all blobs that `segments` name.
    pub(crate) fn new(segments: Vec<Segment>, blobs: Vec<Arc<Blob>>) -> Self {
        let remaining = segments.iter().map(Segment::len).sum();
        Self { current: Current::Nothing, segments: segments.into(), blobs, remaining }
    }

    /// A single synthetic segment, which is the usual case. Allocates nothing.
    pub(crate) fn synthetic(content: Content, len: u64) -> Self {
        Self {
            current: Current::Synthetic(content.frames(0, len, FRAME)),
            segments: VecDeque::new(),
            blobs: Vec::new(),
            remaining: len,
        }
    }

    fn open(&self, segment: Segment) -> io::Result<Current> {
        Ok(match segment {
            Segment::Synthetic { start, len } => {
                Current::Synthetic(Content::from_start(start.into()).frames(0, len, FRAME))
            }
            Segment::Stored { blob, offset, len } => {
                let blob = self.blobs.iter().find(|held| held.id() == blob).ok_or(io::ErrorKind::NotFound)?;
                let source = Source { file: blob.open()?, _blob: Arc::clone(blob) };
                Current::Stored { source, offset, left: len }
            }
        })
    }
}

fn start_read(source: Source, offset: u64, left: u64) -> Read {
    let len = usize::try_from(left).map_or(FRAME, |left| left.min(FRAME));
    tokio::task::spawn_blocking(move || {
        let mut buffer = vec![0; len];
        source.file.read_exact_at(&mut buffer, offset)?;
        Ok((source, Bytes::from(buffer)))
    })
}

impl SegmentStream {
    fn poll_io(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            match std::mem::replace(&mut self.current, Current::Nothing) {
                Current::Nothing => match self.segments.pop_front() {
                    Some(segment) => self.current = self.open(segment)?,
                    None => return Poll::Ready(None),
                },
                Current::Synthetic(mut frames) => {
                    if let Some(frame) = frames.next() {
                        self.current = Current::Synthetic(frames);
                        return Poll::Ready(Some(Ok(frame)));
                    }
                }
                Current::Stored { left: 0, .. } => {}
                Current::Stored { source, offset, left } => {
                    self.current = Current::Reading { read: start_read(source, offset, left), offset, left };
                }
                Current::Reading { mut read, offset, left } => {
                    let Poll::Ready(done) = Pin::new(&mut read).poll(cx) else {
                        self.current = Current::Reading { read, offset, left };
                        return Poll::Pending;
                    };
                    let (source, data) = done.map_err(io::Error::other)??;
                    let len = data.len() as u64;
                    self.current = Current::Stored { source, offset: offset + len, left: left - len };
                    return Poll::Ready(Some(Ok(data)));
                }
            }
        }
    }
}

impl Stream for SegmentStream {
    type Item = Result<Bytes, StdError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(self.poll_io(cx));
        if let Some(Ok(data)) = &item {
            self.remaining -= data.len() as u64;
        }
        Poll::Ready(item.map(|item| item.map_err(Into::into)))
    }
}

impl ByteStream for SegmentStream {
    fn remaining_length(&self) -> RemainingLength {
        RemainingLength::new_exact(usize::try_from(self.remaining).unwrap_or(usize::MAX))
    }
}
