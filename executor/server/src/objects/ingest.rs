//! Receives a body. While it equals the synthetic content expected for its key, nothing is written. From the first
//! difference on, all bytes go to a blob file. Memory use does not depend on the body's length.

use std::{io, sync::Arc};

use memchr::memmem;
use synthetic_content::{Content, RING_LEN, ring};

use super::{
    blob::{Blob, BlobDir, BlobWriter},
    fingerprint::Follower,
    segment::{Segment, push_segment},
};

/// How many of a body's first bytes are compared to find which content it is. A match by chance has a probability of
/// 2^-256.
const PROBE: usize = 32;

/// The content that a body has if it is synthetic.
#[derive(Debug, Clone)]
pub(crate) struct Expectation {
    candidates: Vec<Content>,
    search: bool,
}

impl Expectation {
    /// A whole object: the content of its key.
    pub(crate) fn whole(key: &str) -> Self {
        Self { candidates: vec![Content::of_key(key)], search: false }
    }

    /// Part `number` of `key`: the key's content from a multiple of one of `part_sizes` on. These are the lengths in bytes
    /// that parts of the upload are known to have.
    pub(crate) fn part(key: &str, number: u32, part_sizes: impl IntoIterator<Item = u64>) -> Self {
        let content = Content::of_key(key);
        let before = u64::from(number.saturating_sub(1));
        let candidates = part_sizes.into_iter().map(|size| content.skip(before.wrapping_mul(size))).collect();
        // A shorter last part may arrive before any other. Its offset does not follow from its own length.
        Self { candidates, search: number > 1 }
    }

    /// The content that begins with the first bytes of `data`.
    fn choose(&self, data: &[u8]) -> Option<Content> {
        let probe = &data[..data.len().min(PROBE)];
        let known = self.candidates.iter().find(|content| content.mismatch(0, probe).is_none());
        known.copied().or_else(|| {
            let found = (self.search && probe.len() == PROBE).then(|| memmem::find(ring(), probe))??;
            Some(Content::from_start((found % RING_LEN) as u64))
        })
    }
}

#[derive(Debug)]
enum State {
    Start(Expectation),
    Matching(Content, Follower),
    Storing(BlobWriter),
}

/// A body that is being received.
#[derive(Debug)]
pub(crate) struct Ingest<'a> {
    blobs: &'a BlobDir,
    state: State,
    segments: Vec<Segment>,
    len: u64,
}

/// A body that was received.
#[derive(Debug)]
pub(crate) struct Ingested {
    pub size: u64,
    pub segments: Vec<Segment>,
    /// Keeps the blob file until the index links to it.
    pub blob: Option<Arc<Blob>>,
}

impl<'a> Ingest<'a> {
    pub(super) fn new(blobs: &'a BlobDir, expectation: Expectation) -> Self {
        Self { blobs, state: State::Start(expectation), segments: Vec::new(), len: 0 }
    }

    /// Receives the next bytes.
    pub(crate) async fn push(&mut self, mut data: &[u8]) -> io::Result<()> {
        if data.is_empty() {
            return Ok(());
        }
        if let State::Start(expectation) = &self.state {
            self.state = match expectation.choose(data) {
                Some(content) => State::Matching(content, Follower::new(content)),
                None => State::Storing(self.blobs.create().await?),
            };
        }
        if let State::Matching(content, follower) = &mut self.state {
            if follower.follows(data) {
                self.len += data.len() as u64;
                return Ok(());
            }
            let content = *content;
            let same = content.mismatch(self.len, data).unwrap_or(data.len());
            self.len += same as u64;
            push_segment(&mut self.segments, Segment::Synthetic { start: content.start(), len: self.len });
            self.state = State::Storing(self.blobs.create().await?);
            data = &data[same..];
        }
        if let State::Storing(writer) = &mut self.state {
            writer.write(data).await?;
            self.len += data.len() as u64;
        }
        Ok(())
    }

    /// Ends the body and returns where its bytes are.
    pub(crate) async fn finish(mut self) -> io::Result<Ingested> {
        let blob = match self.state {
            State::Start(_) => None,
            State::Matching(content, _) => {
                push_segment(&mut self.segments, Segment::Synthetic { start: content.start(), len: self.len });
                None
            }
            State::Storing(writer) => {
                let (blob, len) = writer.finish().await?;
                push_segment(&mut self.segments, Segment::Stored { blob: blob.id(), offset: 0, len });
                Some(blob)
            }
        };
        Ok(Ingested { size: self.len, segments: self.segments, blob })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(key: &str, offset: u64, len: usize) -> Vec<u8> {
        let mut data = vec![0; len];
        Content::of_key(key).fill(offset, &mut data);
        data
    }

    async fn ingest(expectation: Expectation, chunks: &[&[u8]]) -> (Ingested, tempfile::TempDir) {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let blobs = BlobDir::open(dir.path().join("blobs")).expect("opens");
        let mut ingest = Ingest::new(&blobs, expectation);
        for chunk in chunks {
            ingest.push(chunk).await.expect("takes it");
        }
        (ingest.finish().await.expect("finishes"), dir)
    }

    #[tokio::test]
    async fn synthetic_bodies_store_nothing() {
        let data = content("k", 0, 100_000);
        let (whole, _dir) = ingest(Expectation::whole("k"), &[&data[..7], &data[7..]]).await;
        assert_eq!(whole.segments, [Segment::Synthetic { start: Content::of_key("k").start(), len: 100_000 }]);
        assert!(whole.blob.is_none());
        let (empty, _dir) = ingest(Expectation::whole("k"), &[]).await;
        assert_eq!((empty.size, empty.segments.len()), (0, 0));
    }

    #[tokio::test]
    async fn a_short_last_part_is_found_with_and_without_a_hint() {
        let data = content("k", 3 * 8000, 500);
        for sizes in [vec![500, 8000], vec![500]] {
            let (part, _dir) = ingest(Expectation::part("k", 4, sizes), &[&data]).await;
            let start = Content::of_key("k").skip(3 * 8000).start();
            assert_eq!(part.segments, [Segment::Synthetic { start, len: 500 }]);
        }
    }

    #[tokio::test]
    async fn a_changed_byte_starts_a_blob_there() {
        let mut data = content("k", 0, 1000);
        data[600] ^= 1;
        let (body, _dir) = ingest(Expectation::whole("k"), &[&data[..500], &data[500..900], &data[900..]]).await;
        let blob = body.blob.expect("something was stored");
        assert_eq!(body.segments[0], Segment::Synthetic { start: Content::of_key("k").start(), len: 600 });
        assert_eq!(body.segments[1], Segment::Stored { blob: blob.id(), offset: 0, len: 400 });
        let mut stored = Vec::new();
        io::Read::read_to_end(&mut blob.open().expect("opens"), &mut stored).expect("reads");
        assert_eq!(stored, data[600..]);
    }
}
