//! What is compared, by the flags and the baseline.

use workload_schema::baseline::Baseline;
use workload_schema::event::Tuned;
use workload_schema::record::RunRecord;

use super::arguments::CompareArgs;
use crate::session;
use crate::settings::Settings;
use workload_library::LoadedWorkload;

/// What is compared, all of it found.
pub struct Chosen {
    /// The workloads.
    pub workloads: Vec<LoadedWorkload>,
    /// The clients.
    pub clients: Vec<session::Chosen>,
    /// Client ids in their order, one that plays against itself twice.
    pub sides: Vec<String>,
    /// Values asked for instead of what makers recommend.
    pub tuned: Tuned,
}

impl Chosen {
    /// What the flags and the baseline name. The error has no reason where it was printed already.
    pub fn of(args: &CompareArgs, settings: &Settings, baseline: Option<&Baseline>) -> Result<Self, Option<String>> {
        let tuned = args.tuned.as_ref().map(|text| session::parse_tuned(text, settings.target_throughput.value));
        let tuned = tuned.transpose().map_err(|reason| Some(format!("--tuned: {reason}")))?.unwrap_or_default();
        let named = |named: &[String], of: fn(&RunRecord) -> String| match baseline {
            Some(baseline) if named.is_empty() => distinct(&baseline.runs, of),
            _ => named.to_vec(),
        };
        let sides = match baseline {
            Some(_) => named(&args.clients, |run| run.client.clone()),
            None => args.sides().map_err(Some)?,
        };
        let asked = named(&args.workloads, |run| run.workload.to_string());
        let workloads = session::workloads(&asked, settings);
        let clients = session::clients(&sides, settings);
        let sides = session::client_ids(&sides, settings);
        match (workloads, clients, sides) {
            (Ok(workloads), Ok(clients), Ok(sides)) => Ok(Self { workloads, clients, sides, tuned }),
            _ => Err(None),
        }
    }
}

fn distinct(runs: &[RunRecord], of: fn(&RunRecord) -> String) -> Vec<String> {
    let mut values = Vec::new();
    for value in runs.iter().map(of) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}
