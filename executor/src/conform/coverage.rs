//! Whether every object of a workload was really read or written as a whole, and as often as its tasks say.

use std::collections::BTreeMap;

use embedded_s3::admin::RequestRecord;
use workload_schema::{Operation, Workload};

use super::work::{is_good, is_write, written};
use run_records::analysis::conformance::READ;

/// How much of the objects of a workload one repeat moved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Keys whose payload no request moved.
    pub untouched: Vec<String>,
    /// Keys with missing bytes, and how many are missing.
    pub partly: Vec<(String, u64)>,
    /// Keys with bytes that were moved more often than tasks ask for, and how many bytes too many.
    pub again: Vec<(String, u64)>,
    /// Keys whose payload was moved although they are not in the workload.
    pub strange: Vec<String>,
}

/// What one key asks for.
struct Wanted {
    operation: Operation,
    size: u64,
    times: u64,
}

/// Compares what `records` moved with what `workload` asks for.
pub fn coverage(workload: &Workload, records: &[&RequestRecord]) -> Coverage {
    let mut wanted: BTreeMap<&str, Wanted> = BTreeMap::new();
    for task in workload.tasks() {
        let asked = Wanted { operation: task.operation, size: task.size, times: 0 };
        wanted.entry(task.key.as_str()).or_insert(asked).times += 1;
    }
    let mut touched: BTreeMap<&str, Vec<&RequestRecord>> = BTreeMap::new();
    for record in records.iter().filter(|record| is_good(record) && moves_payload(record)) {
        touched.entry(record.key.as_deref().unwrap_or_default()).or_default().push(record);
    }
    let mut coverage = Coverage::default();
    for (key, asked) in &wanted {
        match touched.get(key) {
            None => coverage.untouched.push((*key).to_owned()),
            Some(records) => coverage.note(key, &moved(asked, records)),
        }
    }
    let strange = touched.keys().filter(|key| !wanted.contains_key(*key));
    coverage.strange = strange.map(|key| (*key).to_owned()).collect();
    coverage
}

fn moves_payload(record: &RequestRecord) -> bool {
    record.operation == READ || is_write(record) || record.operation == COMPLETE
}

const COMPLETE: &str = "CompleteMultipartUpload";

/// Bytes of one object.
struct Moved {
    touched: bool,
    missing: u64,
    too_many: u64,
}

impl Coverage {
    fn note(&mut self, key: &str, moved: &Moved) {
        if !moved.touched {
            self.untouched.push(key.to_owned());
            return;
        }
        if moved.missing > 0 {
            self.partly.push((key.to_owned(), moved.missing));
        }
        if moved.too_many > 0 {
            self.again.push((key.to_owned(), moved.too_many));
        }
    }
}

fn moved(asked: &Wanted, records: &[&RequestRecord]) -> Moved {
    match asked.operation {
        Operation::Download => read(asked, records),
        Operation::Upload => write(asked, records),
    }
}

/// Every byte must have been read as often as there are tasks.
fn read(asked: &Wanted, records: &[&RequestRecord]) -> Moved {
    let reads: Vec<&&RequestRecord> = records.iter().filter(|record| record.operation == READ).collect();
    let mut moments: Vec<(u64, bool)> = Vec::new();
    let mut parts: Vec<(u32, u64)> =
        reads.iter().filter_map(|r| Some((r.part_number?, r.response_body_bytes))).collect();
    parts.sort_unstable();
    parts.dedup();
    for record in &reads {
        let start = match record.part_number {
            // Parts follow one another.
            Some(number) => parts.iter().filter(|(part, _)| *part < number).map(|(_, bytes)| bytes).sum(),
            None => first_byte(record.range.as_deref(), asked.size),
        };
        let end = start.saturating_add(record.response_body_bytes).min(asked.size);
        if start < end {
            moments.push((start, true));
            moments.push((end, false));
        }
    }
    // The bytes of a read that broke off count as read, and may be read again.
    let broken_off: u64 = reads.iter().filter(|record| !record.complete).map(|record| record.response_body_bytes).sum();
    let (missing, too_many) = against(&mut moments, asked);
    Moved { touched: !reads.is_empty(), missing, too_many: too_many.saturating_sub(broken_off) }
}

/// Bytes that are missing from `times` complete reads, and bytes beyond them.
fn against(moments: &mut Vec<(u64, bool)>, asked: &Wanted) -> (u64, u64) {
    moments.push((asked.size, false));
    moments.sort_unstable();
    let (mut at, mut depth, mut missing, mut too_many) = (0, 0_u64, 0, 0);
    for &(moment, begins) in moments.iter() {
        let stretch = moment.saturating_sub(at);
        missing += stretch * asked.times.saturating_sub(depth);
        too_many += stretch * depth.saturating_sub(asked.times);
        at = moment;
        depth = if begins { depth + 1 } else { depth.saturating_sub(1) };
    }
    (missing, too_many)
}

/// Where a read begins: `bytes=100-199`, `bytes=100-` or `bytes=-50`.
fn first_byte(range: Option<&str>, size: u64) -> u64 {
    let Some((first, last)) = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-')) else { return 0 };
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), _) => first,
        (Err(_), Ok(suffix)) => size.saturating_sub(suffix),
        _ => 0,
    }
}

/// Whole objects must have been written as often as there are tasks.
fn write(asked: &Wanted, records: &[&RequestRecord]) -> Moved {
    let whole = records.iter().filter(|record| record.operation == "PutObject").map(|record| written(record));
    let mut objects: Vec<u64> = whole.collect();
    for complete in records.iter().filter(|record| record.operation == COMPLETE) {
        let of_upload = records.iter().filter(|r| r.operation == "UploadPart" && r.upload_id == complete.upload_id);
        // Of several parts with the same number, the last counts.
        let parts: BTreeMap<u32, u64> = of_upload.filter_map(|part| Some((part.part_number?, written(part)))).collect();
        objects.push(parts.values().sum());
    }
    let bytes: u64 = objects.iter().map(|bytes| (*bytes).min(asked.size)).sum();
    let beyond: u64 = objects.iter().map(|bytes| bytes.saturating_sub(asked.size)).sum();
    let wanted = asked.size * asked.times;
    Moved {
        touched: !objects.is_empty(),
        missing: wanted.saturating_sub(bytes),
        too_many: bytes.saturating_sub(wanted) + beyond,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{complete, download, get, part, put, upload};
    use super::*;

    fn of(workload: &Workload, records: &[RequestRecord]) -> Coverage {
        coverage(workload, &records.iter().collect::<Vec<_>>())
    }

    #[test]
    fn whole_reads_and_ranges_that_meet_are_all() {
        let workload = download(&[("a", 100), ("b", 100), ("empty", 0)]);
        let records = [
            get("a", None, 100),
            get("b", Some("bytes=50-"), 50),
            get("b", Some("bytes=0-49"), 50),
            get("empty", None, 0),
        ];
        assert_eq!(of(&workload, &records), Coverage::default());
        let suffix = [get("a", None, 100), get("b", Some("bytes=0-69"), 70), get("b", Some("bytes=-30"), 30)];
        assert_eq!(of(&workload, &suffix).untouched, ["empty"]);
        let by_part = |number, bytes| RequestRecord { part_number: Some(number), ..get("b", None, bytes) };
        let parts = [get("a", None, 100), by_part(2, 40), by_part(1, 60), get("empty", None, 0)];
        assert_eq!(of(&workload, &parts), Coverage::default());
    }

    #[test]
    fn off_by_one_is_seen_on_either_side() {
        let workload = download(&[("a", 100)]);
        let gap = [get("a", Some("bytes=0-48"), 49), get("a", Some("bytes=50-99"), 50)];
        assert_eq!(of(&workload, &gap).partly, [("a".to_owned(), 1)]);
        let lap = [get("a", Some("bytes=0-50"), 51), get("a", Some("bytes=50-99"), 50)];
        assert_eq!(of(&workload, &lap), Coverage { again: vec![("a".to_owned(), 1)], ..Coverage::default() });
        let short = [get("a", Some("bytes=0-98"), 99)];
        assert_eq!(of(&workload, &short).partly, [("a".to_owned(), 1)]);
    }

    #[test]
    fn one_in_a_thousand_is_missed() {
        let keys: Vec<String> = (1..=1000).map(|number| format!("{number:04}")).collect();
        let tasks: Vec<(&str, u64)> = keys.iter().map(|key| (key.as_str(), 8)).collect();
        let all: Vec<RequestRecord> = keys.iter().map(|key| get(key, None, 8)).collect();
        assert_eq!(of(&download(&tasks), &all), Coverage::default());
        let mut skipped = all.clone();
        skipped.remove(499);
        assert_eq!(of(&download(&tasks), &skipped).untouched, ["0500"]);
        // Another one twice instead does not make up for it.
        skipped.push(get("0001", None, 8));
        let found = of(&download(&tasks), &skipped);
        assert_eq!((found.untouched, found.again), (vec!["0500".to_owned()], vec![("0001".to_owned(), 8)]));
    }

    #[test]
    fn a_key_of_two_tasks_is_read_twice() {
        let workload = download(&[("a", 100), ("a", 100)]);
        assert_eq!(of(&workload, &[get("a", None, 100), get("a", None, 100)]), Coverage::default());
        assert_eq!(of(&workload, &[get("a", None, 100)]).partly, [("a".to_owned(), 100)]);
    }

    #[test]
    fn failed_answers_and_lost_connections_are_no_reads() {
        let workload = download(&[("a", 100)]);
        let failed = RequestRecord { status: Some(503), ..get("a", None, 30) };
        assert_eq!(of(&workload, std::slice::from_ref(&failed)).untouched, ["a"]);
        let cut = RequestRecord { complete: false, ..get("a", None, 60) };
        assert_eq!(of(&workload, &[failed.clone(), cut.clone()]).partly, [("a".to_owned(), 40)]);
        assert_eq!(of(&workload, &[failed, cut.clone(), get("a", None, 100)]), Coverage::default());
        assert_eq!(of(&workload, &[cut, get("a", Some("bytes=60-99"), 40)]), Coverage::default(), "it went on");
    }

    #[test]
    fn uploads_are_whole_in_one_or_in_parts() {
        let workload = upload(&[("a", 100)]);
        assert_eq!(of(&workload, &[put("a", 100)]), Coverage::default());
        assert_eq!(of(&workload, &[put("a", 99)]).partly, [("a".to_owned(), 1)]);
        assert_eq!(of(&workload, &[put("a", 101)]).again, [("a".to_owned(), 1)]);
        assert_eq!(of(&workload, &[put("a", 100), put("a", 100)]).again, [("a".to_owned(), 100)]);
        let parts = [part("a", "u", 1, 60), part("a", "u", 2, 40), complete("a", "u")];
        assert_eq!(of(&workload, &parts), Coverage::default());
        assert_eq!(of(&workload, &parts[..2]).untouched, ["a"], "nothing completed it");
        let again = [part("a", "u", 1, 60), part("a", "u", 2, 40), part("a", "u", 2, 40), complete("a", "u")];
        assert_eq!(of(&workload, &again), Coverage::default(), "a part that was sent again");
        let short = [part("a", "u", 1, 60), complete("a", "u")];
        assert_eq!(of(&workload, &short).partly, [("a".to_owned(), 40)]);
    }

    #[test]
    fn another_object_is_no_substitute() {
        let found = of(&download(&[("a", 100)]), &[get("b", None, 100)]);
        assert_eq!((found.untouched, found.strange), (vec!["a".to_owned()], vec!["b".to_owned()]));
        assert_eq!(of(&upload(&[("a", 1)]), &[get("a", None, 1)]).untouched, ["a"], "a read is no upload");
    }
}
