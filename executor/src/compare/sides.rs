//! What each client of a comparison came to, and what is to be doubted in it.

use workload_schema::record::RunRecord;

use super::outcome::{Comparison, Side};
use super::turns::{Limits, Played, Player, ratios};
use crate::analysis::{self, Draws, of_pairs, verdict};
use crate::results::{Spread, cpu_seconds, cpu_seconds_per_gib, throughput};
use crate::run::Runs;
use crate::store::{RunId, StoreError};

/// The comparison with what is to be doubted in the runs of its sides.
pub fn with_warnings(comparison: Comparison, runs: &mut Runs<'_>) -> Result<Comparison, StoreError> {
    let mut warnings: Vec<String> = Vec::new();
    for side in &comparison.sides {
        let mut whole: Option<RunRecord> = None;
        for run in side.runs.iter().filter_map(|run| RunId::new(*run).ok()) {
            let record = runs.store().run(run)?;
            match &mut whole {
                // All processes of a side are one series.
                Some(whole) => whole.repeats.extend(record.repeats),
                None => whole = Some(record),
            }
        }
        let Some(whole) = whole else { continue };
        let mut said = analysis::warnings(&whole);
        said.extend(analysis::held_back(&whole).map(|held| held.sentence()));
        for warning in said {
            // What is true of all is said once.
            let shared = comparison.sides.len() > 1 && warnings.iter().any(|known| *known == warning);
            if !shared {
                warnings.push(format!("{}: {warning}", side.label));
            }
        }
    }
    Ok(Comparison { warnings, ..comparison })
}

/// The sides of `players`, who played so.
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
