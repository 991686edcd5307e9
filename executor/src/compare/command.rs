//! The command: who plays on what, and what is said and stored of it.

use std::time::Duration;

use embedded_s3::admin::AdminClient;
use workload_schema::event::Tuned;
use workload_schema::exit_code;

use super::arguments::{CompareArgs, CompareFormat};
use super::outcome::{Comparison, Side, VERSION};
use super::show;
use super::turns::{HoldBack, Limits, Played, Player, Turns, TurnsEnd, ratios};
use crate::analysis::{Draws, of_pairs, verdict};
use crate::library::LoadedWorkload;
use crate::results::{Spread, cpu_seconds, cpu_seconds_per_gib, throughput};
use crate::run::{self, Chosen, Guard, Runs, RunsSetup};
use crate::runner::{Cancel, Cancelled};
use crate::settings::Settings;
use crate::store::{FindingKind, NewFinding, Store};
use crate::target::Target;
use crate::terminal;
use crate::watch::Watchers;

/// Compares; answers the exit code.
pub async fn run(args: &CompareArgs, settings: &Settings) -> anyhow::Result<u8> {
    let usage = |reason: &dyn std::fmt::Display| {
        terminal::error(&reason.to_string());
        Ok(exit_code::USAGE)
    };
    let sides = match args.sides() {
        Ok(sides) => sides,
        Err(reason) => return usage(&reason),
    };
    let tuned = args.tuned.as_ref().map(|text| run::parse_tuned(text, settings.target_throughput.value)).transpose();
    let tuned = match tuned {
        Ok(tuned) => tuned.unwrap_or_default(),
        Err(reason) => return usage(&format!("--tuned: {reason}")),
    };
    let workloads = run::workloads(&args.workloads, settings);
    let (Ok(workloads), Ok(clients), Ok(sides)) =
        (workloads, run::clients(&sides, settings), run::client_ids(&sides, settings))
    else {
        return Ok(exit_code::USAGE);
    };
    if workloads.is_empty() {
        return Ok(exit_code::SKIPPED);
    }
    let (cancel, mut cancelled) = Cancel::new();
    cancel.raise_on_signals()?;
    let target = Target::open(settings).await?;
    let all = AllOf { args, settings, target: &target, tuned, sides: &sides };
    let result = match run::prepare(&target, &workloads, settings).await {
        Ok(()) => all.compare(&workloads, clients, &mut cancelled).await,
        Err(error) => Err(error),
    };
    target.close().await;
    if cancel.is_raised() {
        if let Err(error) = result {
            terminal::error(&format!("{error:#}"));
        }
        return Ok(exit_code::INTERRUPTED);
    }
    result
}

/// What all workloads of a comparison have in common.
struct AllOf<'a> {
    args: &'a CompareArgs,
    settings: &'a Settings,
    target: &'a Target,
    tuned: Tuned,
    /// Client ids, one that plays against itself twice.
    sides: &'a [String],
}

impl AllOf<'_> {
    async fn compare(
        &self,
        workloads: &[LoadedWorkload],
        mut clients: Vec<Chosen>,
        cancelled: &mut Cancelled,
    ) -> anyhow::Result<u8> {
        let store = Store::open(&self.settings.db.value)?;
        let mut guard = Guard::start()?;
        let timeout = Duration::from_secs(self.args.timeout);
        let refused = run::keep_to_the_endpoint(&mut clients, self.target, timeout, &mut guard, cancelled).await?;
        if let Some(reason) = refused.into_iter().flatten().next() {
            terminal::error(&reason);
            return Ok(exit_code::FAILED);
        }
        let mut runs = Runs::new(RunsSetup {
            settings: self.settings,
            target: self.target,
            tuned: self.tuned,
            timeout,
            verify: false,
            run_lines: false,
            record_tasks: true,
            store,
            guard,
            watchers: Watchers::nobody(),
        });
        let mut code = exit_code::OK;
        let mut comparisons = Vec::new();
        for loaded in workloads {
            let (comparison, end) = self.one(loaded, &clients, &mut runs, cancelled).await?;
            code = code.max(self.tell(&end, loaded));
            if let Some(comparison) = comparison {
                let session = runs.session().to_owned();
                let kind = FindingKind::Comparison;
                let body = &comparison;
                let finding = NewFinding { kind, session: &session, client: None, client_version: None, body };
                runs.store().add_finding(&finding)?;
                if self.args.format == CompareFormat::Table {
                    terminal::data(&show::text(&comparison, terminal::width()));
                }
                comparisons.push(comparison);
            }
            if end == TurnsEnd::Interrupted {
                break;
            }
        }
        if self.args.format == CompareFormat::Json {
            terminal::data(&serde_json::to_string_pretty(&comparisons)?);
        }
        Ok(code)
    }

    /// The comparison on one workload, if there were turns enough to say anything.
    async fn one(
        &self,
        loaded: &LoadedWorkload,
        clients: &[Chosen],
        runs: &mut Runs<'_>,
        cancelled: &mut Cancelled,
    ) -> anyhow::Result<(Option<Comparison>, TurnsEnd)> {
        let file = runs.compiled_file(loaded)?;
        let players = match self.players(clients) {
            Ok(players) => players,
            Err(reason) => return Ok((None, TurnsEnd::Failed(reason))),
        };
        let limits = Limits {
            precision: self.args.precision.0,
            time: Duration::from_secs(self.args.time),
            rounds: usize::try_from(self.args.rounds).unwrap_or(usize::MAX),
            restart_every: usize::try_from(self.args.restart_every).unwrap_or(usize::MAX),
            seed: self.args.seed.unwrap_or_else(|| fastrand::u64(..1 << 32)),
        };
        let names: Vec<&str> = players.iter().map(|player| player.label.as_str()).collect();
        terminal::note(&format!("{}: {} take turns", loaded.name, names.join(", ")));
        let hold_back = self.hold_back()?;
        let mut turns = Turns { runs, loaded, file: &file, players: &players, limits, hold_back, cancelled };
        let (played, end) = turns.play().await?;
        let enough = played.iter().all(|side| side.repeats.len() >= 2);
        let comparison = enough.then(|| {
            let digest = file.digest.clone();
            let sides = sides(&players, &played, limits);
            Comparison {
                version: VERSION,
                workload: loaded.name.clone(),
                workload_digest: digest,
                scale: loaded.scale.to_string(),
                seed: limits.seed,
                precision: limits.precision,
                rounds: played[0].repeats.len(),
                sides,
                warnings: Vec::new(),
            }
        });
        Ok((comparison, end))
    }

    fn players<'c>(&'c self, clients: &'c [Chosen]) -> Result<Vec<Player<'c>>, String> {
        let mut players: Vec<Player<'c>> = Vec::new();
        for id in self.sides {
            let chosen =
                clients.iter().find(|chosen| chosen.entry.id == *id).ok_or_else(|| format!("no client {id}"))?;
            let launch = chosen.launch.as_ref().map_err(Clone::clone)?;
            let client = chosen.entry.id.as_str();
            let before = players.iter().filter(|player| player.client == client).count();
            let label = if before == 0 { client.to_owned() } else { format!("{client} ({})", before + 1) };
            players.push(Player { label, client, launch });
        }
        Ok(players)
    }

    fn hold_back(&self) -> anyhow::Result<Option<HoldBack>> {
        let Some(share) = self.args.slow else { return Ok(None) };
        let Some(embedded) = &self.target.embedded else {
            anyhow::bail!("--slow works on the embedded server only: leave out --endpoint-url and --bucket");
        };
        let ready = embedded.ready();
        Ok(Some(HoldBack { admin: AdminClient::new(&ready.endpoint, &ready.admin_token)?, share: share.0 }))
    }

    /// Says how a workload ended that did not end well; answers the exit code.
    fn tell(&self, end: &TurnsEnd, loaded: &LoadedWorkload) -> u8 {
        match end {
            TurnsEnd::Done => exit_code::OK,
            TurnsEnd::Interrupted => exit_code::INTERRUPTED,
            TurnsEnd::Skipped(reason) => {
                terminal::note(&format!("skipped: {}: {reason}", loaded.name));
                exit_code::SKIPPED
            }
            TurnsEnd::Failed(reason) => {
                terminal::error(&format!("{}: {reason}", loaded.name));
                exit_code::FAILED
            }
        }
    }
}

fn sides(players: &[Player<'_>], played: &[Played], limits: Limits) -> Vec<Side> {
    let draws = Draws::with_seed(limits.seed);
    let speeds = std::iter::once(None).chain(ratios(played, draws).into_iter().map(Some));
    let cpu_of = |side: &Played| side.repeats.iter().map(cpu_seconds).collect::<Option<Vec<f64>>>();
    let first_cpu = cpu_of(&played[0]);
    let sides = players.iter().zip(played).zip(speeds);
    sides
        .map(|((player, played), speed)| {
            let median = |values: Vec<f64>| Spread::of(values).map(|spread| spread.median);
            let per_gib = played.repeats.iter().map(cpu_seconds_per_gib).collect::<Option<Vec<f64>>>();
            let pairs = first_cpu.iter().flatten().copied().zip(cpu_of(played).unwrap_or_default());
            // Turned round: more CPU time for the same work is a larger figure.
            let pairs: Vec<(f64, f64)> = pairs.map(|(first, other)| (other, first)).collect();
            Side {
                label: player.label.clone(),
                client: player.client.to_owned(),
                client_version: played.hello.as_ref().map(|hello| hello.client_version.clone()),
                runs: played.runs.iter().map(|run| run.get()).collect(),
                throughput_gbps: median(played.repeats.iter().map(|repeat| throughput(repeat).get()).collect())
                    .unwrap_or_default(),
                cpu_seconds_per_gib: per_gib.and_then(median),
                verdict: speed.map(|speed| verdict(&speed, limits.precision)),
                cpu: speed.and_then(|_| of_pairs(&pairs, draws)),
                speed,
                differences: None,
            }
        })
        .collect()
}
