//! What was measured, as it is stored.

use serde::{Deserialize, Serialize};
use workload_schema::record::Machine;

use super::{ClockFloor, DiskLimit, LoopbackLimit, NullFloor};
use crate::results_file::{FindingKind, ResultsFile, ResultsFileError};

/// Format version of [`Calibration`].
pub const VERSION: u32 = 1;

/// The floor of the harness on one machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Calibration {
    /// [`VERSION`].
    pub version: u32,
    /// When it was measured, RFC 3339 in UTC.
    #[serde(default)]
    pub found_at: String,
    /// Where.
    pub machine: Machine,
    /// What repeats cost in which no byte moves, by their number of tasks.
    pub null: Vec<NullFloor>,
    /// What loopback carries, by the number of connections.
    pub loopback: Vec<LoopbackLimit>,
    /// What the disk of the files directory does.
    pub disk: DiskLimit,
    /// How fine the clock is.
    pub clock: ClockFloor,
}

impl Calibration {
    /// Seconds of a repeat of `tasks` tasks in which no byte moves: on a line between the measured numbers of tasks,
    /// beyond the largest in proportion to it.
    pub fn null_seconds(&self, tasks: u64) -> Option<f64> {
        let mut below: Option<&NullFloor> = None;
        for floor in &self.null {
            if floor.tasks >= tasks {
                let Some(below) = below else { return Some(floor.seconds.median) };
                let share = (tasks - below.tasks) as f64 / (floor.tasks - below.tasks) as f64;
                return Some(below.seconds.median + (floor.seconds.median - below.seconds.median) * share);
            }
            below = Some(floor);
        }
        below.map(|largest| largest.seconds.median * tasks as f64 / largest.tasks as f64)
    }

    /// Gigabit/s that loopback carries, with as many connections as are best.
    pub fn loopback_gbps(&self) -> Option<f64> {
        self.loopback.iter().map(|limit| limit.gbps.median).max_by(f64::total_cmp)
    }
}

/// The newest calibration of `machine` by this version of wlx.
pub fn latest(results: &ResultsFile, machine: &Machine) -> Result<Option<Calibration>, ResultsFileError> {
    let findings = results.findings::<Calibration>(FindingKind::Calibration)?;
    let fits = findings.into_iter().find(|finding| {
        finding.body.machine == *machine
            && finding.body.version == VERSION
            && finding.wlx_version == env!("CARGO_PKG_VERSION")
    });
    Ok(fits.map(|finding| Calibration { found_at: finding.found_at, ..finding.body }))
}
