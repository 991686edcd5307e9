//! Which process writes a run, so that a run whose process was killed can be told from one that goes on.

use std::fs;

use serde::{Deserialize, Serialize};

/// A process among all that ever were: its number alone is used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Writer {
    process: u32,
    /// Clock ticks from boot to its start.
    started_ticks: Option<u64>,
    /// Of the machine, at this boot.
    boot: Option<String>,
    host: Option<String>,
}

/// What can be said of a writer now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Liveness {
    Running,
    Gone,
    /// It ran on another machine, or this one does not tell.
    Unknown,
}

impl Writer {
    /// This process.
    pub(super) fn this() -> Self {
        let process = std::process::id();
        Self {
            process,
            started_ticks: started_ticks(process),
            boot: kernel_text("random/boot_id"),
            host: kernel_text("hostname"),
        }
    }

    /// Whether the process still runs.
    pub(super) fn liveness(&self) -> Liveness {
        self.liveness_seen_from(&Self::this())
    }

    fn liveness_seen_from(&self, this: &Self) -> Liveness {
        if self.boot.is_none() || self.host != this.host || this.started_ticks.is_none() {
            Liveness::Unknown
        } else if self.boot == this.boot
            && self.started_ticks.is_some()
            && started_ticks(self.process) == self.started_ticks
        {
            Liveness::Running
        } else {
            Liveness::Gone
        }
    }
}

/// Field 22 of `/proc/PID/stat`; the command in parentheses before it may hold anything.
fn started_ticks(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(19)?.parse().ok()
}

fn kernel_text(name: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/sys/kernel/{name}")).ok()?;
    Some(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_is_told_from_its_successors() {
        let this = Writer::this();
        assert_eq!(this.liveness(), Liveness::Running);
        let reused_number = Writer { started_ticks: this.started_ticks.map(|ticks| ticks + 1), ..this.clone() };
        assert_eq!(reused_number.liveness(), Liveness::Gone);
        let before_reboot = Writer { boot: Some("earlier".to_owned()), ..this.clone() };
        assert_eq!(before_reboot.liveness(), Liveness::Gone);
        let elsewhere = Writer { host: Some("elsewhere".to_owned()), ..this };
        assert_eq!(elsewhere.liveness(), Liveness::Unknown);
    }
}
