//! What a client did in one repeat, counted from the requests that the server recorded.

use std::collections::{BTreeMap, BTreeSet};

use embedded_s3::admin::{ChecksumPlace, PayloadSigning, RequestRecord};
use run_records::analysis::conformance::{NO_CHECKSUM, READ, WRITES, Work};
use workload_schema::Workload;

/// The requests of one repeat.
#[derive(Debug, Default)]
pub struct Repeat<'a> {
    /// Those on the clock.
    pub records: Vec<&'a RequestRecord>,
    /// Those of the same process that are off the clock.
    pub off_the_clock: Vec<&'a RequestRecord>,
    /// Connections that earlier repeats used.
    pub known_connections: BTreeSet<u64>,
    /// Seconds that the client reported.
    pub seconds: f64,
}

/// Whether the server did what the request asked for.
pub fn is_good(record: &RequestRecord) -> bool {
    record.status.is_some_and(|status| (200..300).contains(&status))
}

/// Whether the request carried payload to the store.
pub fn is_write(record: &RequestRecord) -> bool {
    WRITES.contains(&record.operation.as_str())
}

/// Bytes of payload that a write carried.
pub fn written(record: &RequestRecord) -> u64 {
    record.decoded_body_bytes.unwrap_or(record.request_body_bytes)
}

/// Counts the work of `repeat` of `workload`.
pub fn work_of(workload: &Workload, repeat: &Repeat<'_>) -> Work {
    let records = &repeat.records;
    let connections: BTreeSet<u64> = records.iter().map(|record| record.connection).collect();
    let mut work = Work {
        seconds: repeat.seconds,
        requests_seconds: span_seconds(records),
        requests: by_operation(records),
        off_the_clock: by_operation(&repeat.off_the_clock),
        wire_sent_bytes: records.iter().map(|record| record.request_body_bytes).sum(),
        wire_received_bytes: records.iter().map(|record| record.response_body_bytes).sum(),
        connections: connections.len() as u64,
        new_connections: connections.difference(&repeat.known_connections).count() as u64,
        retries: retries(workload, records),
        ..Work::default()
    };
    for record in records.iter().filter(|record| is_good(record)) {
        add_payload(&mut work, record);
    }
    work
}

fn add_payload(work: &mut Work, record: &RequestRecord) {
    let bytes = if is_write(record) {
        work.sent_bytes += written(record);
        *work.checksums.entry(checksum_words(record)).or_default() += 1;
        *work.signing.entry(signing_words(record.payload_signing).to_owned()).or_default() += 1;
        written(record)
    } else if record.operation == READ {
        work.received_bytes += record.response_body_bytes;
        work.asked_for_checksum += u64::from(record.checksum_mode);
        work.hung_up += u64::from(!record.complete);
        record.response_body_bytes
    } else {
        return;
    };
    *work.pieces.entry(bytes).or_default() += 1;
    work.ranged += u64::from(record.range.is_some() || record.part_number.is_some());
}

/// `CRC32C trailer`, or `none`.
fn checksum_words(record: &RequestRecord) -> String {
    match (record.checksum_algorithm, record.checksum_place) {
        (Some(algorithm), Some(ChecksumPlace::Header)) => format!("{} header", algorithm.name()),
        (Some(algorithm), Some(ChecksumPlace::Trailer)) => format!("{} trailer", algorithm.name()),
        (Some(algorithm), None) => algorithm.name().to_owned(),
        (None, _) => NO_CHECKSUM.to_owned(),
    }
}

fn signing_words(signing: PayloadSigning) -> &'static str {
    match signing {
        PayloadSigning::Unsigned => "unsigned",
        PayloadSigning::Sha256 => "SHA-256",
        PayloadSigning::SignedChunks => "signed chunks",
        PayloadSigning::SignedChunksTrailer => "signed chunks and trailer",
        PayloadSigning::UnsignedTrailer => "unsigned, trailer",
        PayloadSigning::Presigned => "presigned",
        PayloadSigning::Absent => "no header",
    }
}

fn by_operation(records: &[&RequestRecord]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for record in records {
        *counts.entry(record.operation.clone()).or_default() += 1;
    }
    counts
}

/// Requests that are marked as retries, or that repeat an earlier request more often than tasks do.
fn retries(workload: &Workload, records: &[&RequestRecord]) -> u64 {
    let mut tasks: BTreeMap<&str, u64> = BTreeMap::new();
    for task in workload.tasks() {
        *tasks.entry(task.key.as_str()).or_default() += 1;
    }
    let mut same: BTreeMap<_, u64> = BTreeMap::new();
    for record in records {
        if let Some(key) = record.key.as_deref() {
            *same.entry((&record.operation, key, &record.range, record.part_number)).or_default() += 1;
        }
    }
    let again =
        |((_, key, ..), count): (&(_, &str, _, _), &u64)| count.saturating_sub(tasks.get(key).copied().unwrap_or(1));
    let said = records.iter().filter(|record| is_later_attempt(record)).count() as u64;
    said.max(same.iter().map(again).sum())
}

fn is_later_attempt(record: &RequestRecord) -> bool {
    let attempt = record.attempt.as_deref().and_then(|text| text.strip_prefix("attempt="));
    let attempt = attempt.and_then(|text| text.split(';').next()?.trim().parse::<u64>().ok());
    attempt.is_some_and(|attempt| attempt > 1)
}

fn span_seconds(records: &[&RequestRecord]) -> f64 {
    let first = records.iter().map(|record| record.start_ns).min();
    let last = records.iter().map(|record| record.end_ns).max();
    first.zip(last).map_or(0.0, |(first, last)| last.saturating_sub(first) as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use embedded_s3::ChecksumAlgorithm;

    use super::super::samples::{complete, download, get, part, put, request, upload};
    use super::*;

    fn of(workload: &Workload, records: &[RequestRecord]) -> Work {
        let off = [request("ListObjectsV2", "x")];
        let repeat = Repeat {
            records: records.iter().collect(),
            off_the_clock: off.iter().collect(),
            known_connections: [1].into(),
            seconds: 0.5,
        };
        work_of(workload, &repeat)
    }

    #[test]
    fn a_download_in_ranges_is_counted() {
        let mut ranges =
            vec![get("a", Some("bytes=0-7"), 8), get("a", Some("bytes=8-11"), 4), request("HeadObject", "a")];
        ranges[0].start_ns = 1_000_000_000;
        ranges[1].end_ns = 1_250_000_000;
        ranges[1].start_ns = 1_000_000_000;
        ranges[2].start_ns = 1_000_000_000;
        ranges[1].connection = 2;
        ranges[1].checksum_mode = true;
        let work = of(&download(&[("a", 12)]), &ranges);
        assert_eq!(work.requests, [("GetObject".to_owned(), 2), ("HeadObject".to_owned(), 1)].into());
        assert_eq!(work.off_the_clock, [("ListObjectsV2".to_owned(), 1)].into());
        assert_eq!((work.pieces, work.ranged), ([(8, 1), (4, 1)].into(), 2));
        assert_eq!((work.received_bytes, work.sent_bytes, work.asked_for_checksum), (12, 0, 1));
        assert_eq!((work.connections, work.new_connections, work.retries, work.hung_up), (2, 1, 0, 0));
        assert!((work.requests_seconds - 0.25).abs() < 1e-9);
    }

    #[test]
    fn an_upload_in_parts_is_counted_without_its_framing() {
        let mut parts = vec![part("a", "u", 1, 1100), part("a", "u", 2, 500), complete("a", "u")];
        parts[0].decoded_body_bytes = Some(1000);
        parts[0].checksum_algorithm = Some(ChecksumAlgorithm::Crc32c);
        parts[0].checksum_place = Some(ChecksumPlace::Trailer);
        parts[0].payload_signing = PayloadSigning::UnsignedTrailer;
        let work = of(&upload(&[("a", 1500)]), &parts);
        assert_eq!((work.sent_bytes, work.wire_sent_bytes, work.largest_piece()), (1500, 1600, 1000));
        assert_eq!(work.checksums, [("CRC32C trailer".to_owned(), 1), (NO_CHECKSUM.to_owned(), 1)].into());
        assert_eq!(work.signing, [("unsigned".to_owned(), 1), ("unsigned, trailer".to_owned(), 1)].into());
    }

    #[test]
    fn what_is_sent_again_is_seen_with_and_without_the_header() {
        let workload = upload(&[("a", 10), ("a", 10), ("b", 10)]);
        let failed = RequestRecord { status: Some(503), ..put("b", 10) };
        let work = of(&workload, &[put("a", 10), put("a", 10), failed.clone(), put("b", 10)]);
        assert_eq!((work.retries, work.sent_bytes), (1, 30), "a is asked for twice, b is not");
        let said = RequestRecord { attempt: Some("attempt=2; max=3".to_owned()), ..put("b", 10) };
        assert_eq!(of(&workload, &[put("a", 10), put("a", 10), failed, said]).retries, 1);
        let first = RequestRecord { attempt: Some("attempt=1; max=3".to_owned()), ..put("b", 10) };
        assert_eq!(of(&workload, &[first]).retries, 0);
    }
}
