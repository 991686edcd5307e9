//! CPU time of this very process, to the microsecond: what a runner reports of itself.

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use super::CpuTime;

/// CPU time so far of this process and of its children that have ended and were waited for.
///
/// Zero where the system does not say, which no supported one does.
pub fn own_usage() -> CpuTime {
    let [own, children] = [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN]
        .map(|who| getrusage(who).map(|usage| time(&usage)).unwrap_or_default());
    CpuTime {
        user_seconds: own.user_seconds + children.user_seconds,
        system_seconds: own.system_seconds + children.system_seconds,
    }
}

/// Peak resident memory in bytes of the largest child that has ended and was waited for; none if there was none.
pub fn ended_children_peak() -> Option<u64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    // Linux counts in KiB.
    u64::try_from(usage.max_rss()).ok().filter(|peak| *peak > 0).map(|peak| peak * 1024)
}

fn time(usage: &Usage) -> CpuTime {
    CpuTime {
        user_seconds: usage.user_time().num_microseconds() as f64 / 1e6,
        system_seconds: usage.system_time().num_microseconds() as f64 / 1e6,
    }
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
        while own_usage().since(before).user_seconds < 0.02 && start.elapsed().as_secs() < 30 {
            burnt = black_box((0..100_000).fold(burnt, |sum, n| sum ^ black_box(n)));
        }
        assert!(own_usage().since(before).user_seconds >= 0.02);
    }

    #[test]
    fn work_of_ended_children_is_counted() {
        let before = own_usage();
        let burn = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        assert!(Command::new("sh").args(["-c", burn]).status().unwrap().success());
        let spent = own_usage().since(before);
        assert!(spent.user_seconds + spent.system_seconds > 0.01, "{spent:?}");
    }
}
