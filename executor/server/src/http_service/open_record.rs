//! The record of a request that is still under way: begun from the request's head, completed when its response ends.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use http::{HeaderMap, request::Parts};

use super::target::Target;
use crate::{
    admin::{ChecksumPlace, PayloadSigning, RequestRecord},
    checksum::{ChecksumAlgorithm, announced_trailer},
    clock::monotonic_ns,
    faults::Plan,
    recorder::{Recorder, UnderWay},
};

/// A record that is handed to the recorder when the request has ended.
pub(super) struct OpenRecord {
    recorder: Arc<Recorder>,
    /// Bytes of the request's body that were read so far.
    received: Arc<AtomicU64>,
    record: RequestRecord,
    // Dropped after the record was pushed. So when the recorder counts no request under way, no record is missing.
    _under_way: UnderWay,
}

impl OpenRecord {
    pub(super) fn begin(
        recorder: &Arc<Recorder>,
        head: &Parts,
        target: Target,
        plan: &Plan,
        connection: u64,
        received: &Arc<AtomicU64>,
    ) -> Self {
        Self {
            record: record(head, target, plan, connection),
            received: Arc::clone(received),
            _under_way: UnderWay::begin(recorder),
            recorder: Arc::clone(recorder),
        }
    }

    /// Notes the HTTP status that is about to be sent.
    pub(super) fn set_status(&mut self, status: http::StatusCode) {
        self.record.status = Some(status.as_u16());
    }

    /// Ends the record. `sent` counts the bytes of the response's body; `complete` says whether that was all of them.
    pub(super) fn finish(mut self, sent: u64, complete: bool) {
        self.record.request_body_bytes = self.received.load(Ordering::Relaxed);
        self.record.response_body_bytes = sent;
        self.record.complete = complete;
        self.record.end_ns = monotonic_ns();
        self.recorder.push(self.record);
    }
}

/// What is known of a request before it is answered.
fn record(head: &Parts, target: Target, plan: &Plan, connection: u64) -> RequestRecord {
    let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let checksum = sent_checksum(&head.headers);
    RequestRecord {
        operation: target.operation.name().to_owned(),
        bucket: target.bucket,
        key: target.key,
        range: text("range").map(str::to_owned),
        request_body_bytes: 0,
        decoded_body_bytes: text("x-amz-decoded-content-length").and_then(|length| length.parse().ok()),
        response_body_bytes: 0,
        status: None,
        checksum_algorithm: checksum.map(|(algorithm, _)| algorithm),
        checksum_place: checksum.map(|(_, place)| place),
        checksum_mode: text("x-amz-checksum-mode").is_some_and(|mode| mode.eq_ignore_ascii_case("ENABLED")),
        payload_signing: payload_signing(text("x-amz-content-sha256"), target.presigned),
        connection,
        upload_id: target.upload_id,
        part_number: target.part_number,
        user_agent: text("user-agent").map(str::to_owned),
        attempt: text("amz-sdk-request").map(str::to_owned),
        start_ns: monotonic_ns(),
        end_ns: 0,
        complete: false,
        faults: plan.names.clone(),
    }
}

/// The checksum that comes with the request's body, in a header or announced as a trailer.
fn sent_checksum(headers: &HeaderMap) -> Option<(ChecksumAlgorithm, ChecksumPlace)> {
    let in_header = ChecksumAlgorithm::ALL.into_iter().find(|algorithm| headers.contains_key(algorithm.header()));
    match in_header {
        Some(algorithm) => Some((algorithm, ChecksumPlace::Header)),
        None => announced_trailer(headers).map(|algorithm| (algorithm, ChecksumPlace::Trailer)),
    }
}

fn payload_signing(content_sha256: Option<&str>, presigned: bool) -> PayloadSigning {
    match content_sha256 {
        None if presigned => PayloadSigning::Presigned,
        None => PayloadSigning::Absent,
        Some("UNSIGNED-PAYLOAD") => PayloadSigning::Unsigned,
        Some("STREAMING-AWS4-HMAC-SHA256-PAYLOAD") => PayloadSigning::SignedChunks,
        Some("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER") => PayloadSigning::SignedChunksTrailer,
        Some("STREAMING-UNSIGNED-PAYLOAD-TRAILER") => PayloadSigning::UnsignedTrailer,
        Some(_) => PayloadSigning::Sha256,
    }
}
