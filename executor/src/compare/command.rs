//! The command: which clients take turns on which workloads, and what is printed and stored of it.

use std::time::Duration;

use embedded_s3::admin::AdminClient;
use workload_schema::WorkloadDigest;
use workload_schema::baseline::Baseline;
use workload_schema::record::RunRecord;

use super::against_baseline::{AgainstBaseline, Series, regression};
use super::arguments::{CompareArgs, CompareFormat, Percent};
use super::outcome::{Comparison, VERSION};
use super::selection::Chosen;
use super::show;
use super::sides::{sides, with_context};
use super::turns::{Against, HoldBack, Limits, Player, Turns, TurnsEnd};
use crate::ending::{CommandError, Ended, Ending};
use crate::session::{Session, SessionSetup, endpoint_refusals, prepare};
use crate::settings::Settings;
use crate::signals::cancelled_by_signals;
use crate::store::Store;
use run_records::analysis::Draws;
use run_records::baseline::Baselines;
use run_records::results::select_runs;
use run_records::results_file::{FindingKind, NewFinding, ResultsFile, ResultsFileError, RunFilter};
use run_watch::Watchers;
use runner_drive::Guard;
use tokio_util::sync::CancellationToken;
use wlx_terminal as terminal;
use workload_library::LoadedWorkload;

/// Compares what `args` name.
pub async fn run(args: &CompareArgs, settings: &Settings) -> Result<Ended, CommandError> {
    let seed = args.seed.unwrap_or_else(|| fastrand::u64(..1 << 32));
    let baseline = args.baseline.as_ref().map(|name| Baselines::below(&settings.state_dir).read(name)).transpose()?;
    if let (Some(baseline), true) = (&baseline, args.last) {
        let runs = select_runs(&[], &ResultsFile::open_read_only(&settings.db.value)?)?;
        return Ok(show_against(baseline, &runs, args, seed)?);
    }
    let chosen = Chosen::of(args, settings, baseline.as_ref())?;
    if chosen.workloads.is_empty() {
        return Ok(Ending::Skipped.into());
    }
    let watchers = args.watch.open(settings).await?;
    let cancelled = cancelled_by_signals()?;
    let store = Store::open(settings).await?;
    let all = AllOf { args, settings, store: &store, chosen: &chosen, baseline: baseline.as_ref(), seed };
    let result = match prepare(&store, &chosen.workloads, settings, &cancelled).await {
        Ok(()) => all.compare(watchers, &cancelled).await,
        Err(error) => Err(error),
    };
    store.close().await;
    match result {
        Ok(ended) if cancelled.is_cancelled() => Ok(Ended { ending: Ending::Interrupted, ..ended }),
        Err(error) if cancelled.is_cancelled() => Err(CommandError::Interrupted(Box::new(error))),
        result => result,
    }
}

/// What all workloads of a comparison have in common.
struct AllOf<'a> {
    args: &'a CompareArgs,
    settings: &'a Settings,
    store: &'a Store,
    chosen: &'a Chosen,
    baseline: Option<&'a Baseline>,
    seed: u64,
}

impl AllOf<'_> {
    async fn compare(&self, watchers: Watchers, cancelled: &CancellationToken) -> Result<Ended, CommandError> {
        let mut session = self.session(watchers, cancelled).await?;
        let (mut ends, mut comparisons, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for loaded in &self.chosen.workloads {
            let (comparison, end) = self.one(loaded, &mut session).await?;
            problems.extend(problem(&end, loaded));
            if let Some(comparison) = comparison {
                self.keep(&comparison, &mut session)?;
                comparisons.push(comparison);
            }
            ends.push(end);
            if ends.last() == Some(&TurnsEnd::Interrupted) {
                break;
            }
        }
        let mut ending = ending_of(&ends);
        if let Some(baseline) = self.baseline {
            let filter = RunFilter { session: Some(session.id().to_string()), ..RunFilter::default() };
            let now = session.results().runs(&filter)?;
            let against = show_against(baseline, &now, self.args, self.seed)?;
            problems.extend(against.problems);
            ending = outweighed(ending, against.ending);
        } else if self.args.format == CompareFormat::Json {
            terminal::data(&serde_json::to_string_pretty(&comparisons)?);
        }
        session.finish().await;
        Ok(Ended::with_problems(ending, problems))
    }

    async fn session(&self, watchers: Watchers, cancelled: &CancellationToken) -> Result<Session<'_>, CommandError> {
        let results = ResultsFile::open(&self.settings.db.value)?;
        let mut guard = Guard::start()?;
        let timeout = Duration::from_secs(self.args.timeout);
        let clients = &self.chosen.clients;
        let refusals = endpoint_refusals(clients, self.store, timeout, &mut guard, cancelled).await?;
        if let Some(reason) = refusals.into_iter().flatten().next() {
            return Err(CommandError::LeavesEndpoint(reason));
        }
        Ok(Session::new(SessionSetup {
            settings: self.settings,
            store: self.store,
            tuned: self.chosen.tuned,
            timeout,
            record_tasks: true,
            results,
            watchers,
            guard,
            cancelled: cancelled.clone(),
        }))
    }

    /// Stores a comparison and shows it.
    fn keep(&self, comparison: &Comparison, session: &mut Session<'_>) -> Result<(), ResultsFileError> {
        let id = session.id().to_owned();
        let kind = FindingKind::Comparison;
        let finding = NewFinding { kind, session: id.as_str(), client: None, client_version: None, body: comparison };
        session.results().add_finding(&finding)?;
        if self.args.format == CompareFormat::Table {
            terminal::data(&show::text(comparison, terminal::width()));
        }
        Ok(())
    }

    /// The comparison on one workload. There is none with a baseline, or after too few turns to say anything.
    async fn one(
        &self,
        loaded: &LoadedWorkload,
        session: &mut Session<'_>,
    ) -> Result<(Option<Comparison>, TurnsEnd), CommandError> {
        let file = session.compiled_file(loaded)?;
        let mut players = match self.players() {
            Ok(players) => players,
            Err(reason) => return Ok((None, TurnsEnd::Failed(reason))),
        };
        let against = match self.baseline {
            None => Against::First,
            Some(baseline) => Against::Before(only_those_of(baseline, &file.digest, &mut players)),
        };
        if players.is_empty() {
            let reason = "the baseline has no run of this workload as it is now (its digest differs)".to_owned();
            return Ok((None, TurnsEnd::Skipped(reason)));
        }
        let limits = self.limits();
        let names: Vec<&str> = players.iter().map(|player| player.label.as_str()).collect();
        terminal::note(&format!("{}: {} take turns", loaded.name, names.join(", ")));
        let hold_back = self.hold_back()?;
        let mut turns = Turns { session, loaded, file: &file, players: &players, limits, hold_back, against };
        let (played, end) = turns.play().await?;
        let enough = self.baseline.is_none() && played.iter().all(|side| side.repeats.len() >= 2);
        let comparison = enough.then(|| Comparison {
            version: VERSION,
            workload: loaded.name.clone(),
            workload_digest: file.digest.clone(),
            scale: loaded.scale.to_string(),
            seed: limits.seed,
            precision: limits.precision,
            rounds: played[0].repeats.len(),
            sides: sides(&players, &played, limits),
            warnings: Vec::new(),
        });
        match comparison {
            Some(comparison) => Ok((Some(with_context(comparison, session)?), end)),
            None => Ok((None, end)),
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            precision: self.args.precision.0,
            time: Duration::from_secs(self.args.time),
            rounds: usize::try_from(self.args.rounds).unwrap_or(usize::MAX),
            restart_every: usize::try_from(self.args.restart_every).unwrap_or(usize::MAX),
            seed: self.seed,
        }
    }

    fn players(&self) -> Result<Vec<Player<'_>>, String> {
        let mut players: Vec<Player<'_>> = Vec::new();
        for id in &self.chosen.sides {
            let chosen = self
                .chosen
                .clients
                .iter()
                .find(|chosen| chosen.entry.id == *id)
                .ok_or_else(|| format!("no client {id}"))?;
            let launch = chosen.launch.as_ref().map_err(Clone::clone)?;
            let client = chosen.entry.id.as_str();
            let before = players.iter().filter(|player| player.client == client).count();
            let label = if before == 0 { client.to_owned() } else { format!("{client} ({})", before + 1) };
            players.push(Player { label, client, launch });
        }
        Ok(players)
    }

    fn hold_back(&self) -> Result<Option<HoldBack>, CommandError> {
        let Some(share) = self.args.slow else { return Ok(None) };
        let Some(embedded) = &self.store.embedded else {
            return Err(CommandError::SlowElsewhere);
        };
        let ready = embedded.ready();
        Ok(Some(HoldBack { admin: AdminClient::new(&ready.endpoint, &ready.admin_token)?, share: share.0 }))
    }
}

/// What the workloads come to.
fn ending_of(ends: &[TurnsEnd]) -> Ending {
    if ends.contains(&TurnsEnd::Interrupted) {
        Ending::Interrupted
    } else if ends.iter().any(|end| matches!(end, TurnsEnd::Failed(_))) {
        Ending::Failed
    } else if ends.iter().all(|end| matches!(end, TurnsEnd::Skipped(_))) {
        Ending::Skipped
    } else {
        Ending::Done
    }
}

/// The ending of a comparison with a baseline, from what the `runs` came to and what was found `against` the baseline.
/// A regression outweighs a workload that failed or was skipped; nothing outweighs an interruption.
fn outweighed(runs: Ending, against: Ending) -> Ending {
    match (runs, against) {
        (Ending::Interrupted, _) | (_, Ending::Done) => runs,
        (_, Ending::Skipped | Ending::Failed | Ending::Regression | Ending::Interrupted) => against,
    }
}

/// Why the workload failed, if it did. That it was skipped is said at once.
fn problem(end: &TurnsEnd, loaded: &LoadedWorkload) -> Option<String> {
    match end {
        TurnsEnd::Done | TurnsEnd::Interrupted => None,
        TurnsEnd::Skipped(reason) => {
            terminal::note(&format!("skipped: {}: {reason}", loaded.name));
            None
        }
        TurnsEnd::Failed(reason) => Some(format!("{}: {reason}", loaded.name)),
    }
}

/// Shows runs beside a baseline, and judges them by `--fail-above`.
fn show_against(baseline: &Baseline, now: &[RunRecord], args: &CompareArgs, seed: u64) -> serde_json::Result<Ended> {
    let found = AgainstBaseline::of(baseline, now, args.precision.0, Draws::with_seed(seed));
    match args.format {
        CompareFormat::Table => terminal::data(&found.text(terminal::width())),
        CompareFormat::Json => terminal::data(&serde_json::to_string_pretty(&found)?),
    }
    let Some(Percent(limit)) = args.fail_above else { return Ok(Ending::Done.into()) };
    let regressions: Vec<String> = found.regressions(limit).map(|both| regression(both, limit)).collect();
    let ending = match (regressions.is_empty(), found.missing.is_empty()) {
        (false, _) => Ending::Regression,
        (true, false) => Ending::Failed,
        (true, true) => Ending::Done,
    };
    Ok(Ended::with_problems(ending, regressions))
}

/// Keeps the players that `baseline` has on this workload; returns the seconds of their repeats in it.
fn only_those_of(baseline: &Baseline, digest: &WorkloadDigest, players: &mut Vec<Player<'_>>) -> Vec<Vec<f64>> {
    let all = Series::of(&baseline.runs);
    let of = |player: &Player<'_>| {
        let then = all.iter().find(|then| then.first.client == player.client && then.first.workload_digest == *digest);
        then.map(|then| then.seconds.clone())
    };
    players.retain(|player| of(player).is_some());
    players.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_workloads_come_to() {
        let (failed, skipped) = (TurnsEnd::Failed(String::new()), TurnsEnd::Skipped(String::new()));
        for (ends, ending) in [
            (vec![TurnsEnd::Done, skipped.clone()], Ending::Done),
            (vec![skipped.clone(), skipped.clone()], Ending::Skipped),
            (vec![TurnsEnd::Done, failed.clone(), skipped], Ending::Failed),
            (vec![failed, TurnsEnd::Interrupted], Ending::Interrupted),
        ] {
            assert_eq!(ending_of(&ends), ending, "{ends:?}");
        }
    }

    #[test]
    fn a_regression_outweighs_all_but_an_interruption() {
        assert_eq!(outweighed(Ending::Failed, Ending::Regression), Ending::Regression);
        assert_eq!(outweighed(Ending::Skipped, Ending::Done), Ending::Skipped);
        assert_eq!(outweighed(Ending::Interrupted, Ending::Regression), Ending::Interrupted);
    }
}
