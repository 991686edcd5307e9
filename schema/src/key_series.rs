//! Keys that differ only in a number.

/// The keys `PREFIX1` to `PREFIXn`, each number padded with zeros to the digits of the largest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySeries {
    prefix: String,
    count: u64,
}

impl KeySeries {
    /// `count` keys that begin with `prefix`.
    pub fn new(prefix: impl Into<String>, count: u64) -> Self {
        Self { prefix: prefix.into(), count }
    }

    /// The keys up to their number, `upload/256KiB-10_000x/`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// How many keys there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Digits of each number.
    pub fn width(&self) -> usize {
        self.count.to_string().len()
    }

    /// The key with the number `index`, which counts from 1.
    pub fn key(&self, index: u64) -> String {
        format!("{}{index:0width$}", self.prefix, width = self.width())
    }

    /// The number of `key`, if it belongs to the series.
    pub fn index_of(&self, key: &str) -> Option<u64> {
        let digits = key.strip_prefix(self.prefix.as_str())?;
        let all_digits = digits.len() == self.width() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let index = digits.parse().ok().filter(|_| all_digits)?;
        (1..=self.count).contains(&index).then_some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_of_the_largest() {
        assert_eq!(KeySeries::new("a/", 9).key(9), "a/9");
        assert_eq!(KeySeries::new("a/", 10).key(9), "a/09");
        let many = KeySeries::new("a/", 10_000);
        assert_eq!(many.key(1), "a/00001");
        assert_eq!(many.index_of("a/10000"), Some(10_000));
        for other in ["a/10001", "a/1", "a/00000", "a/0000x", "x"] {
            assert_eq!(many.index_of(other), None, "{other}");
        }
    }
}
