//! The size of parts and ranges.

/// Most parts of a multipart upload; larger objects take larger parts.
const MAX_PARTS: u64 = 10_000;

/// Size of a part and of a range in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartSize(pub u64);

impl PartSize {
    /// 8 MiB (contract 5).
    pub const DEFAULT: Self = Self(8 << 20);

    /// Bytes.
    pub fn get(self) -> u64 {
        self.0
    }

    /// The part size for an object of `size` bytes: larger where there would be too many parts.
    pub fn for_object(self, size: u64) -> u64 {
        let least = size.div_ceil(MAX_PARTS);
        self.0.max(least.next_multiple_of(1 << 20))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_objects_fit_in_ten_thousand_parts() {
        assert_eq!(PartSize::DEFAULT.for_object(5 << 30), 8 << 20);
        let part = PartSize::DEFAULT.for_object(5 << 40);
        assert!((5_u64 << 40).div_ceil(part) <= MAX_PARTS && part.is_multiple_of(1 << 20));
    }
}
