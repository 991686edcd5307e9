//! The results of each client of a comparison, and the doubts about them.

use workload_schema::record::RunRecord;

use super::outcome::{Comparison, Side};
use super::turns::{Limits, Played, Player, ratios};
use crate::session::Session;
use run_records::analysis::{self, Draws, calibration, conformance, of_pairs, verdict};
use run_records::results::{Spread, cpu_seconds, cpu_seconds_per_gib, throughput};
use run_records::results_file::{ResultsFileError, RunId};

/// The comparison with what is known about its clients' work, and with the doubts about their runs.
pub fn with_context(comparison: Comparison, session: &mut Session<'_>) -> Result<Comparison, ResultsFileError> {
    let mut warnings = Vec::new();
    for side in &comparison.sides {
        let Some(whole) = whole_series(side, session)? else { continue };
        let flags =
            calibration::latest(session.results(), &whole.machine)?.map(|floor| calibration::flags(&floor, &whole));
        let said = analysis::held_back(&whole).map(|held| held.sentence()).into_iter();
        let said = said.chain(analysis::warnings(&whole).into_iter().map(|warning| warning.sentence));
        for warning in said.chain(flags.into_iter().flatten().map(|flag| flag.sentence)) {
            note(&mut warnings, &side.label, warning);
        }
    }
    let sides = with_differences(comparison.sides, session)?;
    let all = sides.len();
    let said = |(about, warning): (Vec<String>, String)| match about.len() {
        // A warning about all sides names none of them.
        count if count == all => warning,
        _ => format!("{}: {warning}", about.join(", ")),
    };
    Ok(Comparison { warnings: warnings.into_iter().map(said).collect(), sides, ..comparison })
}

/// Adds `label` to the sides that a warning is about.
fn note(warnings: &mut Vec<(Vec<String>, String)>, label: &str, warning: String) {
    match warnings.iter_mut().find(|(_, known)| *known == warning) {
        Some((about, _)) => about.push(label.to_owned()),
        None => warnings.push((vec![label.to_owned()], warning)),
    }
}

/// All processes of a side as one run: they are one series.
fn whole_series(side: &Side, session: &mut Session<'_>) -> Result<Option<RunRecord>, ResultsFileError> {
    let mut whole: Option<RunRecord> = None;
    for run in side.runs.iter().filter_map(|run| RunId::new(*run).ok()) {
        let record = session.results().run(run)?;
        match &mut whole {
            Some(whole) => whole.repeats.extend(record.repeats),
            None => whole = Some(record),
        }
    }
    Ok(whole)
}

/// Adds how each side's observed work differs from that of the first.
fn with_differences(mut sides: Vec<Side>, session: &mut Session<'_>) -> Result<Vec<Side>, ResultsFileError> {
    let mut evidence = Vec::new();
    for side in &sides {
        evidence.push(conformance::evidence(session.results(), &side.client, side.client_version.as_deref())?);
    }
    for index in 1..sides.len() {
        if let (Some(first), Some(other)) = (&evidence[0], &evidence[index]) {
            let differences = conformance::differences(first, other);
            sides[index].differences = Some(differences.into_iter().map(|found| found.sentence).collect());
            sides[index].checked_at = Some(other.found_at.clone());
        }
    }
    Ok(sides)
}

/// The sides of a comparison: `players` with what they `played`.
pub fn sides(players: &[Player<'_>], played: &[Played], limits: Limits) -> Vec<Side> {
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
            // Swapped, so that more CPU time for the same work is a larger figure.
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
                checked_at: None,
                differences: None,
            }
        })
        .collect()
}
