//! The workloads and clients that are compared, from the flags and the baseline.

use workload_schema::baseline::Baseline;
use workload_schema::event::Tuned;
use workload_schema::record::RunRecord;

use super::arguments::CompareArgs;
use crate::ending::Refusal;
use crate::session;
use crate::settings::Settings;
use workload_library::LoadedWorkload;

/// The workloads and clients that are compared.
pub struct Chosen {
    /// The workloads.
    pub workloads: Vec<LoadedWorkload>,
    /// The clients.
    pub clients: Vec<session::Chosen>,
    /// Client ids in their order. A client that plays against itself is listed twice.
    pub sides: Vec<String>,
    /// Values to use instead of what the makers of clients recommend.
    pub tuned: Tuned,
}

impl Chosen {
    /// What the flags and the baseline name, or a refusal for each argument that cannot be used.
    pub fn of(args: &CompareArgs, settings: &Settings, baseline: Option<&Baseline>) -> Result<Self, Vec<Refusal>> {
        let tuned = args.tuned.as_ref().map(|text| session::parse_tuned(text, settings.target_throughput.value));
        let tuned = tuned.transpose().map_err(|reason| vec![Refusal::Tuned(reason)])?.unwrap_or_default();
        let named = |named: &[String], of: fn(&RunRecord) -> String| match baseline {
            Some(baseline) if named.is_empty() => distinct(&baseline.runs, of),
            _ => named.to_vec(),
        };
        let sides = match baseline {
            Some(_) => named(&args.clients, |run| run.client.clone()),
            None => args.sides().map_err(|reason| vec![Refusal::Sides(reason)])?,
        };
        let asked = named(&args.workloads, |run| run.workload.to_string());
        let workloads = session::workloads(&asked, settings);
        let clients = session::clients(&sides, settings);
        match (workloads, clients) {
            (Ok(workloads), Ok(clients)) => {
                let sides = session::client_ids(&sides, settings).map_err(|error| vec![Refusal::Client(error)])?;
                Ok(Self { workloads, clients, sides, tuned })
            }
            (workloads, clients) => Err([workloads.err(), clients.err()].into_iter().flatten().flatten().collect()),
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
