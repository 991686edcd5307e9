//! Taking turns: all clients are kept warm, one works at a time, in balanced order, until the ratio is known well enough.
//!
//! One process may by chance be faster than another of the same program (where its memory lies, which connections it
//! got), so after some turns all are started anew.

use std::time::{Duration, Instant};

use embedded_s3::admin::{AdminClient, FaultKind, FaultRule};
use workload_schema::event::{CONTROL_END, Hello};
use workload_schema::record::{Outcome, RepeatRecord};

use super::order::Order;
use super::stop_rule::StopRule;
use crate::run::{CompiledFile, Ended, Following, Runs, Step};
use client_runner::Cancelled;
use run_records::analysis::{Draws, Ratio, of_independent, of_pairs};
use run_records::results_file::RunId;
use s3_clients::catalog::Launch;
use wlx_terminal as terminal;
use workload_library::LoadedWorkload;

/// Until when turns are taken.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Half of the interval's width that is tight enough, a share.
    pub precision: f64,
    /// Longest time.
    pub time: Duration,
    /// Most turns of each client.
    pub rounds: usize,
    /// Turns after which all are started anew.
    pub restart_every: usize,
    /// Seed of the order and of the statistics.
    pub seed: u64,
}

/// A client that takes turns.
#[derive(Debug)]
pub struct Player<'a> {
    /// What it is called here.
    pub label: String,
    /// Client id.
    pub client: &'a str,
    /// How it is started.
    pub launch: &'a Launch,
}

/// Holds back the last client in the embedded server.
pub struct HoldBack {
    /// The server.
    pub admin: AdminClient,
    /// By what share.
    pub share: f64,
}

/// What a client did in its turns.
#[derive(Debug, Default)]
pub struct Played {
    /// Its warm repeats, one a round.
    pub repeats: Vec<RepeatRecord>,
    /// Runs that they are stored as.
    pub runs: Vec<RunId>,
    /// What it said of itself.
    pub hello: Option<Hello>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TurnsEnd {
    /// It is tight enough, or there was no more time.
    Done,
    /// The user stopped it.
    Interrupted,
    /// A client cannot do this workload.
    Skipped(String),
    /// A client failed.
    Failed(String),
}

/// What players are compared with.
#[derive(Debug, Clone)]
pub enum Against {
    /// The first of them.
    First,
    /// What each did before: seconds of repeats.
    Before(Vec<Vec<f64>>),
}

impl Against {
    /// The speed of each player by what it is compared with.
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

    /// What each ratio says, for somebody who waits.
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

/// Players at one workload.
pub struct Turns<'r, 'a, 'w> {
    /// Where turns are stored.
    pub runs: &'r mut Runs<'a>,
    /// The workload.
    pub loaded: &'w LoadedWorkload,
    /// Its file.
    pub file: &'w CompiledFile,
    /// Who plays.
    pub players: &'w [Player<'w>],
    /// Until when.
    pub limits: Limits,
    /// Whether the last is held back.
    pub hold_back: Option<HoldBack>,
    /// What the players are compared with.
    pub against: Against,
    /// The wish to stop.
    pub cancelled: &'w mut Cancelled,
}

/// One process of a player.
struct Warm<'w> {
    following: Following<'w>,
    run: RunId,
    /// Requests of a repeat, where it tells.
    requests: Option<u64>,
}

impl<'w> Turns<'_, '_, 'w> {
    /// Takes turns until the limits are met.
    pub async fn play(&mut self) -> anyhow::Result<(Vec<Played>, TurnsEnd)> {
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

    /// Starts everybody and lets each do its cold repeat.
    async fn warm_up(&mut self, warm: &mut Vec<Warm<'w>>, played: &mut [Played]) -> anyhow::Result<Option<TurnsEnd>> {
        for (player, played) in self.players.iter().zip(played.iter_mut()) {
            let run = self.runs.begin(self.loaded, self.file, player.client)?;
            played.runs.push(run);
            let following = match self.runs.follow(self.loaded, self.file, player.launch, run) {
                Ok(following) => following,
                Err(error) => {
                    let reason = format!("cannot start {}: {error}", player.launch.program.display());
                    self.runs.end(run, Outcome::Failed, Some(&reason))?;
                    return Ok(Some(TurnsEnd::Failed(reason)));
                }
            };
            warm.push(Warm { following, run, requests: None });
            let last = warm.last_mut().expect("it was just added");
            let (_, watchers) = self.runs.guard_and_watchers();
            let step = last.following.step(self.cancelled, watchers).await?;
            if !matches!(step, Step::Hello) {
                return Ok(Some(Self::unexpected(&step, &last.following, &player.label)));
            }
            played.hello = last.following.hello().cloned();
            if let Some(hello) = &played.hello {
                self.runs.store().set_hello(run, hello)?;
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

    async fn round(
        &mut self,
        order: &[usize],
        warm: &mut [Warm<'w>],
        played: &mut [Played],
    ) -> anyhow::Result<Option<TurnsEnd>> {
        let mut records = Vec::new();
        for &index in order {
            match self.turn(&mut warm[index], index).await? {
                Ok(record) => records.push((index, record)),
                // Half a round is no pair.
                Err(end) => return Ok(Some(end)),
            }
        }
        for (index, record) in records {
            played[index].repeats.push(record);
        }
        Ok(None)
    }

    /// One repeat of one player, stored.
    async fn turn(&mut self, warm: &mut Warm<'w>, index: usize) -> anyhow::Result<Result<RepeatRecord, TurnsEnd>> {
        let label = &self.players[index].label;
        let held_back = self.hold_back.as_ref().filter(|_| index + 1 == self.players.len()).zip(warm.requests);
        if let Some((hold_back, requests)) = held_back {
            hold_back.begin(requests).await?;
        }
        let (_, watchers) = self.runs.guard_and_watchers();
        warm.following.begin_repeat(watchers).await;
        let step = warm.following.step(self.cancelled, watchers).await?;
        if let Some((hold_back, _)) = held_back {
            hold_back.end().await?;
        }
        let Step::Repeat(record, recording) = step else {
            return Ok(Err(Self::unexpected(&step, &warm.following, label)));
        };
        self.runs.keep(warm.run, &record, recording)?;
        match record.errors.first() {
            None => Ok(Ok(*record)),
            Some(error) => Ok(Err(TurnsEnd::Failed(format!("{label}: {}", error.message)))),
        }
    }

    /// Ends everybody.
    async fn dismiss(&mut self, warm: Vec<Warm<'w>>, end: Option<&TurnsEnd>) -> anyhow::Result<()> {
        for Warm { mut following, run, .. } in warm {
            if matches!(end, None | Some(TurnsEnd::Done)) {
                following.say(CONTROL_END).await;
                let (_, watchers) = self.runs.guard_and_watchers();
                following.step(self.cancelled, watchers).await?;
            }
            let (guard, watchers) = self.runs.guard_and_watchers();
            following.end(guard, watchers).await?;
            let (outcome, reason) = match end {
                None | Some(TurnsEnd::Done) => (Outcome::Succeeded, None),
                Some(TurnsEnd::Interrupted) => (Outcome::Interrupted, Some("by Ctrl-C or SIGTERM")),
                Some(TurnsEnd::Skipped(reason)) => (Outcome::Skipped, Some(reason.as_str())),
                Some(TurnsEnd::Failed(reason)) => (Outcome::Failed, Some(reason.as_str())),
            };
            self.runs.end(run, outcome, reason)?;
        }
        Ok(())
    }

    /// What it means that a player did something else than its turn.
    fn unexpected(step: &Step, following: &Following<'_>, label: &str) -> TurnsEnd {
        let words = following.runner().last_words().map(|words| format!("; its last words: {words}"));
        match step {
            Step::Cancelled => TurnsEnd::Interrupted,
            Step::Ended(status) => match following.runner().ended(*status) {
                Ended::Skipped(reason) => TurnsEnd::Skipped(format!("{label}: {reason}")),
                Ended::Failed(reason) => TurnsEnd::Failed(format!("{label}: {reason}")),
                Ended::Done => TurnsEnd::Failed(format!("{label} ended before its turn{}", words.unwrap_or_default())),
            },
            Step::Repeat(..) if following.hello().is_none() => TurnsEnd::Failed(format!(
                "{label} cannot take turns: its runner speaks the plain protocol only and does not wait for a word \
                 before a repeat; compare its runs side by side: wlx run --client"
            )),
            _ => {
                let words = words.unwrap_or_default();
                TurnsEnd::Failed(format!("{label} did not end its turn in time (--timeout){words}"))
            }
        }
    }

    /// Whether the ratios are known well enough, or time is up.
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

/// The speed of each but the first by that of the first.
pub fn ratios(played: &[Played], draws: Draws) -> Vec<Ratio> {
    let of = |other: &Played| {
        let pairs = played[0].repeats.iter().zip(&other.repeats);
        let pairs: Vec<(f64, f64)> = pairs.map(|(first, other)| (first.seconds, other.seconds)).collect();
        of_pairs(&pairs, draws)
    };
    played[1..].iter().filter_map(of).collect()
}

impl HoldBack {
    async fn begin(&self, requests: u64) -> anyhow::Result<()> {
        let kind = FaultKind::HoldLast { requests, percent: self.share * 100.0 };
        self.admin.set_faults(vec![FaultRule::always(kind)]).await?;
        Ok(())
    }

    async fn end(&self) -> anyhow::Result<()> {
        self.admin.set_faults(Vec::new()).await?;
        Ok(())
    }
}
