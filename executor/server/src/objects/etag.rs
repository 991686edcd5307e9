//! `ETag`s, derived from an object's segments. An MD5 of every body would limit throughput to 0.6 GB/s per core. The
//! `ETag`s end in `-N` like those of multipart uploads, so that no client takes them for an MD5.

use std::fmt::Write;

use super::segment::Segment;

/// The `ETag` of a body that was sent in one request, without quotes.
pub(crate) fn of_segments(segments: &[Segment]) -> String {
    let mut hasher = blake3::Hasher::new();
    for segment in segments {
        match *segment {
            Segment::Synthetic { start, len } => {
                hasher.update(&[0]).update(&u64::from(start).to_le_bytes()).update(&len.to_le_bytes())
            }
            Segment::Stored { blob, offset, len } => hasher
                .update(&[1])
                .update(&blob.0.to_le_bytes())
                .update(&offset.to_le_bytes())
                .update(&len.to_le_bytes()),
        };
    }
    text(&hasher, 1)
}

/// The `ETag` of an object made of `count` parts, without quotes.
pub(crate) fn of_parts<'a>(etags: impl Iterator<Item = &'a str>, count: usize) -> String {
    let mut hasher = blake3::Hasher::new();
    etags.for_each(|etag| {
        hasher.update(etag.as_bytes());
    });
    text(&hasher, count)
}

fn text(hasher: &blake3::Hasher, count: usize) -> String {
    let mut text = hasher.finalize().to_hex()[..32].to_owned();
    write!(text, "-{count}").expect("writing to a string cannot fail");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_segments_have_equal_etags() {
        let etag = |start, len| of_segments(&[Segment::Synthetic { start, len }]);
        assert_eq!(etag(1, 2), etag(1, 2));
        assert_ne!(etag(1, 2), etag(1, 3));
        assert!(etag(1, 2).ends_with("-1"));
        assert_eq!(etag(1, 2).len(), 34);
        assert!(of_parts(["a", "b"].into_iter(), 2).ends_with("-2"));
    }
}
