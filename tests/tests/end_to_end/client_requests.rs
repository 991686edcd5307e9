//! The requests that a client really sent, as the embedded server recorded them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use embedded_s3::ChecksumAlgorithm;
use embedded_s3::admin::RequestRecord;
use rustix::time::{ClockId, clock_gettime};
use serde_json::Value;

use crate::client_table::{COMMAND_LINE, Case, MIB};

/// The largest part or range that clients send here.
const PART: u64 = 8 * MIB;

/// Both clocks at one moment: runs are stored by the wall clock, requests are recorded by the monotonic one.
pub struct Clock {
    wall: Duration,
    monotonic: Duration,
}

impl Clock {
    pub fn now() -> Self {
        let monotonic = clock_gettime(ClockId::Monotonic);
        let seconds = u64::try_from(monotonic.tv_sec).expect("the clock begins at zero");
        let nanoseconds = u32::try_from(monotonic.tv_nsec).expect("less than a second");
        Self {
            wall: SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970"),
            monotonic: Duration::new(seconds, nanoseconds),
        }
    }

    /// A stored time, in nanoseconds on the clock of the recorded requests.
    fn on_the_record(&self, time: &Value) -> u64 {
        let text = time.as_str().unwrap_or_else(|| panic!("{time} is no time"));
        let wall = parse(text).unwrap_or_else(|| panic!("{text} is no time of today"));
        let since_midnight = self.wall.as_nanos() % DAY;
        // A test may run past midnight.
        let after = (wall + DAY - since_midnight + DAY / 2) % DAY;
        u64::try_from(self.monotonic.as_nanos() + after - DAY / 2).expect("nanoseconds fit for centuries")
    }
}

const DAY: u128 = 86_400 * 1_000_000_000;

/// Nanoseconds since midnight of `2026-11-21T17:32:40.650Z`.
fn parse(text: &str) -> Option<u128> {
    let (_, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut fields = time.split(':');
    let hours: u128 = fields.next()?.parse().ok()?;
    let minutes: u128 = fields.next()?.parse().ok()?;
    let seconds = Duration::from_secs_f64(fields.next()?.parse().ok()?);
    Some((hours * 60 + minutes) * 60 * 1_000_000_000 + seconds.as_nanos())
}

/// The requests that were made during a run.
pub struct Requests<'a> {
    client: &'a str,
    run: &'a Value,
    records: Vec<&'a RequestRecord>,
}

impl<'a> Requests<'a> {
    /// Those of `run`.
    pub fn of(run: &'a Value, records: &'a [RequestRecord], clock: &Clock) -> Self {
        let (began, ended) = (clock.on_the_record(&run["startedAt"]), clock.on_the_record(&run["endedAt"]));
        let records = records.iter().filter(|record| (began..=ended).contains(&record.start_ns)).collect();
        Self { client: run["client"].as_str().expect("a client has an id"), run, records }
    }

    /// Requires exactly the requests that the case needs.
    pub fn assert_fit(&self, case: &Case) {
        if case.is_upload() {
            self.assert_uploads(case);
        } else {
            self.assert_downloads(case);
        }
        self.assert_no_list(case);
    }

    fn good(&self, operations: &[&str]) -> Vec<&RequestRecord> {
        let good = |record: &&&RequestRecord| {
            operations.contains(&record.operation.as_str())
                && record.status.is_some_and(|status| (200..300).contains(&status))
        };
        self.records.iter().filter(good).copied().collect()
    }

    fn assert_uploads(&self, case: &Case) {
        let sent = self.good(&["PutObject", "UploadPart"]);
        let size = |record: &RequestRecord| record.decoded_body_bytes.unwrap_or(record.request_body_bytes);
        let bytes: u64 = sent.iter().map(|record| size(record)).sum();
        assert_eq!(bytes, case.repeats * case.bytes(), "{self}");
        assert!(sent.iter().all(|record| size(record) <= PART), "parts are larger than asked for:\n{self}");
        let parts = sent.iter().filter(|record| record.operation == "UploadPart").count() as u64;
        let of_a_file = case.size.div_ceil(PART);
        if of_a_file > 1 {
            assert_eq!(parts, case.repeats * case.files * of_a_file, "{self}");
        }
        for record in &sent {
            let algorithm = record.checksum_algorithm.map(ChecksumAlgorithm::name);
            assert_eq!(algorithm, case.checksum, "{self}");
        }
    }

    fn assert_downloads(&self, case: &Case) {
        let sent = self.good(&["GetObject"]);
        // s3fs gets the size from a GET that it then breaks off.
        let broken_off = sent.iter().any(|record| !record.complete);
        assert!(!broken_off || self.client == "s3fs", "{self}");
        let bytes: u64 = sent.iter().filter(|record| record.complete).map(|record| record.response_body_bytes).sum();
        // Dropped downloads are downloaded once more to be compared.
        let times = case.repeats + u64::from(case.in_ram);
        assert_eq!(bytes, times * case.bytes(), "{self}");
        for record in &sent {
            assert_eq!(record.checksum_mode, case.checksum.is_some(), "{self}");
        }
    }

    /// Requires no LIST, but of a command that transfers a directory.
    fn assert_no_list(&self, case: &Case) {
        let lists: Vec<_> = self.good(&["ListObjectsV2", "ListObjects"]);
        let own = |record: &&&RequestRecord| {
            record.user_agent.as_deref().is_some_and(|agent| agent.starts_with("aws-sdk-rust/"))
        };
        let by_client = if COMMAND_LINE.contains(&self.client) {
            lists.len() - lists.iter().filter(own).count()
        } else {
            lists.len()
        };
        if COMMAND_LINE.contains(&self.client) && case.files > 1 && !case.is_upload() {
            assert!(by_client >= 1, "{self}");
        } else {
            assert_eq!(by_client, 0, "{self}");
        }
    }
}

impl std::fmt::Display for Requests<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} on {}:", self.client, self.run["workload"])?;
        for record in &self.records {
            writeln!(f, "{}", serde_json::to_string(record).expect("plain data"))?;
        }
        Ok(())
    }
}
