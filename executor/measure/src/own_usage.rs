//! What this very process has used, CPU time to the microsecond: what a runner reports of itself.

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use workload_schema::event::ContextSwitches;

use super::CpuTime;

/// Linux counts storage in these, whatever the device (getrusage(2)).
const RUSAGE_BLOCK: u64 = 512;

/// What a process has used so far, or between two moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnUsage {
    /// CPU time.
    pub cpu: CpuTime,
    /// Context switches.
    pub context_switches: ContextSwitches,
    /// Bytes that were fetched from storage for it.
    pub disk_read_bytes: u64,
    /// Bytes that it caused to be written to storage, be it later.
    pub disk_write_bytes: u64,
}

impl OwnUsage {
    /// What was used since `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        let (now, then) = (self.context_switches, earlier.context_switches);
        Self {
            cpu: self.cpu.since(earlier.cpu),
            context_switches: ContextSwitches {
                voluntary: now.voluntary.saturating_sub(then.voluntary),
                involuntary: now.involuntary.saturating_sub(then.involuntary),
            },
            disk_read_bytes: self.disk_read_bytes.saturating_sub(earlier.disk_read_bytes),
            disk_write_bytes: self.disk_write_bytes.saturating_sub(earlier.disk_write_bytes),
        }
    }
}

/// What this process has used so far, and its children that have ended and were waited for.
///
/// Zero where the system does not say, which no supported one does.
pub fn own_usage() -> OwnUsage {
    let known: Vec<Usage> =
        [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN].into_iter().filter_map(|who| getrusage(who).ok()).collect();
    let seconds = |of: fn(&Usage) -> i64| known.iter().map(of).sum::<i64>() as f64 / 1e6;
    let count = |of: fn(&Usage) -> i64| known.iter().map(|usage| u64::try_from(of(usage)).unwrap_or(0)).sum::<u64>();
    OwnUsage {
        cpu: CpuTime {
            user_seconds: seconds(|usage| usage.user_time().num_microseconds()),
            system_seconds: seconds(|usage| usage.system_time().num_microseconds()),
        },
        context_switches: ContextSwitches {
            voluntary: count(Usage::voluntary_context_switches),
            involuntary: count(Usage::involuntary_context_switches),
        },
        disk_read_bytes: count(Usage::block_reads) * RUSAGE_BLOCK,
        disk_write_bytes: count(Usage::block_writes) * RUSAGE_BLOCK,
    }
}

/// Peak resident memory in bytes of the largest child that has ended and was waited for; none if there was none.
pub fn ended_children_peak() -> Option<u64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    // Linux counts in KiB.
    u64::try_from(usage.max_rss()).ok().filter(|peak| *peak > 0).map(|peak| peak * 1024)
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;
    use std::process::Command;
    use std::time::Instant;

    use super::*;

    #[test]
    fn own_work_is_counted() {
        let (before, start) = (own_usage(), Instant::now());
        let mut burnt = 0_u64;
        while own_usage().since(before).cpu.user_seconds < 0.02 && start.elapsed().as_secs() < 30 {
            burnt = black_box((0..100_000).fold(burnt, |sum, n| sum ^ black_box(n)));
        }
        assert!(own_usage().since(before).cpu.user_seconds >= 0.02);
    }

    #[test]
    fn work_of_ended_children_is_counted() {
        let before = own_usage();
        let burn = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        assert!(Command::new("sh").args(["-c", burn]).status().unwrap().success());
        let spent = own_usage().since(before).cpu;
        assert!(spent.user_seconds + spent.system_seconds > 0.01, "{spent:?}");
    }
}
