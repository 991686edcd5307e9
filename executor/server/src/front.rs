//! What a request meets first: the admin calls, then the faults and the record, then S3.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use http::{HeaderMap, HeaderValue, Request, Response, header, request::Parts};
use hyper::body::Incoming;
use s3s::{Body, HttpError, S3Error, S3ErrorCode, service::S3Service};

use crate::{
    admin::{self, Admin, ChecksumPlace, PayloadSigning, RequestRecord},
    checksum::ChecksumAlgorithm,
    clock::monotonic_ns,
    connection::Connection,
    fault::{Faults, Plan, Refuse},
    lent_body,
    observed_body::{Finish, RequestBody, ResponseBody},
    operation::Target,
    recorder::{Recorder, UnderWay},
    s3::Plain,
};

/// Everything that the connections share.
pub(crate) struct Front {
    pub plain: Plain,
    pub s3: S3Service,
    pub admin: Admin,
    pub recorder: Arc<Recorder>,
    pub faults: Arc<Faults>,
    pub requests: AtomicU64,
}

impl Front {
    /// Answers one request. An error ends the connection without an answer.
    pub(crate) async fn handle(
        &self,
        connection: &Arc<Connection>,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, HttpError> {
        if request.uri().path().starts_with(admin::PREFIX) {
            return Ok(self.admin.handle(request).await);
        }
        let (head, body) = request.into_parts();
        let (body, rest) = lent_body::lend(&head.headers, body);
        let request = Request::from_parts(head, body);
        let mut response = if self.recorder.is_on() || self.faults.is_on() {
            self.observe(connection, request).await?
        } else {
            self.serve(request).await?
        };
        if !rest.drain().await {
            // It is closed after this answer; a client that is not told may send its next request on it.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        self.add_request_id(response.headers_mut());
        Ok(response)
    }

    async fn serve(&self, request: Request<Body>) -> Result<Response<Body>, HttpError> {
        match self.plain.answer(request).await {
            Ok(response) => Ok(response),
            Err(request) => self.s3.call(request).await,
        }
    }

    async fn observe(&self, connection: &Arc<Connection>, request: Request<Body>) -> Result<Response<Body>, HttpError> {
        let began = Instant::now();
        let (head, body) = request.into_parts();
        let target = Target::of(&head);
        let plan = self.faults.plan(target.operation, target.key.as_deref());
        let received = Arc::new(AtomicU64::new(0));
        let record = self.recorder.is_on().then(|| record(&head, target, &plan, connection.id));
        let under_way = record.is_some().then(|| UnderWay::begin(&self.recorder));
        let recorder = Arc::clone(&self.recorder);
        let mut sink = Sink { recorder, received: Arc::clone(&received), record, _under_way: under_way };
        if !plan.latency.is_zero() {
            tokio::time::sleep(plan.latency).await;
        }
        if plan.reset_at_once {
            connection.reset();
            sink.finish(0, false);
            return Err(HttpError::new("reset by a fault rule".into()));
        }
        let is_head = head.method == http::Method::HEAD;
        let mut response = if let Some(refuse) = plan.refuse {
            refusal(refuse).to_http_response().map_err(|error| HttpError::new(Box::new(error)))?
        } else {
            let body = Body::http_body_unsync(RequestBody::new(body, received, &plan.body));
            self.serve(Request::from_parts(head, body)).await?
        };
        if plan.wrong_checksum {
            falsify_checksum(response.headers_mut());
        }
        if let Some(record) = &mut sink.record {
            record.status = Some(response.status().as_u16());
        }
        let finish: Finish = Box::new(move |sent, ended| sink.finish(sent, ended || is_head));
        let connection = Arc::clone(connection);
        Ok(response
            .map(|body| Body::http_body_unsync(ResponseBody::new(body, plan.body, connection, began, Some(finish)))))
    }

    /// Error reports of clients name it.
    fn add_request_id(&self, headers: &mut HeaderMap) {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        if let Ok(value) = HeaderValue::try_from(format!("{number:016X}")) {
            headers.insert("x-amz-request-id", value);
        }
    }
}

/// Where the record of a request goes when its response has ended.
struct Sink {
    recorder: Arc<Recorder>,
    received: Arc<AtomicU64>,
    record: Option<RequestRecord>,
    // Dropped when the record is kept.
    _under_way: Option<UnderWay>,
}

impl Sink {
    fn finish(mut self, sent: u64, complete: bool) {
        let Some(mut record) = self.record.take() else { return };
        record.request_body_bytes = self.received.load(Ordering::Relaxed);
        record.response_body_bytes = sent;
        record.complete = complete;
        record.end_ns = monotonic_ns();
        self.recorder.push(record);
    }
}

/// What can be said of a request before it is answered.
fn record(head: &Parts, target: Target, plan: &Plan, connection: u64) -> RequestRecord {
    let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let checksum = sent_checksum(&head.headers);
    RequestRecord {
        operation: target.operation.to_owned(),
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

fn sent_checksum(headers: &HeaderMap) -> Option<(ChecksumAlgorithm, ChecksumPlace)> {
    let in_header = ChecksumAlgorithm::ALL.into_iter().find(|algorithm| headers.contains_key(algorithm.header()));
    if let Some(algorithm) = in_header {
        return Some((algorithm, ChecksumPlace::Header));
    }
    let trailers = headers.get("x-amz-trailer")?.to_str().ok()?;
    let algorithm = trailers.split(',').find_map(|name| ChecksumAlgorithm::parse(name.trim()))?;
    Some((algorithm, ChecksumPlace::Trailer))
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

fn refusal(refuse: Refuse) -> S3Error {
    match refuse {
        Refuse::SlowDown => S3Error::with_message(S3ErrorCode::SlowDown, "Please reduce your request rate."),
        Refuse::InternalError => {
            S3Error::with_message(S3ErrorCode::InternalError, "We encountered an internal error. Please try again.")
        }
    }
}

/// Gives the response's checksum another value of the same form.
fn falsify_checksum(headers: &mut HeaderMap) {
    for algorithm in ChecksumAlgorithm::ALL {
        let Some(value) = headers.get(algorithm.header()) else { continue };
        let mut bytes = value.as_bytes().to_vec();
        if let Some(first) = bytes.first_mut() {
            *first = if *first == b'A' { b'B' } else { b'A' };
        }
        if let Ok(value) = HeaderValue::from_bytes(&bytes) {
            headers.insert(algorithm.header(), value);
        }
    }
}
