//! One process as `/proc` describes it.

use std::fs;

/// The fields of `/proc/PID/stat` that accounting needs; times in clock ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ProcessStat {
    pub(super) process: u32,
    pub(super) parent: u32,
    pub(super) group: u32,
    /// Own user time and that of the children it waited for.
    pub(super) user_ticks: u64,
    /// Own kernel time and that of the children it waited for.
    pub(super) system_ticks: u64,
    /// From boot to its start; tells it from a later process of the same number.
    pub(super) started_ticks: u64,
}

impl ProcessStat {
    /// Reads the process, unless it is gone.
    pub(super) fn read(process: u32) -> Option<Self> {
        Self::parse(process, &fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
    }

    fn parse(process: u32, stat: &str) -> Option<Self> {
        // The command stands in parentheses and may itself hold spaces and parentheses.
        let (_, rest) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        // Numbers as in proc(5), where the field after the command is the third.
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        Some(Self {
            process,
            parent: field(4)?.try_into().ok()?,
            group: field(5)?.try_into().ok()?,
            user_ticks: field(14)? + field(16)?,
            system_ticks: field(15)? + field(17)?,
            started_ticks: field(22)?,
        })
    }

    /// Whether it still exists, be it as a zombie whose time its parent has not taken over.
    pub(super) fn is_still_there(&self) -> bool {
        Self::read(self.process).is_some_and(|now| now.started_ticks == self.started_ticks)
    }

    /// Peak resident memory since its start or the last [`Self::reset_peak`]; a zombie has none.
    pub(super) fn peak_memory_bytes(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
    }

    /// Makes its present resident memory its peak (`clear_refs` 5 of proc(5)).
    pub(super) fn reset_peak(&self) -> bool {
        fs::write(format!("/proc/{}/clear_refs", self.process), "5").is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_may_hold_anything() {
        let stat = "77 (a) b (c)) S 12 13 14 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 1 0 987 1 2";
        assert_eq!(
            ProcessStat::parse(77, stat),
            Some(ProcessStat {
                process: 77,
                parent: 12,
                group: 13,
                user_ticks: 103,
                system_ticks: 24,
                started_ticks: 987,
            })
        );
        assert_eq!(ProcessStat::parse(77, "77 (a) S 12"), None);
        assert_eq!(ProcessStat::parse(77, ""), None);
    }

    #[test]
    fn this_process_is_there() {
        let this = ProcessStat::read(std::process::id()).unwrap();
        assert!(this.is_still_there() && this.peak_memory_bytes().unwrap() > 0);
        let successor = ProcessStat { started_ticks: this.started_ticks + 1, ..this };
        assert!(!successor.is_still_there());
    }
}
