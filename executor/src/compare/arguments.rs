//! The flags of `wlx compare`, as they were typed.

use std::str::FromStr;

use clap::{Args, ValueEnum};

use crate::session::{AS_NATIVE, WatchArgs};

/// What stdout gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CompareFormat {
    /// For people
    Table,
    /// One JSON document
    Json,
}

/// A share, typed in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percent(pub f64);

/// A text that is not a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a percentage above 0 and at most 100 is wanted, like 2% or 0.5%")]
pub struct PercentError;

impl FromStr for Percent {
    type Err = PercentError;

    fn from_str(text: &str) -> Result<Self, PercentError> {
        let number: f64 = text.strip_suffix('%').unwrap_or(text).trim().parse().map_err(|_| PercentError)?;
        if number > 0.0 && number <= 100.0 { Ok(Self(number / 100.0)) } else { Err(PercentError) }
    }
}

/// Flags of `wlx compare`.
#[derive(Debug, Clone, Args)]
pub struct CompareArgs {
    /// Names or paths of compiled workloads; with --baseline those of the baseline if none is named
    #[arg(value_name = "WORKLOAD", required_unless_present = "baseline")]
    pub workloads: Vec<String>,
    /// Clients that take turns; the first is the one that the others are compared with
    #[arg(long, value_name = "A,B[,C]", value_delimiter = ',')]
    pub clients: Vec<String>,
    /// Run one client against itself, where no difference should be found
    #[arg(long)]
    pub same: bool,
    /// Run the clients and workloads of this baseline now, and compare with it (see wlx baseline save)
    #[arg(long, value_name = "NAME", conflicts_with = "same")]
    pub baseline: Option<String>,
    /// With --baseline: compare the runs of the newest session instead of running anything
    #[arg(long, requires = "baseline")]
    pub last: bool,
    /// With --baseline: exit with code 3 if a slowdown is real and larger than this
    #[arg(long, value_name = "PERCENT", requires = "baseline")]
    pub fail_above: Option<Percent>,
    /// Continue until the interval of the ratio is at most this wide on either side
    #[arg(long, value_name = "PERCENT", default_value = "2%")]
    pub precision: Percent,
    /// Stop each workload after this many seconds, however wide the interval still is
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = clap::value_parser!(u64).range(1..))]
    pub time: u64,
    /// Take at most this many turns per client
    #[arg(long, value_name = "N", default_value = "200", value_parser = clap::value_parser!(u64).range(4..))]
    pub rounds: u64,
    /// Restart every client after this many turns, as one process may by chance be faster than another
    #[arg(long, value_name = "N", default_value = "8", value_parser = clap::value_parser!(u64).range(2..))]
    pub restart_every: u64,
    /// Seed of the order of turns and of the statistics [default: random, and shown]
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
    /// Slow the last client by this much in the embedded server, to show that such a difference is found
    #[arg(long, value_name = "PERCENT", conflicts_with_all = ["baseline", "cloudwatch"])]
    pub slow: Option<Percent>,
    /// The same values for all clients that take them, like part-size=16MiB,connections=32,files=8
    #[arg(long, value_name = "VALUES", num_args = 0..=1, require_equals = true, default_missing_value = AS_NATIVE)]
    pub tuned: Option<String>,
    /// Give up on a client that finishes no repeat within this many seconds
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,
    /// What to print
    #[arg(long, value_enum, default_value_t = CompareFormat::Table)]
    pub format: CompareFormat,
    /// How runs are watched while they are in progress
    #[command(flatten)]
    pub watch: WatchArgs,
}

impl CompareArgs {
    /// The clients in their order. A client that is compared with itself is listed twice.
    pub fn sides(&self) -> Result<Vec<String>, String> {
        let mut sides = self.clients.clone();
        if self.same {
            sides.dedup();
            if sides.len() != 1 {
                return Err("--same takes one client: wlx compare --same --clients sdk-rust WORKLOAD".to_owned());
            }
            sides.push(sides[0].clone());
        } else if sides.len() < 2 {
            return Err("name at least two clients: wlx compare --clients sdk-rust,hyper WORKLOAD".to_owned());
        }
        Ok(sides)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_checked() {
        assert_eq!("2%".parse(), Ok(Percent(0.02)));
        assert_eq!("0.5".parse(), Ok(Percent(0.005)));
        for wrong in ["", "%", "0%", "-1%", "101%", "NaN", "2 percent"] {
            assert_eq!(wrong.parse::<Percent>(), Err(PercentError), "{wrong}");
        }
    }
}
