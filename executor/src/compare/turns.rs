//! Taking turns: all clients stay warm, and one works at a time, in balanced order, until the ratio is known well
//! enough.
//!
//! One process may by chance be faster than another of the same program (where its memory lies, which connections it
//! got), so all are restarted after some turns.

use std::time::{Duration, Instant};

use embedded_s3::admin::{AdminClient, AdminError, FaultKind, FaultRule};
use workload_schema::event::Hello;
use workload_schema::record::{Outcome, RepeatRecord};

use super::order::Order;
use super::stop_rule::StopRule;
use crate::ending::CommandError;
use crate::session::{CompiledFile, Session};
use run_records::analysis::{Draws, Ratio, of_independent, of_pairs};
use run_records::results_file::RunId;
use runner_drive::{Drive, DriveError, Driven, Times};
use s3_clients::catalog::Launch;
use wlx_terminal as terminal;
use workload_library::LoadedWorkload;
use workload_schema::RunKey;

/// When to stop taking turns.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Half width at which the interval is narrow enough, a share.
    pub precision: f64,
    /// Longest time per workload.
    pub time: Duration,
    /// Most turns per client.
    pub rounds: usize,
    /// Turns after which all clients are restarted.
    pub restart_every: usize,
    /// Seed of the order and of the statistics.
    pub seed: u64,
}

/// A client that takes turns.
#[derive(Debug)]
pub struct Player<'a> {
    /// Its label in this comparison.
    pub label: String,
    /// Client id.
    pub client: &'a str,
    /// How it is started.
    pub launch: &'a Launch,
}

/// Slows the last client in the embedded server.
pub struct HoldBack {
    /// The server.
    pub admin: AdminClient,
    /// How much to slow it, a share.
    pub share: f64,
}

/// What a client did in its turns.
#[derive(Debug, Default)]
pub struct Played {
    /// Its warm repeats, one per round.
    pub repeats: Vec<RepeatRecord>,
    /// The runs that they are stored as.
    pub runs: Vec<RunId>,
    /// What it reported about itself.
    pub hello: Option<Hello>,
}

/// How the turns ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TurnsEnd {
    /// The interval is narrow enough, or the time or the turns are used up.
    Done,
    /// The user stopped the command.
    Interrupted,
    /// A client cannot do this workload.
    Skipped(String),
    /// A client failed.
    Failed(String),
}

/// What players are compared with.
#[derive(Debug, Clone)]
pub enum Against {
    /// The first player.
    First,
    /// What each player did before, as seconds of repeats.
    Before(Vec<Vec<f64>>),
}

impl Against {
    /// The speed of each player divided by that of what it is compared with.
    fn ratios(&self, played: &[Played], draws: Draws) -> Vec<Ratio> {
        match self {
            Self::First => ratios(played, draws),
            Self::Before(before) => {
                let seconds = |side: &Played| side.repeats.iter().map(|repeat| repeat.seconds).collect::<Vec<f64>>();
                let pairs = before.iter().zip(played);
                pairs.filter_map(|(then, now)| of_independent(then, &seconds(now), draws)).collect()
            }
        }
    }

    /// One progress line per ratio.
    fn words(&self, ratios: &[Ratio], players: &[Player<'_>]) -> Vec<String> {
        let (others, of) = match self {
            Self::First => (&players[1..], format!("the speed of {}", players[0].label)),
            Self::Before(_) => (players, "the speed that it had".to_owned()),
        };
        let words = |(player, ratio): (&Player<'_>, &Ratio)| {
            let Ratio { median, low, high, n } = ratio;
            format!("{n} turns: {} has {median:.3} times {of} ({low:.3}-{high:.3})", player.label)
        };
        others.iter().zip(ratios).map(words).collect()
    }
}

/// The players of one workload, taking turns.
pub struct Turns<'s, 'a, 'w> {
    /// Where turns are stored.
    pub session: &'s mut Session<'a>,
    /// The workload.
    pub loaded: &'w LoadedWorkload,
    /// Its file.
    pub file: &'w CompiledFile,
    /// The clients that take turns.
    pub players: &'w [Player<'w>],
    /// When to stop.
    pub limits: Limits,
    /// How the last player is slowed, if it is.
    pub hold_back: Option<HoldBack>,
    /// What the players are compared with.
    pub against: Against,
}

/// One process of a player.
struct Warm<'w> {
    drive: Drive<'w>,
    run: RunKey,
    /// Requests per repeat, if the client reports them.
    requests: Option<u64>,
}

impl<'a: 'w, 'w> Turns<'_, 'a, 'w> {
    /// Takes turns until the limits are met.
    pub async fn play(&mut self) -> Result<(Vec<Played>, TurnsEnd), CommandError> {
        let mut played: Vec<Played> = self.players.iter().map(|_| Played::default()).collect();
        let mut order = Order::new(self.players.len(), self.limits.seed);
        let (began, mut rule) = (Instant::now(), StopRule::new(self.limits.precision));
        loop {
            let mut warm = Vec::new();
            let mut end = self.warm_up(&mut warm, &mut played).await?;
            for _ in 0..self.limits.restart_every {
                let rounds = played[0].repeats.len();
                // An order and its mirror image belong together.
                let is_enough =
                    end.is_some() || (rounds.is_multiple_of(2) && self.is_enough(&played, began, &mut rule));
                if is_enough {
                    end = end.or(Some(TurnsEnd::Done));
                    break;
                }
                let round = order.next().unwrap_or_default();
                end = self.round(&round, &mut warm, &mut played).await?;
            }
            self.dismiss(warm, end.as_ref()).await?;
            if let Some(end) = end {
                return Ok((played, end));
            }
        }
    }

    /// Starts all players and lets each do its cold repeat.
    async fn warm_up(
        &mut self,
        warm: &mut Vec<Warm<'w>>,
        played: &mut [Played],
    ) -> Result<Option<TurnsEnd>, CommandError> {
        for (player, played) in self.players.iter().zip(played.iter_mut()) {
            if let Err(end) = self.start(player, warm, played).await? {
                return Ok(Some(end));
            }
        }
        for (index, warm) in warm.iter_mut().enumerate() {
            match self.turn(warm, index).await? {
                Ok(cold) => warm.requests = cold.requests,
                Err(end) => return Ok(Some(end)),
            }
        }
        Ok(None)
    }

    /// Starts one process and waits until it is ready.
    async fn start(
        &mut self,
        player: &Player<'w>,
        warm: &mut Vec<Warm<'w>>,
        history: &mut Played,
    ) -> Result<Result<(), TurnsEnd>, CommandError> {
        let run = self.session.begin(self.loaded, self.file, player.client)?;
        history.runs.extend(self.session.id_of(&run));
        let mut drive = match self.session.start(&run, self.loaded, self.file, player.launch) {
            Ok(drive) => drive,
            Err(error @ DriveError::Start { .. }) => {
                let reason = error.to_string();
                self.session.end(&run, Outcome::Failed, Some(&reason))?;
                return Ok(Err(TurnsEnd::Failed(reason)));
            }
            Err(error) => return Err(error.into()),
        };
        let (journal, _, cancelled) = self.session.controls();
        let greeted = drive.greet(journal, cancelled).await?;
        let ready = greeted.map_err(|over| end_of(drive.driven(over), &player.label));
        history.hello = drive.hello().cloned();
        warm.push(Warm { drive, run, requests: None });
        Ok(ready)
    }

    async fn round(
        &mut self,
        order: &[usize],
        warm: &mut [Warm<'w>],
        played: &mut [Played],
    ) -> Result<Option<TurnsEnd>, CommandError> {
        let mut records = Vec::new();
        for &index in order {
            match self.turn(&mut warm[index], index).await? {
                Ok(record) => records.push((index, record)),
                // A round that is not complete has no pairs.
                Err(end) => return Ok(Some(end)),
            }
        }
        for (index, record) in records {
            played[index].repeats.push(record);
        }
        Ok(None)
    }

    /// Runs and stores one repeat of one player.
    async fn turn(
        &mut self,
        warm: &mut Warm<'w>,
        index: usize,
    ) -> Result<Result<RepeatRecord, TurnsEnd>, CommandError> {
        let label = &self.players[index].label;
        let held_back = self.hold_back.as_ref().filter(|_| index + 1 == self.players.len()).zip(warm.requests);
        if let Some((hold_back, requests)) = held_back {
            hold_back.begin(requests).await?;
        }
        let (journal, _, cancelled) = self.session.controls();
        let turn = warm.drive.turn(journal, cancelled).await?;
        if let Some((hold_back, _)) = held_back {
            hold_back.end().await?;
        }
        Ok(turn.map_err(|over| end_of(warm.drive.driven(over), label)))
    }

    /// Ends all players.
    async fn dismiss(&mut self, warm: Vec<Warm<'w>>, end: Option<&TurnsEnd>) -> Result<(), DriveError> {
        let (outcome, reason) = match end {
            None | Some(TurnsEnd::Done) => (Outcome::Succeeded, None),
            Some(TurnsEnd::Interrupted) => (Outcome::Interrupted, Some("by Ctrl-C or SIGTERM")),
            Some(TurnsEnd::Skipped(reason)) => (Outcome::Skipped, Some(reason.as_str())),
            Some(TurnsEnd::Failed(reason)) => (Outcome::Failed, Some(reason.as_str())),
        };
        for Warm { mut drive, run, .. } in warm {
            let (journal, guard, cancelled) = self.session.controls();
            if outcome == Outcome::Succeeded {
                drive.follow(&mut Times(0), journal, cancelled).await?;
            }
            drive.finish(journal, guard).await?;
            self.session.end(&run, outcome, reason)?;
        }
        Ok(())
    }

    /// Whether the ratios are known well enough, or the time or the turns are used up.
    fn is_enough(&self, played: &[Played], began: Instant, rule: &mut StopRule) -> bool {
        let rounds = played[0].repeats.len();
        if rounds < 2 {
            return false;
        }
        if rounds >= self.limits.rounds || began.elapsed() >= self.limits.time {
            return true;
        }
        if !rule.wants_to_look(rounds) {
            return false;
        }
        let ratios = self.against.ratios(played, Draws::with_seed(self.limits.seed));
        for words in self.against.words(&ratios, self.players) {
            terminal::note(&words);
        }
        rule.is_enough(rounds, &ratios)
    }
}

/// How the turns end because a player's process was over when its turn came.
fn end_of(driven: Driven, label: &str) -> TurnsEnd {
    let reason = driven.reason.unwrap_or_default();
    match driven.outcome {
        Outcome::Interrupted => TurnsEnd::Interrupted,
        Outcome::Skipped => TurnsEnd::Skipped(format!("{label}: {reason}")),
        Outcome::Failed | Outcome::Unfinished => TurnsEnd::Failed(format!("{label}: {reason}")),
        Outcome::Succeeded => TurnsEnd::Failed(format!("{label} ended before its turn")),
    }
}

/// The speed of each player but the first, divided by that of the first.
pub fn ratios(played: &[Played], draws: Draws) -> Vec<Ratio> {
    let of = |other: &Played| {
        let pairs = played[0].repeats.iter().zip(&other.repeats);
        let pairs: Vec<(f64, f64)> = pairs.map(|(first, other)| (first.seconds, other.seconds)).collect();
        of_pairs(&pairs, draws)
    };
    played[1..].iter().filter_map(of).collect()
}

impl HoldBack {
    async fn begin(&self, requests: u64) -> Result<(), AdminError> {
        let kind = FaultKind::HoldLast { requests, percent: self.share * 100.0 };
        self.admin.set_faults(vec![FaultRule::always(kind)]).await.map(drop)
    }

    async fn end(&self) -> Result<(), AdminError> {
        self.admin.set_faults(Vec::new()).await.map(drop)
    }
}
