//! Reads, and the checksum of a body computed over it as it comes.

use bytes::Bytes;
use http::response::Parts;
use http::{HeaderName, HeaderValue, Method, header};
use workload_schema::Checksum;
use workload_schema::ErrorKind;

use super::checksum::{Hasher, header_of};
use super::connection::AnswerBody;
use super::requests::HyperRequests;
use super::wire::Call;
use crate::endpoint::Failure;
use crate::native::Job;
use crate::native::transfer::{Answer, Body, Part};

/// The body of a download.
pub struct HyperBody {
    body: AnswerBody,
    /// Bytes so far.
    bytes: u64,
    expected: Option<Expected>,
}

/// What a body must hash to.
struct Expected {
    checksum: Checksum,
    value: Vec<u8>,
    hasher: Hasher,
}

impl Body for HyperBody {
    async fn chunk(&mut self, job: &Job) -> Option<Result<Bytes, Failure>> {
        let chunk = match self.body.chunk().await? {
            Ok(chunk) => chunk,
            Err(error) => {
                let why = format!("the body broke off after {} bytes: {error}", self.bytes);
                return Some(Err(failure(job, ErrorKind::Connection, &why)));
            }
        };
        self.bytes += chunk.len() as u64;
        if let Some(expected) = &mut self.expected {
            expected.hasher.update(&chunk);
        }
        Some(Ok(chunk))
    }

    fn check(self, job: &Job) -> Result<(), Failure> {
        let Some(Expected { checksum, value, hasher }) = self.expected else { return Ok(()) };
        if hasher.value().as_bytes() == value {
            return Ok(());
        }
        Err(failure(job, ErrorKind::Integrity, &format!("the body does not match its {checksum} checksum")))
    }
}

fn failure(job: &Job, kind: ErrorKind, why: &str) -> Failure {
    Failure::local(kind, format!("GetObject {}: {why}", job.key))
}

/// Reads the whole object; where the workload has a checksum, one that can be validated.
pub async fn get_whole(requests: &HyperRequests, job: &Job) -> Result<Answer<HyperRequests>, Failure> {
    let mut call = get(requests, job);
    let Some(checksum) = requests.checksum else {
        let answer = requests.wire.send(&call).await?;
        return Ok(answer_of(&answer.head, answer.body, None, None));
    };
    call.amz.push((HeaderName::from_static("x-amz-checksum-mode"), HeaderValue::from_static("ENABLED")));
    let answer = requests.wire.send(&call).await?;
    let value = promised(job, &answer.head, checksum)?;
    let expected = Expected { checksum, value, hasher: Hasher::new(checksum) };
    Ok(answer_of(&answer.head, answer.body, Some(expected), None))
}

/// Reads a range.
pub async fn get_range(
    requests: &HyperRequests,
    job: &Job,
    range: Part,
    version: Option<HeaderValue>,
) -> Result<Answer<HyperRequests>, Failure> {
    let mut call = get(requests, job);
    let value = HeaderValue::from_str(&range.header()).expect("digits are ASCII");
    call.headers.push((header::RANGE, value));
    let is_first = version.is_none();
    call.headers.extend(version.map(|etag| (header::IF_MATCH, etag)));
    let answer = requests.wire.send(&call).await?;
    let version = if is_first { answer.head.headers.get(header::ETAG).and_then(copy_of) } else { None };
    Ok(answer_of(&answer.head, answer.body, None, version))
}

fn get<'a>(requests: &HyperRequests, job: &'a Job) -> Call<'a> {
    let key = job.key.as_str();
    Call::new("GetObject", key, Method::GET, requests.wire.address.path(key))
}

/// The answer without its head: headers are slices of the buffer that the body is read into, and only without them it
/// can be used again.
fn answer_of(
    head: &Parts,
    body: AnswerBody,
    expected: Option<Expected>,
    version: Option<HeaderValue>,
) -> Answer<HyperRequests> {
    let announced = head.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    Answer { body: HyperBody { body, bytes: 0, expected }, announced, version }
}

/// The value in memory of its own; see [`answer_of`].
fn copy_of(value: &HeaderValue) -> Option<HeaderValue> {
    HeaderValue::from_bytes(value.as_bytes()).ok()
}

/// The checksum that the store promises, if it is one of the whole body.
fn promised(job: &Job, head: &Parts, checksum: Checksum) -> Result<Vec<u8>, Failure> {
    let why = match head.headers.get(header_of(checksum)) {
        // A checksum of checksums says nothing about a body that is read whole.
        Some(value) if value.as_bytes().contains(&b'-') => {
            format!("its {checksum} is one of parts and cannot be validated")
        }
        Some(value) => return Ok(value.as_bytes().to_vec()),
        None => format!("the store sends no {checksum} to validate"),
    };
    Err(failure(job, ErrorKind::Integrity, &why))
}
