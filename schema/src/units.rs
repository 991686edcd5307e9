//! Sizes and rates as types, so that no bare number crosses a boundary without its unit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const UNITS: [(&str, u32); 6] = [("bytes", 0), ("byte", 0), ("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)];

/// A number of bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ByteSize(pub u64);

/// Why a text is not a size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SizeError {
    /// It does not start with digits, or something stands between the digits and the unit.
    #[error("expected a whole number directly followed by a unit, like 8MiB")]
    Shape,
    /// It has leading zeros, like `007KiB`.
    #[error("a size has no leading zeros")]
    LeadingZero,
    /// The unit is not known.
    #[error("unknown unit `{0}` (bytes, KiB, MiB, GiB and TiB are known)")]
    Unit(String),
    /// It is 2^63 bytes or more.
    #[error("the size is larger than 8 EiB")]
    TooLarge,
}

impl FromStr for ByteSize {
    type Err = SizeError;

    /// Reads the source form: an integer directly followed by `bytes`, `byte`, `KiB`, `MiB`, `GiB` or `TiB`.
    fn from_str(text: &str) -> Result<Self, SizeError> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        if number.is_empty() || unit.trim() != unit || unit.is_empty() {
            return Err(SizeError::Shape);
        }
        let Some((_, shift)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(SizeError::Unit(unit.to_owned()));
        };
        if number.len() > 1 && number.starts_with('0') {
            return Err(SizeError::LeadingZero);
        }
        let number: u64 = number.parse().map_err(|_| SizeError::TooLarge)?;
        match number.checked_mul(1 << shift) {
            Some(bytes) if i64::try_from(bytes).is_ok() => Ok(Self(bytes)),
            _ => Err(SizeError::TooLarge),
        }
    }
}

impl fmt::Display for ByteSize {
    /// `64 KiB`, `1.50 GiB`, `12 bytes`. A size that is not a whole number of its unit has one or two decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, shift) = match self.0 {
            0..0x400 => return write!(f, "{} bytes", self.0),
            0x400..0x10_0000 => ("KiB", 10),
            0x10_0000..0x4000_0000 => ("MiB", 20),
            0x4000_0000..0x100_0000_0000 => ("GiB", 30),
            _ => ("TiB", 40),
        };
        let value = self.0 as f64 / (1_u64 << shift) as f64;
        if self.0.is_multiple_of(1 << shift) {
            write!(f, "{value:.0} {unit}")
        } else if value < 10.0 {
            write!(f, "{value:.2} {unit}")
        } else {
            write!(f, "{value:.1} {unit}")
        }
    }
}

/// A rate in gigabits per second: bytes x 8 / 1e9 / seconds.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gbps(f64);

/// Why a number is not a target throughput: it must be finite and above zero.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a throughput is a number of gigabits per second above 0, like 10.0")]
pub struct GbpsError;

impl Gbps {
    /// A rate that is finite and above zero.
    pub fn new(gigabits: f64) -> Result<Self, GbpsError> {
        if gigabits.is_finite() && gigabits > 0.0 { Ok(Self(gigabits)) } else { Err(GbpsError) }
    }

    /// The rate of `bytes` moved in `seconds`; zero if no time passed.
    pub fn of(bytes: u64, seconds: f64) -> Self {
        if seconds > 0.0 { Self(bytes as f64 * 8.0 / 1e9 / seconds) } else { Self(0.0) }
    }

    /// Gigabits per second.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl FromStr for Gbps {
    type Err = GbpsError;

    fn from_str(text: &str) -> Result<Self, GbpsError> {
        Self::new(text.parse().map_err(|_| GbpsError)?)
    }
}

impl fmt::Display for Gbps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_the_contract_are_read() {
        for (text, bytes) in [
            ("0bytes", 0),
            ("1byte", 1),
            ("256KiB", 262_144),
            ("8MiB", 8_388_608),
            ("5GiB", 5_368_709_120),
            ("1TiB", 1_099_511_627_776),
        ] {
            assert_eq!(text.parse(), Ok(ByteSize(bytes)), "{text}");
        }
    }

    #[test]
    fn other_spellings_are_refused_with_their_reason() {
        let reasons: Vec<_> = [
            "",
            "KiB",
            "1",
            "1 KiB",
            "1KiB\n",
            "007KiB",
            "1kb",
            "1KB",
            "-1KiB",
            "1.5GiB",
            "9999999TiB",
            "99999999999999999999byte",
        ]
        .map(|text| format!("{text:?}: {}", text.parse::<ByteSize>().unwrap_err()))
        .into();
        insta::assert_snapshot!(reasons.join("\n"));
    }

    #[test]
    fn sizes_are_shown_in_binary_units() {
        let shown: Vec<_> = [0, 1023, 1024, 1536, 8 << 20, 5 << 30, 123_456_789, 200 << 30, 3 << 40]
            .map(|n| ByteSize(n).to_string())
            .into();
        assert_eq!(shown.join(", "), "0 bytes, 1023 bytes, 1 KiB, 1.50 KiB, 8 MiB, 5 GiB, 117.7 MiB, 200 GiB, 3 TiB");
    }

    #[test]
    fn a_gigabit_is_a_thousand_million_bits() {
        assert!((Gbps::of(1_250_000_000, 2.0).get() - 5.0).abs() < 1e-12);
        assert!("0".parse::<Gbps>().is_err() && "NaN".parse::<Gbps>().is_err() && "inf".parse::<Gbps>().is_err());
        assert_eq!("100".parse::<Gbps>().map(|gbps| gbps.to_string()), Ok("100.0".to_owned()));
    }
}
