//! What two clients did differently on the same forms, in sentences.
//!
//! A difference is legitimate: it is how a client works, and part of what a comparison of clients compares. A fault is
//! not: one of the two did not do the work, and no figure of it stands beside the other's.

use serde::Serialize;
use workload_schema::ByteSize;
use workload_schema::event::BufferResidency;
use workload_schema::record::Outcome;

use super::evidence::{Evidence, FormEvidence};
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

/// Connections that come and go with the moment are no difference.
const MORE_CONNECTIONS: f64 = 1.5;
const FEW_CONNECTIONS: u64 = 2;
/// Bytes on the wire beyond the payload that are framing.
const FRAMING: f64 = 1.02;
/// Time beside the requests that is worth a sentence.
const SECONDS_BESIDE: f64 = 0.05;
const SHARE_BESIDE: f64 = 0.2;

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
        None => found.push(Difference {
            level,
            client: evidence.client.clone(),
            forms: vec![form.form.clone()],
            sentence,
        }),
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
    (asks(mine) != asks(theirs)).then(|| match asks(mine) {
        true => format!("asks for the checksum of what it reads, {name} does not"),
        false => format!("does not ask for the checksum of what it reads, {name} does"),
    })
}

fn validation(mine: &FormEvidence, theirs: Option<&FormEvidence>) -> Option<String> {
    let checksum = mine.asked.checksum?;
    let other = theirs.and_then(|form| form.notices_corruption);
    match (mine.notices_corruption?, other) {
        (true, Some(true)) => None,
        (true, _) => Some(format!("validates the {checksum}: a corrupted body makes it fail")),
        (false, _) => Some(format!("does not validate the {checksum}: it takes a corrupted body for a good one")),
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
    if more > FEW_CONNECTIONS && more as f64 > fewer as f64 * MORE_CONNECTIONS {
        found.push(format!("uses {own} connections, {name} {other}"));
    }
    if mine.new_connections > 0 && theirs.new_connections == 0 {
        let words = if mine.new_connections == own { "all of them" } else { "some of them" };
        found.push(format!("opens connections in a warm repeat too, {words}; {name} keeps its own"));
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
        (false, true) => Some("spends much of its time beside its requests: more than a fifth".to_owned()),
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
