//! Numbers of objects or files, and their bytes.

use std::fmt;

use serde::Serialize;
use workload_schema::ByteSize;

/// A number of objects or files with their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// Their bytes together.
    pub bytes: u64,
}

impl Tally {
    /// Counts one of `bytes`.
    pub fn add(&mut self, bytes: u64) {
        self.count += 1;
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// The tally of all `sizes`.
    pub fn of(sizes: impl IntoIterator<Item = u64>) -> Self {
        let mut tally = Self::default();
        sizes.into_iter().for_each(|size| tally.add(size));
        tally
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.count, ByteSize(self.bytes))
    }
}
