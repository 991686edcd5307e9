//! Synthetic content as the manager's stream of parts: slices of the ring, nothing is copied.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use aws_sdk_s3_transfer_manager::io::{PartData, PartStream, SizeHint, StreamContext};
use aws_sdk_s3_transfer_manager::memory::SegmentedBytes;
use bytes::Bytes;
use synthetic_content::Content;

use crate::native::contiguous;

/// What is still to come of an object.
#[derive(Debug)]
pub struct RingParts {
    content: Content,
    left: u64,
    number: u64,
}

impl RingParts {
    /// All of `content`, `size` bytes of it.
    pub fn new(content: Content, size: u64) -> Self {
        Self { content, left: size, number: 1 }
    }

    fn take(&mut self, len: usize) -> Bytes {
        let bytes = contiguous::slice(self.content, 0, len);
        self.content = self.content.skip(len as u64);
        self.left -= len as u64;
        bytes
    }
}

impl PartStream for RingParts {
    fn poll_part(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        stream: &StreamContext,
    ) -> Poll<Option<io::Result<PartData>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let mut missing = usize::try_from(self.left).unwrap_or(usize::MAX).min(stream.part_size());
        let mut data = SegmentedBytes::from(Bytes::new());
        while missing > 0 {
            let len = missing.min(contiguous::LONGEST);
            data.append(self.take(len).into());
            missing -= len;
        }
        let part = PartData::from_segmented(self.number, data).mark_last(self.left == 0);
        self.number += 1;
        Poll::Ready(Some(Ok(part)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::exact(self.left)
    }
}
