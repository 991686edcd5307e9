//! The five S3 checksum algorithms: over a stream, over synthetic content, and combined from the parts of an upload.
//!
//! A checksum's value is the text of the `x-amz-checksum-*` headers: base64 of the big-endian digest.

mod algorithm;
mod hasher;
mod of_content;
mod of_parts;
mod value;

pub use algorithm::ChecksumAlgorithm;
pub(crate) use algorithm::announced_trailer;
pub(crate) use hasher::Hasher;
pub(crate) use of_content::of_content;
pub(crate) use of_parts::of_parts;
pub(crate) use value::{Checksum, ChecksumKind, decode};
