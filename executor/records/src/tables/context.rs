//! What is known beside the runs themselves: the floor of their machine, and whether their clients were seen to do the
//! same work.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use workload_schema::record::RunRecord;

use crate::analysis::calibration;
use crate::analysis::calibration::Calibration;
use crate::analysis::conformance;
use crate::analysis::conformance::{Evidence, Level, REFERENCE};
use crate::results_file::{ResultsFile, ResultsFileError};
use workload_schema::NULL_CLIENT;

/// Differences that are spelled out for a run; the rest is counted.
const DIFFERENCES_SHOWN: usize = 2;

/// See the module.
#[derive(Debug, Default)]
pub struct Context {
    calibrations: Vec<Calibration>,
    /// By client and version; none where one was never checked.
    evidence: BTreeMap<Checked, Option<Evidence>>,
    /// Whether several clients stand beside each other.
    compares: bool,
}

/// A client in a version.
type Checked = (String, Option<String>);

impl Context {
    /// What `results` knows of `runs`.
    pub fn of(results: &ResultsFile, runs: &[RunRecord]) -> Result<Self, ResultsFileError> {
        let mut context = Self::default();
        for run in runs {
            if !context.calibrations.iter().any(|known| known.machine == run.machine) {
                context.calibrations.extend(calibration::latest(results, &run.machine)?);
            }
            if let Entry::Vacant(unknown) = context.evidence.entry(checked(run)) {
                let (client, version) = unknown.key();
                let evidence = conformance::evidence(results, client, version.as_deref())?;
                unknown.insert(evidence);
            }
        }
        context.compares = runs.iter().any(|run| run.client != runs[0].client);
        Ok(context)
    }

    /// Sentences about `run`.
    pub(crate) fn sentences(&self, run: &RunRecord) -> Vec<String> {
        let floor = self.calibrations.iter().find(|known| known.machine == run.machine);
        let flags = floor.map(|floor| calibration::flags(floor, run)).unwrap_or_default();
        let flags = flags.into_iter().map(|flag| flag.sentence);
        flags.chain(self.same_work(run).filter(|_| self.compares)).collect()
    }

    /// Whether the client of `run` does the work of the reference.
    fn same_work(&self, run: &RunRecord) -> Option<String> {
        if run.client == NULL_CLIENT {
            return None;
        }
        let evidence = self.evidence.get(&checked(run))?.as_ref();
        let Some(evidence) = evidence else {
            return Some(format!(
                "never checked in this version what it really does: wlx conform {}",
                if run.client == REFERENCE { "" } else { &run.client }
            ))
            .map(|sentence| sentence.trim_end().to_owned());
        };
        if run.client == REFERENCE {
            return None;
        }
        let reference = self.evidence.iter().find(|((client, _), found)| client == REFERENCE && found.is_some());
        let reference = reference.and_then(|(_, found)| found.as_ref()).unwrap_or(evidence);
        let found = conformance::differences(reference, evidence);
        let faults = found.iter().filter(|difference| difference.level == Level::Fault).count();
        let mut said: Vec<&str> =
            found.iter().take(DIFFERENCES_SHOWN.max(faults)).map(|found| found.sentence.as_str()).collect();
        let more = format!("{} more: wlx conform", found.len() - said.len());
        if found.len() > said.len() {
            said.push(&more);
        }
        let kind = if faults > 0 { "not the same work" } else { "the same work in another way" };
        (!said.is_empty()).then(|| format!("{kind} as {REFERENCE}: {}", said.join("; ")))
    }
}

fn checked(run: &RunRecord) -> Checked {
    (run.client.clone(), run.hello.as_ref().map(|hello| hello.client_version.clone()))
}
