//! Numbers within reach of the floor: what they say may be of the harness or of the machine, not of the client.

use serde::Serialize;
use workload_schema::record::{Direction, RunRecord};
use workload_schema::{DataMedium, Gbps, NULL_CLIENT};

use super::finding::Calibration;
use crate::figures::Spread;

/// Share of the loopback limit above which loopback may be what is measured.
const OF_LOOPBACK: f64 = 0.6;
/// Share of the disk limit above which the disk, or the page cache before it, may be what is measured.
const OF_DISK: f64 = 0.8;
/// A repeat must take so many times as long as one that does nothing.
const TIMES_NULL: f64 = 20.0;
/// A repeat must take so many steps of the clock.
const CLOCK_STEPS: f64 = 1000.0;

/// Which floor is near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FlagKind {
    /// What loopback carries.
    Loopback,
    /// What the disk of the files directory does.
    Disk,
    /// What the harness itself costs.
    Harness,
    /// How fine the clock is.
    Clock,
}

/// A number that is near a floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Flag {
    /// Which floor.
    pub kind: FlagKind,
    /// The sentence that says so.
    pub sentence: String,
}

/// What is to be said of the figures of `run`, from its good warm repeats, or from the cold one where it is the only.
pub fn flags(calibration: &Calibration, run: &RunRecord) -> Vec<Flag> {
    let Some(seconds) = seconds(run).filter(|_| run.client != NULL_CLIENT) else { return Vec::new() };
    let gbps = Gbps::of(run.workload_bytes, seconds).get();
    let flags = [
        loopback(calibration, run, gbps),
        disk(calibration, run, seconds),
        harness(calibration, run, seconds),
        clock(calibration, seconds),
    ];
    flags.into_iter().flatten().collect()
}

fn seconds(run: &RunRecord) -> Option<f64> {
    let warm = Spread::of(run.warm_repeats().map(|repeat| repeat.seconds));
    warm.or_else(|| Spread::of(run.good_repeats().map(|repeat| repeat.seconds))).map(|spread| spread.median)
}

fn loopback(calibration: &Calibration, run: &RunRecord, gbps: f64) -> Option<Flag> {
    let limit = calibration.loopback_gbps()?;
    (run.is_on_loopback() && gbps > limit * OF_LOOPBACK).then(|| {
        let sentence = format!(
            "{gbps:.1} Gb/s are {:.0} % of what loopback carries here ({limit:.1} Gb/s): it may be the limit",
            gbps / limit * 100.0
        );
        Flag { kind: FlagKind::Loopback, sentence }
    })
}

fn disk(calibration: &Calibration, run: &RunRecord, seconds: f64) -> Option<Flag> {
    match run.conditions.medium {
        DataMedium::Disk => {}
        DataMedium::Memory => return None,
    }
    let (sent, received) = bytes_each_way(run)?;
    // What the page cache answered says nothing of the disk; that it did is said elsewhere.
    let reads = (!came_from_page_cache(run, sent))
        .then(|| DiskUse::of(sent, seconds, &calibration.disk.read_bytes_per_second, "reads"));
    let writes = DiskUse::of(received, seconds, &calibration.disk.write_bytes_per_second, "writes");
    let nearest = reads.into_iter().chain([writes]).max_by(|a, b| a.share().total_cmp(&b.share()))?;
    let DiskUse { gbps, limit, verb } = nearest;
    let words = match nearest.share() {
        share if share > 1.0 => "the page cache took the disk's place".to_owned(),
        share if share > OF_DISK => format!("{:.0} % of it: the disk may be the limit", share * 100.0),
        _ => return None,
    };
    let sentence = format!("{gbps:.2} Gb/s where the disk of the files directory {verb} {limit:.2} Gb/s: {words}");
    Some(Flag { kind: FlagKind::Disk, sentence })
}

/// What a run does with the disk in one direction.
struct DiskUse {
    gbps: f64,
    /// What the disk does, in Gb/s.
    limit: f64,
    /// What it does there, for people.
    verb: &'static str,
}

impl DiskUse {
    fn of(bytes: u64, seconds: f64, bytes_per_second: &Spread, verb: &'static str) -> Self {
        Self { gbps: Gbps::of(bytes, seconds).get(), limit: bytes_per_second.median * 8.0 / 1e9, verb }
    }

    fn share(&self) -> f64 {
        self.gbps / self.limit
    }
}

/// Bytes that a repeat sends and receives.
fn bytes_each_way(run: &RunRecord) -> Option<(u64, u64)> {
    match run.direction()? {
        Direction::Sent => Some((run.workload_bytes, 0)),
        Direction::Received => Some((0, run.workload_bytes)),
        Direction::Both => Some((run.workload_bytes_sent?, run.workload_bytes_received?)),
    }
}

/// Whether the disk was asked for less than half of the bytes that were sent.
fn came_from_page_cache(run: &RunRecord, sent: u64) -> bool {
    let read = run.repeats.iter().filter_map(|repeat| repeat.usage.disk_read_bytes).max();
    read.is_some_and(|read| read < sent / 2)
}

fn harness(calibration: &Calibration, run: &RunRecord, seconds: f64) -> Option<Flag> {
    let null = calibration.null_seconds(run.workload_tasks)?;
    (seconds < null * TIMES_NULL).then(|| {
        let sentence = format!(
            "{} a repeat, of which {} are the harness's own: doing nothing with as many tasks takes as long",
            duration(seconds),
            duration(null)
        );
        Flag { kind: FlagKind::Harness, sentence }
    })
}

fn clock(calibration: &Calibration, seconds: f64) -> Option<Flag> {
    let step = calibration.clock.step_ns as f64 / 1e9;
    (seconds < step * CLOCK_STEPS).then(|| {
        let sentence =
            format!("{} a repeat is too short for a clock that moves by {}", duration(seconds), duration(step));
        Flag { kind: FlagKind::Clock, sentence }
    })
}

/// Seconds as people read them.
pub fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.1} us", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}

#[cfg(test)]
mod tests {
    use workload_schema::record::{Machine, Outcome, RepeatRecord, RunConditions, StoreKind, Usage};
    use workload_schema::{WorkloadDigest, WorkloadName};

    use super::super::{ClockFloor, DiskLimit, LoopbackLimit, NullFloor};
    use super::*;

    fn one(value: f64) -> Spread {
        Spread::of([value]).unwrap()
    }

    fn machine() -> Machine {
        let unknown = || "unknown".to_owned();
        Machine { host: unknown(), cpu: unknown(), cores: 2, memory_bytes: 1, kernel: unknown() }
    }

    fn calibration() -> Calibration {
        let null = |tasks, seconds| NullFloor { tasks, seconds: one(seconds) };
        let limit =
            |connections, gbps| LoopbackLimit { connections, gbps: one(gbps), round_trips_per_second: one(1e5) };
        Calibration {
            version: super::super::finding::VERSION,
            found_at: String::new(),
            machine: machine(),
            null: vec![null(1, 10e-6), null(1000, 1e-3), null(100_000, 0.1)],
            loopback: vec![limit(1, 40.0), limit(2, 50.0)],
            disk: DiskLimit {
                size_bytes: 1 << 28,
                write_bytes_per_second: one(1e9),
                read_bytes_per_second: one(2e9),
                cached_bytes_per_second: one(8e9),
            },
            clock: ClockFloor { step_ns: 100, reading_ns: one(30.0) },
        }
    }

    /// A run of `tasks` tasks and `bytes` bytes with a cold repeat and warm ones of `seconds`.
    fn run(workload: &str, tasks: u64, bytes: u64, seconds: f64) -> RunRecord {
        let repeat = |repeat, seconds| RepeatRecord {
            repeat,
            cold: repeat == 1,
            started_at: None,
            seconds,
            bytes,
            requests: None,
            retries: None,
            backoff_seconds: None,
            errors: Vec::new(),
            cpu_user_seconds: None,
            cpu_system_seconds: None,
            peak_memory_bytes: None,
            usage: Usage::default(),
        };
        RunRecord {
            version: 1,
            run: 1,
            session: String::new(),
            ordinal: None,
            started_at: String::new(),
            ended_at: None,
            workload: WorkloadName::new(workload).unwrap(),
            workload_digest: WorkloadDigest::of(b""),
            workload_bytes: bytes,
            workload_bytes_sent: None,
            workload_bytes_received: None,
            workload_tasks: tasks,
            scale: "1".to_owned(),
            client: "sdk-rust".to_owned(),
            hello: None,
            conditions: conditions_of(workload),
            wlx_version: String::new(),
            machine: machine(),
            outcome: Outcome::Succeeded,
            reason: None,
            verified: None,
            repeats: vec![repeat(1, 1000.0), repeat(2, seconds), repeat(3, seconds)],
        }
    }

    fn conditions_of(workload: &str) -> RunConditions {
        let on_disk = !workload.ends_with("-ram");
        RunConditions {
            store: Some(StoreKind::Embedded),
            medium: DataMedium::of_files_on_disk(on_disk),
            downloads_files: on_disk && workload.starts_with("download"),
            ..RunConditions::default()
        }
    }

    fn kinds(run: &RunRecord) -> Vec<FlagKind> {
        flags(&calibration(), run).iter().map(|flag| flag.kind).collect()
    }

    #[test]
    fn numbers_far_from_every_floor_are_not_flagged() {
        // 1 GB in a second: 8 of 50 Gb/s; from disk 8 of 16 Gb/s.
        assert_eq!(kinds(&run("download-1GiB-1x-ram", 1, 1_000_000_000, 1.0)), []);
        assert_eq!(kinds(&run("upload-1GiB-1x", 1, 1_000_000_000, 1.0)), []);
    }

    #[test]
    fn each_floor_is_told() {
        let runs = [
            run("download-1GiB-1x-ram", 1, 4_000_000_000, 1.0),
            run("download-1GiB-1x", 1, 1_000_000_000, 1.1),
            run("upload-1GiB-1x", 1, 2_500_000_000, 1.0),
            run("download-64KiB-1_000x-ram", 1000, 65_536_000, 0.019),
            run("download-1byte-1x-ram", 1, 1, 90e-6),
        ];
        let told = runs.iter().flat_map(|run| flags(&calibration(), run)).map(|flag| flag.sentence);
        insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn the_nearer_limit_of_the_disk_counts_in_a_run_of_both_directions() {
        let both = |sent, received| RunRecord {
            workload_bytes_sent: Some(sent),
            workload_bytes_received: Some(received),
            ..run("both-1GiB-1x", 1, sent + received, 1.0)
        };
        let told =
            |run: &RunRecord| flags(&calibration(), run).into_iter().map(|flag| flag.sentence).collect::<String>();
        // It reads 16 Gb/s and writes 8 Gb/s: 8 and 4 are half of each, though 12 is more than it writes.
        assert_eq!(told(&both(1_000_000_000, 500_000_000)), "");
        assert_eq!(
            told(&both(1_000_000_000, 900_000_000)),
            "7.20 Gb/s where the disk of the files directory writes 8.00 Gb/s: 90 % of it: the disk may be the limit"
        );
        let mut cached = both(1_900_000_000, 500_000_000);
        assert!(told(&cached).contains("reads 16.00 Gb/s"));
        for repeat in &mut cached.repeats {
            repeat.usage.disk_read_bytes = Some(0);
        }
        assert_eq!(told(&cached), "", "the page cache answered");
    }

    #[test]
    fn loopback_is_no_limit_of_another_machine() {
        let mut far = run("download-1GiB-1x-ram", 1, 4_000_000_000, 1.0);
        assert_eq!(kinds(&far), [FlagKind::Loopback]);
        far.conditions.store = Some(StoreKind::of_text("https://s3.example.com"));
        assert_eq!(kinds(&far), []);
        far.conditions.store = Some(StoreKind::of_text("http://127.0.0.1:9000"));
        assert_eq!(kinds(&far), [FlagKind::Loopback]);
    }

    #[test]
    fn the_floor_itself_and_what_has_no_figure_are_not_flagged() {
        let mut floor = run("download-1byte-1x-ram", 1, 1, 1e-6);
        assert_eq!(kinds(&floor), [FlagKind::Harness, FlagKind::Clock]);
        floor.client = "null".to_owned();
        assert_eq!(kinds(&floor), []);
        let mut nothing = run("download-1byte-1x-ram", 1, 1, 1e-6);
        nothing.repeats.clear();
        assert_eq!(kinds(&nothing), []);
    }

    #[test]
    fn the_floor_between_and_beyond_what_was_measured() {
        let calibration = calibration();
        let null = |tasks| calibration.null_seconds(tasks).unwrap();
        assert!((null(1) - 10e-6).abs() < 1e-12 && (null(1_000_000) - 1.0).abs() < 1e-9);
        assert!((0.49e-3..0.52e-3).contains(&null(500)), "{}", null(500));
    }
}
