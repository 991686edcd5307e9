//! Runs compared with a baseline: for each client and workload, whether it became slower and whether that is real.

use serde::Serialize;
use workload_schema::baseline::Baseline;
use workload_schema::record::{RepeatRecord, RunRecord};

use run_records::analysis::{Draws, Ratio, Verdict, of_independent, percent, verdict};
use run_records::results::{Spread, significant, throughput};
use wlx_terminal::wrap;
use wlx_terminal::{Column, Grid};

/// A client on a workload, then and now.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ThenAndNow {
    /// Workload, with its scale where it has one.
    pub workload: String,
    /// Client id.
    pub client: String,
    /// Median throughput then, in Gb/s.
    pub then_gbps: f64,
    /// Median throughput now, in Gb/s.
    pub now_gbps: f64,
    /// Repeats then.
    pub then_repeats: usize,
    /// The speed now divided by the speed then.
    pub speed: Ratio,
    /// The verdict on that ratio.
    pub verdict: Verdict,
    /// Conditions that differ between then and now, one sentence per condition.
    pub unlike: Vec<String>,
}

/// What was found, and what could not be compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgainstBaseline {
    /// Name of the baseline.
    pub baseline: String,
    /// When it was saved.
    pub saved_at: String,
    /// What could be compared.
    pub compared: Vec<ThenAndNow>,
    /// What is in the baseline and not in the runs, one sentence per item.
    pub missing: Vec<String>,
}

/// The good warm repeats of the runs of one client on one workload.
#[derive(Debug)]
pub struct Series<'a> {
    /// The first of the runs.
    pub first: &'a RunRecord,
    /// Seconds of the repeats.
    pub seconds: Vec<f64>,
    gbps: Vec<f64>,
}

impl<'a> Series<'a> {
    /// The series of `runs`, in the order in which their clients and workloads first appear.
    pub fn of(runs: &'a [RunRecord]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for run in runs {
            let good = run.repeats.iter().filter(|repeat| repeat.is_good() && !repeat.cold);
            let (seconds, gbps): (Vec<f64>, Vec<f64>) = good.map(values).unzip();
            match all.iter_mut().find(|series| is_same_work(series.first, run)) {
                Some(series) => {
                    series.seconds.extend(seconds);
                    series.gbps.extend(gbps);
                }
                None => all.push(Self { first: run, seconds, gbps }),
            }
        }
        all
    }
}

fn values(repeat: &RepeatRecord) -> (f64, f64) {
    (repeat.seconds, throughput(repeat).get())
}

fn is_same_work(one: &RunRecord, other: &RunRecord) -> bool {
    (&one.client, &one.workload_digest, &one.scale) == (&other.client, &other.workload_digest, &other.scale)
}

impl AgainstBaseline {
    /// Compares `runs` with `baseline`.
    pub fn of(baseline: &Baseline, runs: &[RunRecord], precision: f64, draws: Draws) -> Self {
        let now = Series::of(runs);
        let (mut compared, mut missing) = (Vec::new(), Vec::new());
        for then in Series::of(&baseline.runs) {
            let name = format!("{} by {}", workload_of(then.first), then.first.client);
            let Some(now) = now.iter().find(|now| is_same_work(then.first, now.first)) else {
                let same_name =
                    runs.iter().any(|run| (&run.workload, &run.client) == (&then.first.workload, &then.first.client));
                let why = if same_name { "was run as another workload (its digest differs)" } else { "was not run" };
                missing.push(format!("{name} {why}"));
                continue;
            };
            match compare(&then, now, precision, draws) {
                Some(both) => compared.push(both),
                None => missing.push(format!("{name} has fewer than two good warm repeats then or now")),
            }
        }
        Self { baseline: baseline.name.clone(), saved_at: baseline.saved_at.clone(), compared, missing }
    }

    /// The pairs that became slower by more than `limit` (a share), even at the favourable end of the interval.
    pub fn regressions(&self, limit: f64) -> impl Iterator<Item = &ThenAndNow> {
        self.compared.iter().filter(move |both| matches!(both.verdict, Verdict::Slower { low, .. } if low > limit))
    }

    /// The text for people, in at most `width` columns.
    pub fn text(&self, width: Option<usize>) -> String {
        let mut text = String::new();
        for both in &self.compared {
            let words = both.verdict.sentence("now", "then");
            text += &wrap(&format!("{} by {}: {words}", both.workload, both.client), width);
        }
        text += "\n";
        text += &self.table().render(width);
        let saved_at = &self.saved_at;
        text += &wrap(
            &format!(
                "then: the baseline {} of {saved_at}. It was measured at another time: what changed on the machine since \
                 is in the difference.",
                self.baseline
            ),
            width,
        );
        for both in &self.compared {
            for unlike in &both.unlike {
                text += &wrap(&format!("warning: {} by {}: {unlike}", both.workload, both.client), width);
            }
        }
        for missing in &self.missing {
            text += &wrap(&format!("not compared: {missing}"), width);
        }
        text
    }

    fn table(&self) -> Grid {
        let mut grid = Grid::new(&[
            Column::text("workload", 0),
            Column::text("client", 0),
            Column::number("then\nGb/s", 1),
            Column::number("now\nGb/s", 1),
            Column::number("speed\nmedian", 0),
            Column::number("speed\n95 % interval", 0),
        ]);
        for both in &self.compared {
            let Ratio { median, low, high, .. } = both.speed;
            grid.row(vec![
                both.workload.clone(),
                both.client.clone(),
                significant(both.then_gbps),
                significant(both.now_gbps),
                format!("{median:.3}"),
                format!("{low:.3}-{high:.3}"),
            ]);
        }
        grid
    }
}

fn compare(then: &Series<'_>, now: &Series<'_>, precision: f64, draws: Draws) -> Option<ThenAndNow> {
    let speed = of_independent(&then.seconds, &now.seconds, draws)?;
    let median = |values: &[f64]| Spread::of(values.iter().copied()).map_or(0.0, |spread| spread.median);
    Some(ThenAndNow {
        workload: workload_of(then.first),
        client: then.first.client.clone(),
        then_gbps: median(&then.gbps),
        now_gbps: median(&now.gbps),
        then_repeats: then.seconds.len(),
        verdict: verdict(&speed, precision),
        speed,
        unlike: unlike(then.first, now.first),
    })
}

fn workload_of(run: &RunRecord) -> String {
    if run.scale == "1" { run.workload.to_string() } else { format!("{} ({})", run.workload, run.scale) }
}

/// The conditions that differ between then and now.
fn unlike(then: &RunRecord, now: &RunRecord) -> Vec<String> {
    let condition = |run: &RunRecord, name: &str| run.conditions.to_map().remove(name).unwrap_or_default();
    let version = |run: &RunRecord| run.hello.as_ref().map(|hello| hello.client_version.clone()).unwrap_or_default();
    let mut pairs = vec![
        ("the machine", then.machine.host.clone(), now.machine.host.clone()),
        ("the processor", then.machine.cpu.clone(), now.machine.cpu.clone()),
        ("the number of cores", then.machine.cores.to_string(), now.machine.cores.to_string()),
        ("the client's version", version(then), version(now)),
        ("the version of wlx", then.wlx_version.clone(), now.wlx_version.clone()),
    ];
    for name in ["endpoint", "targetThroughputGbps", "tuned"] {
        pairs.push((name, condition(then, name), condition(now, name)));
    }
    let differing = pairs.into_iter().filter(|(_, then, now)| then != now);
    differing.map(|(what, then, now)| format!("{what} was {} then and is {} now", shown(&then), shown(&now))).collect()
}

fn shown(value: &str) -> &str {
    if value.is_empty() { "not known" } else { value }
}

/// The sentence about a regression.
pub fn regression(both: &ThenAndNow, limit: f64) -> String {
    let words = both.verdict.sentence("now", "then");
    format!("regression: {} by {}: {words}, more than {} (--fail-above)", both.workload, both.client, percent(limit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use run_records::fixtures::{measured_repeat as repeat, measured_run as run};

    fn series(seconds: f64, workload: &[u8]) -> RunRecord {
        let repeats = (1..=13).map(|number| RepeatRecord {
            seconds: seconds * (1.0 + 0.004 * ((number * 7) % 13) as f64),
            ..repeat(number)
        });
        RunRecord {
            repeats: repeats.collect(),
            workload_digest: workload_schema::WorkloadDigest::of(workload),
            ..run()
        }
    }

    fn against(now: &[RunRecord]) -> AgainstBaseline {
        let baseline = Baseline {
            version: 1,
            name: "main".to_owned(),
            saved_at: "2026-11-21T13:00:00Z".to_owned(),
            wlx_version: "0.1.0".to_owned(),
            runs: vec![series(1.0, b"w")],
        };
        AgainstBaseline::of(&baseline, now, 0.02, Draws::with_seed(1))
    }

    #[test]
    fn only_a_regression_that_is_real_and_large_counts() {
        assert_eq!(against(&[series(1.0, b"w")]).regressions(0.0).count(), 0);
        let slower = against(&[series(1.12, b"w")]);
        assert_eq!(slower.regressions(0.05).count(), 1);
        assert_eq!(slower.regressions(0.15).count(), 0);
        assert_eq!(against(&[series(0.8, b"w")]).regressions(0.0).count(), 0);
        let said = slower.text(None);
        assert!(said.contains("now is slower than then: it takes 9.6-14.7 % longer"), "{said}");
    }

    #[test]
    fn other_work_is_not_compared() {
        let other = against(&[series(1.0, b"other")]);
        assert_eq!(other.compared, []);
        assert_eq!(other.missing, ["download-8MiB-128x by sdk-rust was run as another workload (its digest differs)"]);
        assert_eq!(against(&[]).missing, ["download-8MiB-128x by sdk-rust was not run"]);
    }

    #[test]
    fn another_machine_is_said() {
        let mut now = series(1.0, b"w");
        now.machine.host = "bench-2".to_owned();
        let said = against(&[now]).text(None);
        assert!(
            said.contains("warning: download-8MiB-128x by sdk-rust: the machine was bench-1 then and is bench-2 now")
        );
    }
}
