//! Segments: where the bytes of an object or part come from.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use synthetic_content::Content;

use super::blob::BlobId;

/// Where a run of an object's bytes comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Segment {
    /// A slice of the ring of synthetic content, from position `start` on.
    Synthetic { start: u32, len: u64 },
    /// A slice of a blob file.
    Stored { blob: BlobId, offset: u64, len: u64 },
}

impl Segment {
    pub(crate) fn len(&self) -> u64 {
        match *self {
            Self::Synthetic { len, .. } | Self::Stored { len, .. } => len,
        }
    }

    /// The part of this segment from `skip` on, at most `limit` bytes of it.
    pub(crate) fn slice(&self, skip: u64, limit: u64) -> Self {
        let left = self.len().saturating_sub(skip).min(limit);
        match *self {
            Self::Synthetic { start, .. } => {
                Self::Synthetic { start: Content::from_start(start.into()).skip(skip).start(), len: left }
            }
            Self::Stored { blob, offset, .. } => Self::Stored { blob, offset: offset + skip, len: left },
        }
    }

    /// Extends this segment by `next` if `next` begins where it ends. Returns whether it did.
    fn extend(&mut self, next: &Self) -> bool {
        match (self, next) {
            (Self::Synthetic { start, len }, Self::Synthetic { start: next_start, len: more })
                if Content::from_start((*start).into()).skip(*len).start() == *next_start =>
            {
                *len += more;
                true
            }
            (Self::Stored { blob, offset, len }, Self::Stored { blob: next_blob, offset: next_offset, len: more })
                if blob == next_blob && *offset + *len == *next_offset =>
            {
                *len += more;
                true
            }
            _ => false,
        }
    }
}

/// Appends `segment`. If its bytes follow those of the last segment, the two become one.
pub(crate) fn push_segment(segments: &mut Vec<Segment>, segment: Segment) {
    if segment.len() > 0 && !segments.last_mut().is_some_and(|last| last.extend(&segment)) {
        segments.push(segment);
    }
}

/// The segments that hold the bytes of `range`, counted from the start of `segments`.
pub(crate) fn slice_segments(segments: &[Segment], range: Range<u64>) -> Vec<Segment> {
    let mut slices = Vec::new();
    let mut at = 0;
    for segment in segments {
        let end = at + segment.len();
        if end > range.start && at < range.end {
            let skip = range.start.saturating_sub(at);
            push_segment(&mut slices, segment.slice(skip, range.end - at - skip));
        }
        at = end;
    }
    slices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn synthetic(start: u32, len: u64) -> Segment {
        Segment::Synthetic { start, len }
    }

    #[test]
    fn neighbours_join_and_slices_cut() {
        let mut segments = Vec::new();
        push_segment(&mut segments, synthetic(10, 5));
        push_segment(&mut segments, synthetic(15, 5));
        push_segment(&mut segments, synthetic(100, 0));
        push_segment(&mut segments, Segment::Stored { blob: BlobId(1), offset: 0, len: 4 });
        push_segment(&mut segments, Segment::Stored { blob: BlobId(1), offset: 4, len: 6 });
        assert_eq!(segments, [synthetic(10, 10), Segment::Stored { blob: BlobId(1), offset: 0, len: 10 }]);
        assert_eq!(
            slice_segments(&segments, 8..13),
            [synthetic(18, 2), Segment::Stored { blob: BlobId(1), offset: 0, len: 3 }]
        );
        assert_eq!(slice_segments(&segments, 12..13), [Segment::Stored { blob: BlobId(1), offset: 2, len: 1 }]);
        assert_eq!(slice_segments(&segments, 20..20), []);
    }
}
