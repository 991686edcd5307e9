//! Files that appear under their name only when all of their content is on the disk: a temporary file beside it, flush,
//! rename.
//!
//! A reader finds the file of before or the whole new one, never half of it. Links, pipes and devices stay what they are.

mod whole_file;

pub use whole_file::{WholeFile, write};
