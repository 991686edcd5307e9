//! Which ranges of an object or a file are compared to verify its contents.

use std::ops::Range;

/// Largest size of which all bytes are compared.
const WHOLE: u64 = 1 << 20;
/// Length of a sampled range.
const SAMPLE: u64 = 64 << 10;
/// Sampled ranges of anything larger. They include its first and last bytes.
const SAMPLES: u64 = 8;

/// The ranges to compare of something of `size` bytes.
pub(super) fn ranges(size: u64) -> Vec<Range<u64>> {
    match size {
        0 => Vec::new(),
        1..=WHOLE => std::iter::once(0..size).collect(),
        _ => (0..SAMPLES)
            .map(|sample| u128::from(size - SAMPLE) * u128::from(sample) / u128::from(SAMPLES - 1))
            .map(|start| u64::try_from(start).expect("below the size"))
            .map(|start| start..start + SAMPLE)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_contents_are_compared_whole_and_large_ones_from_end_to_end() {
        assert_eq!(ranges(0), []);
        assert_eq!(ranges(1 << 20).as_slice(), std::slice::from_ref(&(0..1 << 20)));
        let large = ranges(5 << 30);
        assert_eq!((large.len(), large[0].clone(), large[7].end), (8, 0..64 << 10, 5 << 30));
    }
}
