//! The keys of records that differ in nothing else.

use crate::{KeySeries, ObjectKey};

/// The keys of records that differ at most in the number in their key, in their shortest form.
#[derive(Debug, Clone, Copy)]
pub enum Keys<'a> {
    /// The same key in every record.
    Repeated {
        /// The key.
        key: &'a ObjectKey,
        /// How many records have it.
        times: u64,
    },
    /// The keys of a series, each in one record.
    Series(&'a KeySeries),
}

impl<'a> Keys<'a> {
    /// A single record.
    pub fn one(key: &'a ObjectKey) -> Self {
        Self::Repeated { key, times: 1 }
    }

    /// How many records there are.
    pub fn count(&self) -> u64 {
        match self {
            Self::Repeated { times, .. } => *times,
            Self::Series(series) => series.count(),
        }
    }
}
