//! Records of a list that differ only in a number: formatted once, then counted up in place.
//!
//! Formatting each task of a large workload would take most of the compiler's time. Copying a record of a hundred bytes
//! and adding one to its digits takes a few nanoseconds.

use std::fmt;
use std::io::{self, Write};
use std::ops::Range;

use super::Keys;
use super::json_text::push_inside;

/// What separates two records of a list.
const SEPARATOR: &[u8] = b",\n";
/// The end of a list after its last record.
const END: &[u8] = b"\n    ]";
/// The end of a list without records.
const EMPTY_END: &[u8] = b"]";

/// A record with the separator before it. The digits of its key start at zero.
#[derive(Debug, Default)]
pub(super) struct Record {
    bytes: Vec<u8>,
    digits: Range<usize>,
}

impl Record {
    /// Makes this the first record of `keys`, with the text `before` and `after` the JSON string of the key.
    pub(super) fn set(&mut self, before: fmt::Arguments<'_>, keys: &Keys<'_>, after: fmt::Arguments<'_>) {
        let Self { bytes, digits } = self;
        bytes.clear();
        bytes.extend_from_slice(SEPARATOR);
        write!(bytes, "{before}\"").expect("writing to memory does not fail");
        match keys {
            Keys::Repeated { key, .. } => {
                push_inside(bytes, key.as_str());
                *digits = bytes.len()..bytes.len();
            }
            Keys::Series(series) => {
                push_inside(bytes, series.prefix());
                *digits = bytes.len()..bytes.len() + series.width();
                bytes.resize(digits.end, b'0');
            }
        }
        write!(bytes, "\"{after}").expect("writing to memory does not fail");
    }

    fn count_up(&mut self) {
        for digit in self.bytes[self.digits.clone()].iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return;
            }
            *digit = b'0';
        }
    }
}

/// Records of a list that differ at most in the number in their key.
pub(super) trait RecordGroup {
    /// Their keys.
    fn keys(&self) -> &Keys<'_>;

    /// Makes `record` the first record of this group.
    fn set(&self, record: &mut Record);
}

/// Writes all records of `groups` as a list, brackets included.
pub(super) fn write_list(groups: impl IntoIterator<Item = impl RecordGroup>, out: &mut impl Write) -> io::Result<()> {
    let mut record = Record::default();
    let mut is_empty = true;
    out.write_all(b"[")?;
    for group in groups {
        group.set(&mut record);
        for _ in 0..group.keys().count() {
            record.count_up();
            // The first record has only the line break of its separator.
            let skipped = usize::from(std::mem::take(&mut is_empty));
            out.write_all(&record.bytes[skipped..])?;
        }
    }
    out.write_all(if is_empty { EMPTY_END } else { END })
}

/// The length in bytes of what [`write_list`] writes for `groups`.
pub(super) fn list_length(groups: impl IntoIterator<Item = impl RecordGroup>) -> u64 {
    let mut record = Record::default();
    let records = groups.into_iter().fold(0_u64, |sum, group| {
        group.set(&mut record);
        sum.saturating_add(group.keys().count().saturating_mul(record.bytes.len() as u64))
    });
    match records {
        0 => 1 + EMPTY_END.len() as u64,
        // The opening bracket takes the place of the comma that the first record does not have.
        _ => records.saturating_add(END.len() as u64),
    }
}
