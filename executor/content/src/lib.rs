//! Synthetic content: the bytes of a prepared object, a generated file and an upload from memory are a function of their
//! key and offset.
//!
//! All content is a slice of one fixed pseudo-random ring. The key decides at which position of the ring the content
//! starts. So any range costs one copy at memory speed, or nothing if it is taken as a slice. The content is
//! incompressible, differs between objects and between parts, and can be verified at any offset. The length of the ring
//! is a prime, so parts whose size is a power of two start at different positions.
//!
//! Deliberately absent: I/O, randomness, content generated per key.

mod content;
mod ring;

pub use content::{Content, Frames};
pub use ring::{RING_LEN, RING_OVERLAP, ring, ring_is_made};
