//! What two clients did differently on the same forms, in sentences.
//!
//! A difference is legitimate: it is how a client works, and part of what a comparison of clients compares. A fault is
//! not: one of the two did not do the work, and no figure of it stands beside the other's.

use serde::Serialize;
use workload_schema::ByteSize;
use workload_schema::event::BufferResidency;
use workload_schema::record::Outcome;

use super::evidence::{Evidence, FormEvidence};
use super::fault::FaultKind;
use super::work::{NO_CHECKSUM, READ, WRITES, Work};

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// Not the same work.
    Fault,
    /// The same work done in another way.
    Difference,
}

/// One thing that differs, on all the forms on which it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// How much it matters.
    pub level: Level,
    /// The client that it is about.
    pub client: String,
    /// Names of the forms.
    pub forms: Vec<String>,
    /// A sentence that begins with the client's name.
    pub sentence: String,
}

/// Connections that come and go with the moment are no difference: it takes so many times as many, and so many more.
const TIMES_CONNECTIONS: u64 = 2;
const MORE_CONNECTIONS: u64 = 5;
/// Bytes on the wire beyond the payload that are framing.
const FRAMING: f64 = 1.02;
/// Time beside the requests that is worth a sentence.
const SECONDS_BESIDE: f64 = 0.2;
const SHARE_BESIDE: f64 = 0.5;

/// What differs in `evidence` from `reference`, faults of either first.
pub fn differences(reference: &Evidence, evidence: &Evidence) -> Vec<Difference> {
    let mut found = Vec::new();
    for one in [reference, evidence] {
        for form in &one.forms {
            for fault in &form.faults {
                add(&mut found, Level::Fault, one, form, &fault.sentence);
            }
        }
        if reference.client == evidence.client {
            break;
        }
    }
    for form in &evidence.forms {
        let theirs = reference.form(&form.form);
        for sentence in of_form(reference, theirs, form) {
            add(&mut found, Level::Difference, evidence, form, &sentence);
        }
    }
    found.sort_by_key(|difference| difference.level);
    found
}

/// Adds a sentence, or its form to the same sentence of another form.
fn add(found: &mut Vec<Difference>, level: Level, evidence: &Evidence, form: &FormEvidence, words: &str) {
    let sentence = format!("{} {words}", evidence.client);
    match found.iter_mut().find(|known| known.sentence == sentence) {
        Some(known) if known.forms.contains(&form.form) => {}
        Some(known) => known.forms.push(form.form.clone()),
        None => {
            found.push(Difference { level, client: evidence.client.clone(), forms: vec![form.form.clone()], sentence });
        }
    }
}

fn of_form(reference: &Evidence, theirs: Option<&FormEvidence>, mine: &FormEvidence) -> Vec<String> {
    let Some(work) = mine.work.as_ref() else { return skipped(mine) };
    let Some(their_work) = theirs.and_then(|form| form.work.as_ref()) else {
        return vec![format!("has nothing to be compared with: {} did not do this", reference.client)];
    };
    let name = reference.client.as_str();
    let mut found = Vec::new();
    found.extend(pieces(work, their_work, name));
    found.extend(operations(work, their_work, name));
    found.extend(checksums(mine, work, their_work, name));
    found.extend(validation(mine, theirs));
    found.extend(signing(work, their_work, name));
    found.extend(connections(work, their_work, name));
    found.extend(bytes(mine, work));
    found.extend(incidents(work, their_work));
    found.extend(beside_requests(mine, work));
    found.extend(residency(mine, theirs, name));
    found
}

fn skipped(form: &FormEvidence) -> Vec<String> {
    match (form.outcome, &form.reason) {
        (Outcome::Skipped, Some(reason)) => vec![format!("skips it: {reason}")],
        (Outcome::Skipped, None) => vec!["skips it".to_owned()],
        _ => Vec::new(),
    }
}

fn pieces(mine: &Work, theirs: &Work, name: &str) -> Option<String> {
    let words = |work: &Work| match (work.payload_requests(), work.ranged) {
        (1, 0) => format!("1 whole request of {}", ByteSize(work.largest_piece())),
        (count, 0) => format!("{count} whole requests of {}", ByteSize(work.largest_piece())),
        (count, _) => format!("{count} parts or ranges of up to {}", ByteSize(work.largest_piece())),
    };
    // Empty pieces are questions, told elsewhere.
    let differ = mine.pieces != theirs.pieces || (mine.ranged == 0) != (theirs.ranged == 0);
    differ.then(|| format!("moves it in {}, {name} in {}", words(mine), words(theirs)))
}

/// Operations that carry no payload and that only one of both has, or more of.
fn operations(mine: &Work, theirs: &Work, name: &str) -> Vec<String> {
    let told = |operation: &&String| {
        let operation = operation.as_str();
        // How many of these there are follows from the parts.
        let of_parts = ["CreateMultipartUpload", "CompleteMultipartUpload"].contains(&operation);
        operation != READ && !WRITES.contains(&operation) && !of_parts
    };
    let all: std::collections::BTreeSet<&String> = mine.requests.keys().chain(theirs.requests.keys()).collect();
    let differing = all.into_iter().filter(told).filter_map(|operation| {
        let (count, other) = (mine.count(operation), theirs.count(operation));
        (count != other).then(|| format!("sends {count} {operation} a repeat, {name} {}", none_or(other)))
    });
    differing.collect()
}

fn none_or(count: u64) -> String {
    if count == 0 { "none".to_owned() } else { count.to_string() }
}

fn checksums(form: &FormEvidence, mine: &Work, theirs: &Work, name: &str) -> Option<String> {
    let words = |work: &Work| {
        let words: Vec<&str> = work.checksums.keys().map(String::as_str).collect();
        if words.is_empty() { NO_CHECKSUM.to_owned() } else { words.join(" and ") }
    };
    let (own, other) = (words(mine), words(theirs));
    if own != other {
        let unasked = if form.asked.checksum.is_none() && own != NO_CHECKSUM { ", which nobody asked for" } else { "" };
        return Some(format!("sends as checksum: {own}{unasked}; {name}: {other}"));
    }
    let asks = |work: &Work| work.asked_for_checksum > 0;
    (asks(mine) != asks(theirs)).then(|| {
        let (own, other) = if asks(mine) { ("asks", "does not") } else { ("does not ask", "does") };
        format!("{own} for the checksum of what it reads, {name} {other}")
    })
}

fn validation(mine: &FormEvidence, theirs: Option<&FormEvidence>) -> Option<String> {
    let checksum = mine.asked.checksum?;
    let other = theirs.and_then(|form| form.notices_corruption);
    match (mine.notices_corruption?, other) {
        (true, Some(true) | None) => None,
        (true, Some(false)) => Some(format!("validates the {checksum}: a corrupted body makes it fail")),
        (false, _) if mine.faults.iter().any(|fault| fault.kind == FaultKind::NotValidated) => None,
        (false, _) => {
            Some(format!("does not validate the {checksum}, as it says: it takes a corrupted body for a good one"))
        }
    }
}

fn signing(mine: &Work, theirs: &Work, name: &str) -> Option<String> {
    let words = |work: &Work| work.signing.keys().cloned().collect::<Vec<_>>().join(" and ");
    let uploads = mine.sent_bytes > 0 && theirs.sent_bytes > 0;
    (uploads && words(mine) != words(theirs))
        .then(|| format!("signs payload so: {}; {name}: {}", words(mine), words(theirs)))
}

fn connections(mine: &Work, theirs: &Work, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (own, other) = (mine.connections, theirs.connections);
    let (fewer, more) = (own.min(other), own.max(other));
    if more >= fewer * TIMES_CONNECTIONS && more >= fewer + MORE_CONNECTIONS {
        found.push(format!("uses {own} connections, {name} {other}"));
    }
    // A few that a pool was short of in the cold repeat are no habit.
    if mine.new_connections == own && theirs.new_connections < other {
        found.push(format!("opens all its connections anew in every repeat, {name} keeps its own"));
    }
    found
}

/// What moved beyond the payload.
fn bytes(form: &FormEvidence, work: &Work) -> Vec<String> {
    let beyond = |wire: u64, payload: u64| payload > 0 && wire as f64 > payload as f64 * FRAMING;
    let more = |wire: u64, payload: u64| format!("{:.1} %", (wire as f64 / payload as f64 - 1.0) * 100.0);
    let mut found = Vec::new();
    if beyond(work.wire_received_bytes, form.asked.download_bytes) {
        let more = more(work.wire_received_bytes, form.asked.download_bytes);
        found.push(format!("receives {more} more bytes than the objects have"));
    }
    if beyond(work.wire_sent_bytes, form.asked.upload_bytes) {
        let more = more(work.wire_sent_bytes, form.asked.upload_bytes);
        found.push(format!("sends {more} more bytes than the objects have"));
    }
    found
}

fn incidents(mine: &Work, theirs: &Work) -> Vec<String> {
    let mut found = Vec::new();
    if mine.hung_up > theirs.hung_up {
        found.push(format!("hangs up on {} of its reads", mine.hung_up));
    }
    if mine.retries > theirs.retries {
        found.push(format!("sent {} requests again", mine.retries));
    }
    found
}

fn beside_requests(form: &FormEvidence, work: &Work) -> Option<String> {
    let beside = work.beside_requests_seconds();
    let declared = form.hello.as_ref().is_some_and(|hello| hello.process_start_timed);
    let much = beside > SECONDS_BESIDE && beside > work.seconds * SHARE_BESIDE;
    match (declared, much) {
        (true, _) => Some("has the start of its process on the clock, as it says".to_owned()),
        (false, true) => Some("spends much of its time beside its requests: more than half of it".to_owned()),
        (false, false) => None,
    }
}

fn residency(mine: &FormEvidence, theirs: Option<&FormEvidence>, name: &str) -> Option<String> {
    let of = |form: &FormEvidence| form.hello.as_ref().and_then(|hello| hello.buffer_residency);
    let (own, other) = (of(mine), theirs.and_then(of));
    let whole = BufferResidency::WholeObject;
    (own == Some(whole) && other != Some(whole))
        .then(|| format!("holds whole objects in memory, by its own words; {name} does not"))
}

#[cfg(test)]
mod tests {
    use workload_schema::Checksum;
    use workload_schema::event::Hello;

    use super::super::evidence::{Asked, VERSION};
    use super::super::fault::{Fault, FaultKind};
    use super::*;
    use crate::fixtures::terse_hello;

    fn form(name: &str, work: Work) -> FormEvidence {
        FormEvidence {
            form: name.to_owned(),
            asked: Asked { tasks: 2, upload_bytes: 0, download_bytes: 40 << 20, on_disk: true, checksum: None },
            outcome: Outcome::Succeeded,
            reason: None,
            hello: Some(terse_hello()),
            work: Some(work),
            notices_corruption: None,
            faults: Vec::new(),
        }
    }

    fn work() -> Work {
        Work {
            seconds: 1.0,
            requests_seconds: 0.99,
            requests: [("GetObject".to_owned(), 6)].into(),
            pieces: [(8 << 20, 4), (4 << 20, 2)].into(),
            ranged: 6,
            received_bytes: 40 << 20,
            wire_received_bytes: 40 << 20,
            connections: 6,
            ..Work::default()
        }
    }

    fn evidence(client: &str, forms: Vec<FormEvidence>) -> Evidence {
        Evidence {
            version: VERSION,
            client: client.to_owned(),
            client_version: Some("1".to_owned()),
            found_at: String::new(),
            target_gbps: 10.0,
            forms,
        }
    }

    fn told(reference: &Evidence, other: &Evidence) -> Vec<String> {
        let line = |it: Difference| format!("{:?}: {} ({})", it.level, it.sentence, it.forms.join(", "));
        differences(reference, other).into_iter().map(line).collect()
    }

    #[test]
    fn the_same_work_does_not_differ() {
        let (one, two) = (evidence("sdk-rust", vec![form("a", work())]), evidence("x", vec![form("a", work())]));
        assert_eq!(told(&one, &two), [""; 0]);
        let moments = Work { connections: 8, new_connections: 2, requests_seconds: 0.9, ..work() };
        assert_eq!(told(&one, &evidence("x", vec![form("a", moments)])), [""; 0], "what comes and goes");
    }

    #[test]
    fn every_way_to_work_otherwise_is_told() {
        let crc32c = |place: &str| [(format!("CRC32C {place}"), 6)].into();
        let others = [
            Work { pieces: [(20 << 20, 2)].into(), ranged: 0, ..work() },
            Work { requests: [("GetObject".to_owned(), 6), ("HeadObject".to_owned(), 2)].into(), ..work() },
            Work { checksums: crc32c("trailer"), ..work() },
            Work { asked_for_checksum: 6, ..work() },
            Work { connections: 60, new_connections: 60, ..work() },
            Work { wire_received_bytes: 50 << 20, hung_up: 2, ..work() },
            Work { retries: 3, ..work() },
            Work { requests_seconds: 0.3, ..work() },
        ];
        let reference = evidence("sdk-rust", vec![form("a", work()), form("b", work())]);
        let mut lines = Vec::new();
        for other in others {
            lines.extend(told(&reference, &evidence("x", vec![form("a", other.clone()), form("b", other)])));
        }
        let mut process = form("a", work());
        process.hello = Some(Hello {
            process_start_timed: true,
            buffer_residency: Some(BufferResidency::WholeObject),
            ..terse_hello()
        });
        lines.extend(told(&reference, &evidence("x", vec![process])));
        let mut skipped = form("a", work());
        (skipped.outcome, skipped.work, skipped.reason) = (Outcome::Skipped, None, Some("no CRC32C".to_owned()));
        lines.extend(told(&reference, &evidence("x", vec![skipped])));
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn faults_of_both_come_first_and_each_once() {
        let fault = |words: &str| vec![Fault::new(FaultKind::Lists, words)];
        let (mut one, mut two) = (form("a", work()), form("a", Work { retries: 1, ..work() }));
        one.faults = fault("lists");
        two.faults = fault("lists too");
        let (one, two) = (evidence("sdk-rust", vec![one]), evidence("x", vec![two]));
        let lines = told(&one, &two);
        let expected =
            ["Fault: sdk-rust lists (a)", "Fault: x lists too (a)", "Difference: x sent 1 requests again (a)"];
        assert_eq!(lines, expected);
        assert_eq!(told(&one, &one), ["Fault: sdk-rust lists (a)"]);
    }

    #[test]
    fn a_checksum_that_is_not_validated_is_a_difference_where_it_is_said() {
        let checked = |notices| {
            let mut form = form("a", work());
            form.asked.checksum = Some(Checksum::Crc32c);
            form.notices_corruption = Some(notices);
            form
        };
        let reference = evidence("sdk-rust", vec![checked(true)]);
        assert_eq!(told(&reference, &evidence("x", vec![checked(true)])), [""; 0]);
        let lines = told(&reference, &evidence("x", vec![checked(false)]));
        assert!(lines[0].starts_with("Difference: x does not validate the CRC32C"), "{lines:?}");
    }
}
