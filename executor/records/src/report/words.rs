//! The report in sentences: what a reader should take with him, in words that the figures bear out.
//!
//! Nothing is called faster here whose interval overlaps with another's. A verdict on a difference is the matter of
//! `wlx compare`, which takes turns between clients; these sentences only describe what was stored.

use serde::Serialize;
use workload_schema::event::Tuned;
use workload_schema::record::{Outcome, RunConditions, RunRecord, StoreKind};

use super::comparison::{Group, Member};
use crate::figures::{Basis, ENOUGH_WARM};
use crate::figures::{IntervalKind, Spread};
use crate::tables::machine;
use crate::tables::{figure, plain};
use workload_schema::{Gbps, NULL_CLIENT};

/// What is said of one workload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Paragraph {
    /// The workload.
    pub(super) subject: String,
    /// The sentences, the most important one first.
    pub(super) sentences: Vec<String>,
}

/// A run with a number to rank.
#[derive(Clone, Copy)]
struct Contender<'a> {
    member: &'a Member<'a>,
    spread: Spread,
}

/// What is to be said of the runs in `group`.
pub(super) fn paragraph(group: &Group<'_>) -> Paragraph {
    let mut sentences = Vec::new();
    let contenders = contenders(group);
    match contenders.as_slice() {
        [] => sentences.push("No run ended with a number from warm repeats.".to_owned()),
        [only] => sentences.push(format!("{} reached {}.", only.name(), only.figure())),
        _ if differs(&contenders, machine) => {
            sentences.push(format!(
                "{} These runs were made on different machines: they are not ranked.",
                each(&contenders)
            ));
        }
        _ if differs(&contenders, experiment) => {
            sentences.push(format!(
                "{} These runs were made with different settings: they are not ranked.",
                each(&contenders)
            ));
        }
        _ => sentences.extend(ranking(&contenders)),
    }
    sentences.extend(cost(&contenders));
    if contenders.iter().any(|contender| contender.spread.n < ENOUGH_WARM) {
        sentences.push(format!(
            "With fewer than {ENOUGH_WARM} warm repeats this is a first look, no measurement to rely on."
        ));
    }
    sentences.extend(group.contenders().filter_map(without_number));
    Paragraph { subject: group.title.clone(), sentences }
}

/// What holds of all `runs`.
pub(super) fn conditions(runs: &[RunRecord]) -> Vec<String> {
    let mut machines: Vec<String> = runs.iter().map(machine).collect();
    machines.sort();
    machines.dedup();
    let mut conditions = vec![format!(
        "Figures are medians of the warm repeats in which every task succeeded, measured on {}. An interval holds the true \
         median with 95 % confidence; where there are fewer than six repeats it is their range.",
        machines.iter().map(|machine| plain(machine)).collect::<Vec<_>>().join("; and on ")
    )];
    let embedded = runs.iter().filter(|run| run.conditions.is_embedded()).count();
    if embedded > 0 {
        let which = if embedded == runs.len() { "They were" } else { "Some were" };
        conditions.push(format!(
            "{which} measured against the embedded server, on the same machine as the client: they compare what clients cost \
             by themselves, and say nothing of S3 or of a network."
        ));
    }
    if runs.iter().any(|run| run.client == NULL_CLIENT) {
        conditions.push("The client null moves nothing: its figures are the floor of the harness.".to_owned());
    }
    if runs.len() > 1 {
        conditions.push(
            "This page describes; it is no verdict. Whether a difference is real is what `wlx compare --clients A,B WORKLOAD` \
             finds out: it takes turns between warm clients until it can tell."
                .to_owned(),
        );
    }
    conditions
}

fn contenders<'a>(group: &'a Group<'_>) -> Vec<Contender<'a>> {
    let ranked = group.contenders().filter(|member| member.summary.basis == Basis::Warm);
    let mut contenders: Vec<Contender<'_>> =
        ranked.filter_map(|member| Some(Contender { member, spread: member.summary.throughput_gbps? })).collect();
    contenders.sort_by(|a, b| b.spread.median.total_cmp(&a.spread.median));
    contenders
}

fn ranking(contenders: &[Contender<'_>]) -> Vec<String> {
    let best = contenders[0];
    let (level, behind): (Vec<_>, Vec<_>) =
        contenders[1..].iter().partition(|other| overlap(&best.spread, &other.spread));
    let names: Vec<String> = std::iter::once(&best).chain(level).map(Contender::with_figure).collect();
    let times: Vec<String> = behind
        .iter()
        .map(|other| {
            format!("{:.1} times the {} of {}", best.spread.median / other.spread.median, other.figure(), other.name())
        })
        .collect();
    match (names.as_slice(), times.is_empty()) {
        ([_], _) => vec![format!("{} moved the most: {}. That is {}.", best.name(), best.figure(), list(&times))],
        (several, ends) => {
            let mut sentences =
                vec![format!("No clear difference between {}: their intervals overlap.", list(several))];
            if !ends {
                sentences.push(format!("{} moved {}.", best.name(), list(&times)));
            }
            sentences
        }
    }
}

fn overlap(a: &Spread, b: &Spread) -> bool {
    a.low <= b.high && b.low <= a.high
}

fn each(contenders: &[Contender<'_>]) -> String {
    let names: Vec<String> = contenders.iter().map(Contender::with_figure).collect();
    format!("{}.", names.join("; "))
}

/// CPU time for each GiB, least first.
fn cost(contenders: &[Contender<'_>]) -> Option<String> {
    let known = contenders.iter().filter_map(|c| Some((c.member.summary.cpu_seconds_per_gib?, c.name())));
    let mut known: Vec<(f64, String)> = known.collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    let texts: Vec<String> = known.iter().map(|(cost, name)| format!("{name} {} s", figure(*cost))).collect();
    (!texts.is_empty()).then(|| format!("CPU time of the client for each GiB: {}.", texts.join(", ")))
}

/// Why a run is not among those with a number.
fn without_number(member: &Member<'_>) -> Option<String> {
    let (run, name) = (member.run, plain(&member.label));
    let reason = run.reason.as_deref().map(|reason| format!(": {}", plain(reason))).unwrap_or_default();
    let failed = member.summary.repeats - member.summary.good;
    match (member.summary.basis, run.outcome) {
        (_, Outcome::Skipped) => Some(format!("{name} was skipped{reason}.")),
        (Basis::Warm, _) if failed > 0 => {
            Some(format!("{name}: {failed} of {} repeats failed and are in no figure.", member.summary.repeats))
        }
        (Basis::Warm, _) => None,
        (Basis::Cold, _) => Some(format!("{name} has a cold first repeat only, which is not to be compared.")),
        (Basis::Nothing, Outcome::Succeeded) => Some(format!("{name} has no good repeat.")),
        (Basis::Nothing, outcome) => Some(format!("{name} has no number: {}{reason}.", outcome.as_str())),
    }
}

/// Conditions without which two runs are different experiments.
fn experiment(run: &RunRecord) -> (Option<StoreKind>, Option<String>, Option<Gbps>, Option<Tuned>) {
    let RunConditions { store, region, target_throughput, tuned, .. } = run.conditions.clone();
    (store, region, target_throughput, tuned)
}

fn differs<T: PartialEq>(contenders: &[Contender<'_>], of: impl Fn(&RunRecord) -> T) -> bool {
    let first = of(contenders[0].member.run);
    contenders[1..].iter().any(|contender| of(contender.member.run) != first)
}

/// `a, b and c`.
fn list(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.concat(),
    }
}

impl Contender<'_> {
    fn name(&self) -> String {
        plain(&self.member.label)
    }

    /// `hyper at 5.100 Gb/s (95 % interval 4.900 to 5.300)`.
    fn with_figure(&self) -> String {
        format!("{} at {}", self.name(), self.figure())
    }

    /// `5.100 Gb/s (95 % interval 4.900 to 5.300)`.
    fn figure(&self) -> String {
        let Spread { n, median, low, high, interval } = self.spread;
        let ends = format!("{} to {}", figure(low), figure(high));
        let detail = match interval {
            IntervalKind::Confidence95 => format!("95 % interval {ends}"),
            IntervalKind::MinMax => format!("{ends} in {n} repeats"),
            IntervalKind::Single => "one repeat".to_owned(),
        };
        format!("{} Gb/s ({detail})", figure(median))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{mixed, repeat, run};
    use crate::report::comparison::groups;

    fn timed(number: i64, client: &str, seconds: f64) -> RunRecord {
        let repeats = (1..=10).map(|n| repeat(n, seconds * (1.0 + 0.01 * n as f64))).collect();
        RunRecord { client: client.to_owned(), repeats, ..run(number) }
    }

    fn said(runs: &[RunRecord]) -> String {
        groups(runs).iter().map(|group| paragraph(group).sentences.join("\n")).collect::<Vec<_>>().join("\n\n")
    }

    #[test]
    fn a_clear_order_is_told() {
        insta::assert_snapshot!(said(&[timed(1, "slow", 4.0), timed(2, "quick", 2.0), timed(3, "slowest", 9.0)]));
    }

    #[test]
    fn overlapping_intervals_are_no_difference() {
        let text = said(&[timed(1, "a", 2.0), timed(2, "b", 2.02), timed(3, "c", 3.0)]);
        assert!(text.starts_with("No clear difference between a at ") && text.contains(" and b at "), "{text}");
        assert!(text.contains("a moved 1.5 times the "), "{text}");
    }

    #[test]
    fn what_is_not_alike_is_not_ranked() {
        let mut elsewhere = timed(2, "b", 9.0);
        elsewhere.machine.host = "bench-2".to_owned();
        let text = said(&[timed(1, "a", 2.0), elsewhere]);
        assert!(text.contains("on different machines: they are not ranked") && !text.contains("highest"), "{text}");
        let mut other_target = timed(2, "b", 9.0);
        other_target.conditions.target_throughput = Gbps::new(1.0).ok();
        assert!(said(&[timed(1, "a", 2.0), other_target]).contains("with different settings: they are not ranked"));
    }

    #[test]
    fn runs_without_numbers_say_why() {
        insta::assert_snapshot!(said(&mixed()));
    }

    #[test]
    fn conditions_name_machine_and_server() {
        let mut own = run(1);
        own.conditions.store = Some(StoreKind::Embedded);
        insta::assert_snapshot!(conditions(&[own.clone(), run(2)]).join("\n"));
        assert_eq!(conditions(&[own]).len(), 2);
    }
}
