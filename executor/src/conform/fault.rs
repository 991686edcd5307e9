//! Faults: how a client's work differs from the work that was asked for.

use run_records::analysis::conformance::{Fault, FaultKind};
use workload_schema::ErrorCount;
use workload_schema::event::{ChecksumPlacement, Hello};
use workload_schema::{ByteSize, Workload};

use super::coverage::Coverage;
use run_records::analysis::conformance::{NO_CHECKSUM, Work};

/// How much shorter than its requests a reported time may be: the server's end of a request is when it handed on the
/// last bytes, which a client may have read before the server looked at the clock.
const SHARE_OF_TIME: f64 = 0.9;
const SECONDS_OF_GRACE: f64 = 0.01;

/// What was observed of one repeat.
#[derive(Debug)]
pub struct Observed<'a> {
    /// What was asked for.
    pub workload: &'a Workload,
    /// What was done.
    pub work: &'a Work,
    /// How much of each object was moved.
    pub coverage: &'a Coverage,
    /// What the client reports about itself.
    pub hello: Option<&'a Hello>,
    /// What is wrong with the files and objects afterwards.
    pub wrong: &'a [ErrorCount],
    /// Whether the client failed on a corrupted body; `None` if it was not tested.
    pub notices_corruption: Option<bool>,
}

/// All faults of the repeat, the worst first.
pub fn faults(observed: &Observed<'_>) -> Vec<Fault> {
    if observed.work.all_requests() == 0 {
        let sentence = "sent no request at all to the server that it was given, and said that all went well";
        return vec![Fault::new(FaultKind::Elsewhere, sentence)];
    }
    let mut faults = Vec::new();
    uncovered(observed, &mut faults);
    faults.extend(observed.wrong.iter().map(|error| {
        let more = if error.count > 1 { format!(" (and {} more)", error.count - 1) } else { String::new() };
        Fault::new(FaultKind::WrongContent, format!("left what is not as it must be: {}{more}", error.message))
    }));
    faults.extend(without_checksum(observed));
    faults.extend(not_validated(observed));
    faults.extend(lists(observed));
    faults.extend(short_time(observed.work));
    faults
}

fn uncovered(observed: &Observed<'_>, faults: &mut Vec<Fault>) {
    let (coverage, objects) = (observed.coverage, distinct_keys(observed.workload));
    let of = |keys: &[&str]| format!("{} of {} objects ({})", grouped(keys.len()), grouped(objects), first_of(keys));
    let names = |list: &[(String, u64)]| -> (Vec<String>, u64) {
        (list.iter().map(|(key, _)| key.clone()).collect(), list.iter().map(|(_, bytes)| bytes).sum())
    };
    let refs = |keys: &[String]| -> String { of(&keys.iter().map(String::as_str).collect::<Vec<_>>()) };
    if !coverage.untouched.is_empty() {
        let sentence = format!("skipped {}: no request moved them", refs(&coverage.untouched));
        faults.push(Fault::new(FaultKind::Skipped, sentence));
    }
    if !coverage.partly.is_empty() {
        let (keys, bytes) = names(&coverage.partly);
        let sentence = format!("moved {} in part: {} are missing", refs(&keys), ByteSize(bytes));
        faults.push(Fault::new(FaultKind::InPart, sentence));
    }
    if !coverage.again.is_empty() {
        let (keys, bytes) = names(&coverage.again);
        let sentence = format!("moved {} more than once: {} too many", refs(&keys), ByteSize(bytes));
        faults.push(Fault::new(FaultKind::Twice, sentence));
    }
    if !coverage.strange.is_empty() {
        let sentence = format!("moved what no task names: {}", coverage.strange[0]);
        faults.push(Fault::new(FaultKind::Strange, sentence));
    }
}

/// Payload that was sent without the checksum, or read without requesting it by a client that does not report that.
fn without_checksum(observed: &Observed<'_>) -> Option<Fault> {
    let asked = observed.workload.checksum()?;
    let work = observed.work;
    let sent: u64 = work.checksums.values().sum();
    let right = work.checksums.iter().filter(|(words, _)| words.split(' ').next() == Some(asked.as_str()));
    let missing = sent - right.map(|(_, count)| count).sum::<u64>();
    if missing > 0 {
        let other = work.checksums.keys().find(|words| !words.starts_with(asked.as_str()) && *words != NO_CHECKSUM);
        let instead = other.map(|words| format!(" ({words} instead)")).unwrap_or_default();
        let sentence =
            format!("sent {missing} of {sent} requests with payload without the {asked} that is asked for{instead}");
        return Some(Fault::new(FaultKind::NoChecksum, sentence));
    }
    let reads = work.payload_requests() - sent;
    (reads > 0 && work.asked_for_checksum == 0 && !says_none(observed.hello)).then(|| {
        let sentence = format!("read {reads} times without asking for the {asked} that is to be validated");
        Fault::new(FaultKind::NoChecksum, sentence)
    })
}

fn not_validated(observed: &Observed<'_>) -> Option<Fault> {
    let asked = observed.workload.checksum()?;
    (observed.notices_corruption == Some(false) && !says_none(observed.hello)).then(|| {
        let sentence =
            format!("took a corrupted body for a good one: it does not validate the {asked}, and does not say so");
        Fault::new(FaultKind::NotValidated, sentence)
    })
}

/// Whether the client reports that it does nothing about checksums here.
fn says_none(hello: Option<&Hello>) -> bool {
    hello.and_then(|hello| hello.checksum_placement) == Some(ChecksumPlacement::None)
}

/// Listings are allowed only for a command that is given a directory: its whole process is on the clock, and says so.
fn lists(observed: &Observed<'_>) -> Option<Fault> {
    let lists = observed.work.lists();
    let is_command = observed.hello.is_some_and(|hello| hello.process_start_timed);
    (lists > 0 && !is_command).then(|| {
        let times = if lists == 1 { "once".to_owned() } else { format!("{lists} times") };
        let sentence = format!("listed the bucket {times} on the clock, which no task asks for");
        Fault::new(FaultKind::Lists, sentence)
    })
}

fn short_time(work: &Work) -> Option<Fault> {
    let least = work.requests_seconds * SHARE_OF_TIME - SECONDS_OF_GRACE;
    (work.hung_up == 0 && work.seconds < least).then(|| {
        let sentence = format!(
            "reported {:.3} s for requests that took {:.3} s: its clock stops early or starts late",
            work.seconds, work.requests_seconds
        );
        Fault::new(FaultKind::ShortTime, sentence)
    })
}

fn distinct_keys(workload: &Workload) -> usize {
    workload.tasks().map(|task| task.key.as_str()).collect::<std::collections::BTreeSet<_>>().len()
}

fn first_of(keys: &[&str]) -> String {
    let first = keys.first().copied().unwrap_or_default();
    if keys.len() > 1 { format!("{first} and others") } else { first.to_owned() }
}

/// `1,000`.
fn grouped(number: usize) -> String {
    super::forms::grouped(number).replace('_', ",")
}

#[cfg(test)]
mod tests {
    use embedded_s3::ChecksumAlgorithm;
    use embedded_s3::admin::{ChecksumPlace, RequestRecord};
    use workload_schema::Checksum;

    use super::super::coverage::coverage;
    use run_records::fixtures::terse_hello as hello;

    use super::super::samples::{complete, download, get, part, put, request, upload};
    use super::super::work::{Repeat, work_of};
    use super::*;

    struct Case {
        workload: Workload,
        records: Vec<RequestRecord>,
        hello: Option<Hello>,
        notices_corruption: Option<bool>,
        seconds: f64,
    }

    impl Case {
        fn of(workload: Workload, records: Vec<RequestRecord>) -> Self {
            Self { workload, records, hello: Some(hello()), notices_corruption: None, seconds: 0.002 }
        }

        fn faults(&self) -> Vec<Fault> {
            let repeat = Repeat { records: self.records.iter().collect(), seconds: self.seconds, ..Repeat::default() };
            let work = work_of(&self.workload, &repeat);
            let coverage = coverage(&self.workload, &repeat.records);
            faults(&Observed {
                workload: &self.workload,
                work: &work,
                coverage: &coverage,
                hello: self.hello.as_ref(),
                wrong: &[],
                notices_corruption: self.notices_corruption,
            })
        }

        #[track_caller]
        fn assert_is(&self, kind: FaultKind) {
            let kinds: Vec<FaultKind> = self.faults().iter().map(|fault| fault.kind).collect();
            assert_eq!(kinds, [kind], "{:?}", self.faults());
        }
    }

    fn crc32c(record: RequestRecord) -> RequestRecord {
        let algorithm = Some(ChecksumAlgorithm::Crc32c);
        RequestRecord { checksum_algorithm: algorithm, checksum_place: Some(ChecksumPlace::Trailer), ..record }
    }

    #[test]
    fn honest_work_has_no_faults() {
        let honest = Case::of(download(&[("a", 10)]), vec![request("HeadObject", "a"), get("a", None, 10)]);
        assert_eq!(honest.faults(), []);
        let parts = vec![part("a", "u", 1, 6), part("a", "u", 2, 4), complete("a", "u")];
        let mut checked = Case::of(upload(&[("a", 10)]), parts.into_iter().map(crc32c).collect());
        checked.workload = checked.workload.with_checksum(Some(Checksum::Crc32c));
        assert_eq!(checked.faults(), []);
    }

    #[test]
    fn each_fault_is_told() {
        let two = || download(&[("a", 10), ("b", 10)]);
        let mut told = Vec::new();
        for records in [
            vec![],
            vec![get("a", None, 10)],
            vec![get("a", None, 10), get("b", Some("bytes=0-8"), 9)],
            vec![get("a", None, 10), get("b", None, 10), get("b", None, 10)],
            vec![get("a", None, 10), get("b", None, 10), get("c", None, 10)],
            vec![request("ListObjectsV2", "x"), get("a", None, 10), get("b", None, 10)],
        ] {
            told.extend(Case::of(two(), records).faults().into_iter().map(|fault| fault.sentence));
        }
        let late = RequestRecord { end_ns: 2_000_000_000, ..get("b", None, 10) };
        told.extend(Case::of(two(), vec![get("a", None, 10), late]).faults().into_iter().map(|fault| fault.sentence));
        insta::assert_snapshot!(told.join("\n"));
    }

    #[test]
    fn a_command_may_list() {
        let records = vec![request("ListObjectsV2", "x"), get("a", None, 10)];
        let mut case = Case::of(download(&[("a", 10)]), records);
        case.assert_is(FaultKind::Lists);
        case.hello = Some(Hello { process_start_timed: true, ..hello() });
        assert_eq!(case.faults(), []);
        case.hello = None;
        case.assert_is(FaultKind::Lists);
    }

    #[test]
    fn a_checksum_must_be_on_every_request_with_payload() {
        let mut case = Case::of(upload(&[("a", 10)]), vec![put("a", 10)]);
        case.workload = case.workload.with_checksum(Some(Checksum::Crc32c));
        case.assert_is(FaultKind::NoChecksum);
        let parts = vec![crc32c(part("a", "u", 1, 6)), part("a", "u", 2, 4), complete("a", "u")];
        case.records = parts;
        case.assert_is(FaultKind::NoChecksum);
        assert!(case.faults()[0].sentence.starts_with("sent 1 of 2 requests"), "{:?}", case.faults());
        let other = RequestRecord { checksum_algorithm: Some(ChecksumAlgorithm::Crc32), ..crc32c(put("a", 10)) };
        case.records = vec![other];
        assert!(case.faults()[0].sentence.ends_with("(CRC32 trailer instead)"), "{:?}", case.faults());
        case.workload = case.workload.with_checksum(None);
        assert_eq!(case.faults(), [], "more than is asked for is a difference only");
    }

    #[test]
    fn a_checksum_that_is_not_validated_must_be_said() {
        let asking = RequestRecord { checksum_mode: true, ..get("a", None, 10) };
        let mut case = Case::of(download(&[("a", 10)]), vec![asking]);
        case.workload = case.workload.with_checksum(Some(Checksum::Crc32c));
        case.notices_corruption = Some(true);
        assert_eq!(case.faults(), []);
        case.notices_corruption = Some(false);
        case.assert_is(FaultKind::NotValidated);
        case.hello = Some(Hello { checksum_placement: Some(ChecksumPlacement::None), ..hello() });
        assert_eq!(case.faults(), [], "it says so");
        case.records = vec![get("a", None, 10)];
        assert_eq!(case.faults(), []);
        case.hello = None;
        let kinds: Vec<FaultKind> = case.faults().iter().map(|fault| fault.kind).collect();
        assert_eq!(kinds, [FaultKind::NoChecksum, FaultKind::NotValidated]);
    }
}
