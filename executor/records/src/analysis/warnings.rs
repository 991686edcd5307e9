//! What makes the figures of a run doubtful: drift, outliers and their cause, somebody else on the cores, swap, throttling,
//! the page cache in place of the disk.

use workload_schema::record::{RepeatRecord, RunRecord};

use super::bootstrap::median;
use super::sums::{client_cores, median_of, of_machine, server_cores};
use super::verdict::percent;
use workload_schema::{DataMedium, NULL_CLIENT};

/// Fewest repeats in which a drift or an outlier can be told from chance.
const FEWEST: usize = 8;
/// Kendall's tau beyond so many standard deviations is a drift: chance does so once in four hundred runs.
const DRIFT_DEVIATIONS: f64 = 3.0;
/// A drift below this share is not worth a word.
const DRIFT_SHARE: f64 = 0.05;
/// An outlier is so many interquartile ranges above the upper quartile.
const OUTLIER_RANGES: f64 = 3.0;
/// Files from which on making them is a good part of a repeat.
const MANY_FILES: u64 = 500;
/// Cores that others may use before it is said.
const OTHERS_SHARE: f64 = 0.15;
/// Steal that is worth a word, as a share of all cores' time.
const STEAL_SHARE: f64 = 0.02;

/// The file system whose new files become slower after many were deleted.
const EXT4: &str = "ext4";

/// Something to doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// A word or two that stand beside the number.
    pub mark: &'static str,
    /// The whole of it.
    pub sentence: String,
}

/// What is to be said of `run`, the gravest first; nothing of a run that is as it should be.
pub fn warnings(run: &RunRecord) -> Vec<Warning> {
    let repeats: Vec<&RepeatRecord> = run.warm_repeats().collect();
    // What does nothing is the floor, and said to be it.
    if repeats.is_empty() || run.client == NULL_CLIENT {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    let mut note =
        |mark, sentence: Option<String>| warnings.extend(sentence.map(|sentence| Warning { mark, sentence }));
    note("swap", swap(&repeats));
    note("steal", steal(run, &repeats));
    note("others", others(run, &repeats));
    note("retries", throttled(&repeats));
    note("drift", drift(&repeats));
    note("ext4", recently_deleted(run));
    note("outliers", outliers(&repeats));
    note("page cache", page_cache(run, &repeats));
    let shared = || "server and client share this machine: its cores and its memory".to_owned();
    note("one machine", run.is_on_loopback().then(shared));
    warnings
}

fn swap(repeats: &[&RepeatRecord]) -> Option<String> {
    let pages: u64 = repeats.iter().filter_map(|repeat| repeat.usage.machine.as_ref()?.swapped_pages).sum();
    (pages > 0).then(|| format!("the machine swapped: {pages} pages in or out during the warm repeats"))
}

fn steal(run: &RunRecord, repeats: &[&RepeatRecord]) -> Option<String> {
    let stolen = repeats.iter().filter_map(|repeat| of_machine(repeat, |machine| machine.cpu_steal_seconds));
    let most = stolen.fold(0.0, f64::max) / run.machine.cores as f64;
    (most > STEAL_SHARE)
        .then(|| format!("other guests of the host took up to {} of this machine's CPU time (steal)", percent(most)))
}

fn others(run: &RunRecord, repeats: &[&RepeatRecord]) -> Option<String> {
    // A server on this machine that is not ours counts as the server, not as others.
    if run.is_on_loopback() && repeats.iter().any(|repeat| repeat.usage.server_cpu_seconds.is_none()) {
        return None;
    }
    let others = median_of(repeats, |repeat| {
        let busy = of_machine(repeat, |machine| machine.cpu_busy_seconds)?;
        Some((busy - client_cores(repeat)? - server_cores(repeat).unwrap_or(0.0)).max(0.0))
    })?;
    let share = others / run.machine.cores as f64;
    (share > OTHERS_SHARE).then(|| {
        format!("neither client nor server: something else kept {others:.1} of {} cores busy", run.machine.cores)
    })
}

fn throttled(repeats: &[&RepeatRecord]) -> Option<String> {
    let retries: u64 = repeats.iter().filter_map(|repeat| repeat.retries).sum();
    let waited: f64 = repeats.iter().filter_map(|repeat| repeat.backoff_seconds).sum();
    let waited =
        if waited > 0.0 { format!("; requests waited {waited:.2} s in all before that") } else { String::new() };
    let requests = if retries == 1 { "request of the warm repeats was" } else { "requests of the warm repeats were" };
    (retries > 0).then(|| format!("{retries} {requests} sent again{waited}"))
}

/// ext4 passes over inodes that were freed in the last minutes, one by one (`recently_deleted` in its ialloc.c): where
/// every repeat removes the files of the one before, each new file costs more, up to several times the whole repeat.
fn recently_deleted(run: &RunRecord) -> Option<String> {
    let conditions = &run.conditions;
    let many_files = conditions.downloads_files && run.workload_tasks >= MANY_FILES;
    (conditions.file_system.as_deref() == Some(EXT4) && many_files).then(|| {
        "downloaded files are removed before each repeat, and ext4 takes no inode that was freed in the last minutes: making \
         many files becomes slower from repeat to repeat; --files-dir on tmpfs or xfs does not"
            .to_owned()
    })
}

/// A trend through the series, by Kendall's rank correlation: whatever its form, without an assumption on the noise.
fn drift(repeats: &[&RepeatRecord]) -> Option<String> {
    let seconds: Vec<f64> = repeats.iter().map(|repeat| repeat.seconds).collect();
    let n = seconds.len();
    if n < FEWEST {
        return None;
    }
    let score: i64 =
        (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j))).map(|(i, j)| sign(seconds[j] - seconds[i])).sum();
    let count = n as f64;
    let deviation = (count * (count - 1.0) * (2.0 * count + 5.0) / 18.0).sqrt();
    let third = n / 3;
    let (first, last) = (median(&mut seconds[..third].to_vec()), median(&mut seconds[n - third..].to_vec()));
    let change = last / first - 1.0;
    if (score as f64).abs() < DRIFT_DEVIATIONS * deviation || change.abs() < DRIFT_SHARE {
        return None;
    }
    let way = if change > 0.0 { "slower" } else { "faster" };
    Some(format!(
        "drift: the repeats became {way}, by {} from their first third to their last; the median hides that",
        percent(change.abs())
    ))
}

fn sign(difference: f64) -> i64 {
    i64::from(difference > 0.0) - i64::from(difference < 0.0)
}

/// Repeats far from the others, each with what was unlike in it.
fn outliers(repeats: &[&RepeatRecord]) -> Option<String> {
    let mut sorted: Vec<f64> = repeats.iter().map(|repeat| repeat.seconds).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len();
    if n < FEWEST {
        return None;
    }
    let (lower, middle, upper) = (sorted[n / 4], sorted[n / 2], sorted[n - 1 - n / 4]);
    // Repeats that are all alike to a percent have no outliers worth a word.
    let limit = upper + (OUTLIER_RANGES * (upper - lower)).max(0.1 * middle);
    let far: Vec<String> = repeats
        .iter()
        .filter(|repeat| repeat.seconds > limit)
        .map(|repeat| {
            let cause = cause(repeat, repeats).map_or_else(|| "cause unknown".to_owned(), str::to_owned);
            format!("repeat {} took {:.1} times the median ({cause})", repeat.repeat, repeat.seconds / middle)
        })
        .collect();
    (!far.is_empty()).then(|| format!("outliers: {}", far.join("; ")))
}

/// What was unlike the others in an outlier.
fn cause(outlier: &RepeatRecord, all: &[&RepeatRecord]) -> Option<&'static str> {
    type Measure = fn(&RepeatRecord) -> Option<f64>;
    let measures: [(&str, Measure, f64); 6] = [
        ("requests were sent again", |repeat| Some(repeat.retries? as f64), 1.0),
        ("the machine swapped", |repeat| Some(repeat.usage.machine.as_ref()?.swapped_pages? as f64), 1.0),
        ("the host gave its CPU to others", |repeat| of_machine(repeat, |machine| machine.cpu_steal_seconds), 0.02),
        ("waited for storage", |repeat| of_machine(repeat, |machine| machine.cpu_disk_wait_seconds), 0.1),
        ("TCP sent segments again", |repeat| Some(repeat.usage.machine.as_ref()?.tcp_retransmits? as f64), 20.0),
        (
            "something else used the cores",
            |repeat| {
                let busy = of_machine(repeat, |machine| machine.cpu_busy_seconds)?;
                Some(busy - client_cores(repeat)? - server_cores(repeat).unwrap_or(0.0))
            },
            0.2,
        ),
    ];
    measures.into_iter().find_map(|(words, of, least)| {
        let (here, usual) = (of(outlier)?, median_of(all, of)?);
        (here > usual + least && here > usual * 2.0).then_some(words)
    })
}

fn page_cache(run: &RunRecord, repeats: &[&RepeatRecord]) -> Option<String> {
    // Only files have a page cache in front of them: what was never on disk is not asked for.
    match run.conditions.medium {
        DataMedium::Disk => {}
        DataMedium::Memory => return None,
    }
    let share = |of: fn(&RepeatRecord) -> Option<u64>| {
        median_of(repeats, |repeat| Some(of(repeat)? as f64 / repeat.bytes.max(1) as f64))
    };
    let (read, written) =
        (share(|repeat| repeat.usage.disk_read_bytes)?, share(|repeat| repeat.usage.disk_write_bytes)?);
    if written > 0.5 {
        Some("downloaded files went to the page cache: nobody waits until they are on the disk".to_owned())
    } else if read < 0.5 {
        Some(format!(
            "files came from the page cache, not from the disk: {} of their bytes were read from it",
            percent(read)
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{machine, measured_repeat, measured_run};

    fn warnings_of(change: impl Fn(&mut RepeatRecord)) -> Vec<String> {
        let mut run = measured_run();
        run.conditions.medium = DataMedium::Disk;
        run.repeats = (1..=13).map(measured_repeat).collect();
        for repeat in &mut run.repeats {
            // Neither all alike nor in a row.
            repeat.seconds = 1.0 + 0.01 * ((repeat.repeat * 7) % 13) as f64;
            repeat.usage.server_cpu_seconds = Some(0.0);
            repeat.usage.disk_read_bytes = Some(1 << 30);
            repeat.usage.disk_write_bytes = Some(0);
            machine(repeat).interface = Some("eth0".to_owned());
            change(repeat);
        }
        warnings(&run).into_iter().map(|warning| warning.sentence).collect()
    }

    #[test]
    fn a_quiet_run_has_none() {
        assert_eq!(warnings_of(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn each_doubt_is_said() {
        let said = |change: fn(&mut RepeatRecord)| warnings_of(change).join("\n");
        for (change, words) in [
            ((|repeat| machine(repeat).swapped_pages = Some(2)) as fn(&mut RepeatRecord), "swapped: 24 pages"),
            (|repeat| machine(repeat).cpu_steal_seconds = 0.2, "took up to 10 % of this machine's"),
            (|repeat| machine(repeat).cpu_busy_seconds = 1.9, "something else kept 1.2 of 2 cores busy"),
            (|repeat| repeat.retries = Some(1), "12 requests of the warm repeats were sent again"),
            (|repeat| repeat.seconds = 1.0 + 0.05 * repeat.repeat as f64, "became slower, by 34 % from"),
            (|repeat| repeat.usage.disk_read_bytes = Some(0), "came from the page cache, not from the disk: 0.0 %"),
            (|repeat| repeat.usage.disk_write_bytes = Some(1 << 30), "went to the page cache"),
            (|repeat| machine(repeat).interface = Some("lo".to_owned()), "share this machine"),
        ] {
            assert!(said(change).contains(words), "{words}: {}", said(change));
        }
    }

    #[test]
    fn what_ext4_does_to_many_files_is_said() {
        let mut run = measured_run();
        run.repeats = (1..=3).map(measured_repeat).collect();
        run.workload_tasks = 1000;
        run.conditions.downloads_files = true;
        let mut said = |filesystem: &str| {
            run.conditions.file_system = Some(filesystem.to_owned());
            warnings(&run).iter().any(|warning| warning.mark == "ext4")
        };
        assert!(said("ext4") && !said("xfs"));
    }

    #[test]
    fn an_outlier_is_shown_with_its_cause() {
        let found = warnings_of(|repeat| {
            if repeat.repeat == 5 {
                repeat.seconds = 2.12;
                machine(repeat).cpu_disk_wait_seconds = 0.9;
            }
            if repeat.repeat == 6 {
                repeat.seconds = 3.18;
                repeat.cpu_user_seconds = Some(1.8);
            }
        });
        assert_eq!(
            found,
            ["outliers: repeat 5 took 2.0 times the median (waited for storage); repeat 6 took 2.9 times the median \
              (cause unknown)"]
        );
    }
}
