//! A ratio in plain words: faster, no difference above so much, or too noisy to tell and how many repeats more.

use serde::{Deserialize, Serialize};

use super::Ratio;

/// Differences below this share are called none, even where the interval leaves out 1: the layout of a program in memory
/// alone changes that much.
pub const INDIFFERENT: f64 = 0.005;

/// What a ratio of speeds comes to. Shares are of the slower one's speed, which are also shares of the faster one's time:
/// at 0.1 one is 10 % faster, and the other takes 10 % longer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Verdict {
    /// The second is faster.
    Faster {
        /// By at least so much.
        low: f64,
        /// By at most so much.
        high: f64,
    },
    /// The second is slower.
    Slower {
        /// It takes at least so much longer.
        low: f64,
        /// At most so much.
        high: f64,
    },
    /// No difference was found, and a larger one than this would have been.
    NoDifference {
        /// The largest difference that the interval leaves open.
        above: f64,
    },
    /// The interval is too wide to say.
    TooNoisy {
        /// So many more repeats of each would probably do.
        more: u64,
    },
}

/// The verdict on `ratio` where differences of the share `precision` are to be told.
pub fn verdict(ratio: &Ratio, precision: f64) -> Verdict {
    if ratio.low > 1.0 + INDIFFERENT {
        return Verdict::Faster { low: ratio.low - 1.0, high: ratio.high - 1.0 };
    }
    if ratio.high < 1.0 - INDIFFERENT {
        return Verdict::Slower { low: 1.0 / ratio.high - 1.0, high: 1.0 / ratio.low - 1.0 };
    }
    let wide = ratio.precision() / precision;
    if wide <= 1.0 {
        return Verdict::NoDifference { above: (ratio.high - 1.0).max(1.0 - ratio.low) };
    }
    Verdict::TooNoisy { more: more_repeats(ratio.n, wide) }
}

/// Repeats beyond `n` that make an interval `wide` times narrower: widths go with the root of the number.
pub fn more_repeats(n: usize, wide: f64) -> u64 {
    let all = n as f64 * wide * wide;
    // Above 0 and far from 2^63 for any time that anybody waits.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of repeats")]
    let more = (all - n as f64).ceil().clamp(1.0, 1e9) as u64;
    more
}

impl Verdict {
    /// What is said of `second` beside `first`.
    pub fn sentence(&self, second: &str, first: &str) -> String {
        match self {
            Self::Faster { low, high } => {
                format!("{second} is faster than {first} by {}", percent_range(*low, *high))
            }
            Self::Slower { low, high } => {
                format!("{second} is slower than {first}: it takes {} longer", percent_range(*low, *high))
            }
            Self::NoDifference { above } => {
                format!("no difference between {second} and {first} found above {}", percent(*above))
            }
            Self::TooNoisy { more } => format!(
                "too noisy to tell {second} from {first}: about {more} more repeats of each would do (--time, --precision)"
            ),
        }
    }
}

/// `11-14 %`.
pub fn percent_range(low: f64, high: f64) -> String {
    let digits = usize::from(low < 0.1);
    let (low, high) = (format!("{:.digits$}", low * 100.0), format!("{:.digits$}", high * 100.0));
    if low == high { format!("{low} %") } else { format!("{low}-{high} %") }
}

/// `3 %`, `0.4 %`.
pub fn percent(share: f64) -> String {
    let digits = usize::from(share.abs() < 0.1);
    format!("{:.digits$} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(median: f64, low: f64, high: f64) -> String {
        verdict(&Ratio { median, low, high, n: 10 }, 0.02).sentence("hyper", "sdk-rust")
    }

    #[test]
    fn verdicts_are_plain() {
        assert_eq!(said(1.125, 1.11, 1.14), "hyper is faster than sdk-rust by 11-14 %");
        assert_eq!(said(0.9, 0.895, 0.905), "hyper is slower than sdk-rust: it takes 10-12 % longer");
        assert_eq!(said(1.0, 0.99, 1.01), "no difference between hyper and sdk-rust found above 1.0 %");
        // Narrow and beside 1, but too little to mean anything.
        assert_eq!(said(1.006, 1.002, 1.011), "no difference between hyper and sdk-rust found above 1.1 %");
        let noisy = said(1.05, 0.95, 1.15);
        assert!(noisy.starts_with("too noisy to tell hyper from sdk-rust: about 217 more"), "{noisy}");
        assert_eq!(said(5.1, 4.9, 5.3), "hyper is faster than sdk-rust by 390-430 %");
    }
}
