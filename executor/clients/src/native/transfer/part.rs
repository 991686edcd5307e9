//! How an object is cut.

use crate::native::PartSize;

/// A part of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Counted from one.
    pub number: u32,
    /// Where it begins, in bytes.
    pub offset: u64,
    /// Its length in bytes; never zero.
    pub len: u64,
}

impl Part {
    /// The parts of an object of `size` bytes, in order.
    pub fn all(size: u64, part_size: PartSize) -> impl Iterator<Item = Self> + Send {
        let len = part_size.for_object(size);
        let offsets = (0..size).step_by(usize::try_from(len).expect("64-bit"));
        (1..).zip(offsets).map(move |(number, offset)| Self { number, offset, len: len.min(size - offset) })
    }

    /// The value of the header `Range` that asks for it.
    pub fn header(self) -> String {
        format!("bytes={}-{}", self.offset, self.offset + self.len - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_object_once() {
        const MIB: u64 = 1 << 20;
        for (size, lengths) in
            [(0, vec![]), (1, vec![1]), (8 * MIB, vec![8 * MIB]), (16 * MIB + 5, vec![8 * MIB, 8 * MIB, 5])]
        {
            let parts: Vec<Part> = Part::all(size, PartSize::DEFAULT).collect();
            assert_eq!(parts.iter().map(|part| part.len).collect::<Vec<_>>(), lengths, "{size}");
            let mut end = 0;
            for (number, part) in (1..).zip(&parts) {
                assert_eq!((part.number, part.offset), (number, end));
                end += part.len;
            }
            assert_eq!(end, size);
        }
        assert_eq!(Part { number: 2, offset: 8, len: 8 }.header(), "bytes=8-15");
    }
}
