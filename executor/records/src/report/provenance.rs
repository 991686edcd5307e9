//! Where the figures come from: enough to measure them again, and to see what was not alike.

use serde::Serialize;
use workload_schema::record::RunRecord;

use crate::tables::{configuration, machine};

/// A run, as far as it is its own.
#[derive(Debug, Serialize)]
pub(super) struct Origin {
    run: i64,
    session: String,
    started_at: String,
    ended_at: String,
    workload: String,
    digest: String,
    scale: String,
    client: String,
    version: String,
    configuration: String,
    wlx_version: String,
}

/// What several runs share.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Shared {
    runs: String,
    lines: Vec<(String, String)>,
}

/// A row for each of `runs`.
pub(super) fn origins(runs: &[RunRecord]) -> Vec<Origin> {
    runs.iter()
        .map(|run| Origin {
            run: run.run,
            session: run.session.clone(),
            started_at: run.started_at.clone(),
            ended_at: run.ended_at.clone().unwrap_or_else(|| "-".to_owned()),
            workload: run.workload.to_string(),
            digest: run.workload_digest.to_string(),
            scale: run.scale.clone(),
            client: run.client.clone(),
            version: run.hello.as_ref().map_or_else(|| "-".to_owned(), |hello| hello.client_version.clone()),
            configuration: run.hello.as_ref().map_or_else(|| "said nothing of itself".to_owned(), configuration),
            wlx_version: run.wlx_version.clone(),
        })
        .collect()
}

/// The machines and settings of `runs`, each once, with the runs that have them.
pub(super) fn shared(runs: &[RunRecord]) -> Vec<Shared> {
    let mut shared = Vec::<(Vec<i64>, Vec<(String, String)>)>::new();
    for run in runs {
        let mut lines = vec![("machine".to_owned(), machine(run))];
        lines.extend(run.conditions.to_map());
        match shared.iter_mut().find(|(_, known)| *known == lines) {
            Some((numbers, _)) => numbers.push(run.run),
            None => shared.push((vec![run.run], lines)),
        }
    }
    let named = |(numbers, lines): (Vec<i64>, Vec<(String, String)>)| {
        let plural = if numbers.len() == 1 { "" } else { "s" };
        Shared { runs: format!("run{plural} {}", crate::tables::ranges(numbers)), lines }
    };
    shared.into_iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::run;

    #[test]
    fn what_runs_share_is_told_once() {
        let mut other = run(3);
        other.conditions.other.insert("seed".to_owned(), "7".to_owned());
        let shared = shared(&[run(1), run(2), other]);
        let runs: Vec<&str> = shared.iter().map(|shared| shared.runs.as_str()).collect();
        assert_eq!(runs, ["runs 1, 2", "run 3"]);
        assert!(shared[1].lines.contains(&("seed".to_owned(), "7".to_owned())));
    }
}
