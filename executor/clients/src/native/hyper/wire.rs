//! Requests to the store: signed, counted, sent again where that may help.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::response::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header};
use workload_schema::ErrorKind;

use super::address::Address;
use super::body::RequestBody;
use super::connection::{AnswerBody, ConnectError, Pool};
use super::signer::{Signable, Signer};
use super::xml;
use crate::endpoint::{Failure, RequestCounter, failure_of_answer};

/// How often a request is sent at most.
const ATTEMPTS: u32 = 3;
/// Longest pause before the second attempt; it doubles with each.
const PAUSE: Duration = Duration::from_millis(200);
/// The store's own words on an error are never longer; more is not read.
const ERROR_LIMIT: usize = 64 * 1024;
const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("wlx-hyper/", env!("CARGO_PKG_VERSION")));

/// A request before it is signed.
#[derive(Debug)]
pub struct Call<'a> {
    /// Name of the operation, for failures.
    pub operation: &'static str,
    /// Key of the object, for failures.
    pub key: &'a str,
    /// The method.
    pub method: Method,
    /// Path and query, escaped; see [`Signable::uri`].
    pub uri: Uri,
    /// Headers that are not signed.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Headers that start with `x-amz-`, sorted.
    pub amz: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: RequestBody,
}

impl<'a> Call<'a> {
    /// A call without headers and body. `target` is path and query, escaped.
    pub fn new(operation: &'static str, key: &'a str, method: Method, target: String) -> Self {
        let uri = Uri::from_maybe_shared(Bytes::from(target)).expect("an escaped path is a valid URI");
        Self { operation, key, method, uri, headers: Vec::new(), amz: Vec::new(), body: RequestBody::empty() }
    }

    /// A failure of this call without an answer.
    pub fn failure(&self, kind: ErrorKind, why: impl std::fmt::Display) -> Failure {
        Failure::local(kind, format!("{} {}: {why}", self.operation, self.key))
    }

    fn broken(&self, error: &hyper::Error) -> Failure {
        self.failure(ErrorKind::Connection, whole_chain(error))
    }
}

/// An answer of success whose body is still to be read.
pub struct Answer {
    /// Status and headers.
    pub head: Parts,
    /// The body.
    pub body: AnswerBody,
}

/// A failed attempt, and whether another may do better.
struct Refused {
    failure: Failure,
    again: bool,
}

/// The way to the store.
#[derive(Debug)]
pub struct Wire {
    /// Where it is.
    pub address: Address,
    /// What signs.
    pub signer: Signer,
    /// Connections to it.
    pub pool: Arc<Pool>,
    /// Requests so far.
    pub counter: RequestCounter,
}

impl Wire {
    /// Sends `call`, up to three times; any status but success is a failure.
    pub async fn send(&self, call: &Call<'_>) -> Result<Answer, Failure> {
        let mut attempt = 1;
        loop {
            match self.attempt(call, attempt).await {
                Ok(answer) => return Ok(answer),
                Err(Refused { again: true, .. }) if attempt < ATTEMPTS => self.pause_after(attempt).await,
                Err(Refused { failure, .. }) => return Err(failure),
            }
            attempt += 1;
        }
    }

    /// Sends `call` and reads the small answer. A 200 that carries an error, as `CompleteMultipartUpload` has it, is a failure.
    pub async fn exchange(&self, call: &Call<'_>) -> Result<(Parts, Vec<u8>), Failure> {
        let mut attempt = 1;
        loop {
            let refused = match self.attempt(call, attempt).await {
                Ok(Answer { head, mut body }) => {
                    let words = read(&mut body, usize::MAX).await.map_err(|error| call.broken(&error))?;
                    if !xml::is_error(&words) {
                        return Ok((head, words));
                    }
                    Refused { failure: refusal(call, head.status.as_u16(), &words), again: true }
                }
                Err(refused) => refused,
            };
            if !refused.again || attempt == ATTEMPTS {
                return Err(refused.failure);
            }
            self.pause_after(attempt).await;
            attempt += 1;
        }
    }

    /// Between nothing and a bound that doubles with each attempt, so that refused clients do not come back together.
    async fn pause_after(&self, attempt: u32) {
        let bound = PAUSE * 2_u32.pow(attempt - 1);
        // Without entropy the pause is the longest.
        let share = getrandom::u32().unwrap_or(u32::MAX);
        let began = Instant::now();
        tokio::time::sleep(bound.mul_f64(f64::from(share) / f64::from(u32::MAX))).await;
        self.counter.add_backoff(began.elapsed());
    }

    async fn attempt(&self, call: &Call<'_>, attempt: u32) -> Result<Answer, Refused> {
        let request = self.signed(call).await.map_err(|failure| Refused { failure, again: false })?;
        if attempt == 1 {
            self.counter.add_operation();
        }
        self.counter.add_attempt();
        let connection = self.pool.take().await.map_err(|error| Refused {
            again: true,
            failure: match &error {
                ConnectError::Timeout(_) => call.failure(ErrorKind::Timeout, &error),
                _ => call.failure(ErrorKind::Connection, whole_chain(&error)),
            },
        })?;
        let broken = |error: hyper::Error| Refused { failure: call.broken(&error), again: true };
        let (head, mut body) = AnswerBody::of(&self.pool, connection, request).await.map_err(broken)?;
        if head.status.is_success() {
            return Ok(Answer { head, body });
        }
        let status = head.status.as_u16();
        // Its words are worth having, but the status already says enough.
        let words = read(&mut body, ERROR_LIMIT).await.unwrap_or_default();
        Err(Refused { failure: refusal(call, status, &words), again: matches!(status, 429 | 500 | 502 | 503 | 504) })
    }

    async fn signed(&self, call: &Call<'_>) -> Result<Request<RequestBody>, Failure> {
        let mut headers = HeaderMap::with_capacity(12);
        headers.insert(header::HOST, HeaderValue::from_str(&self.address.host).expect("part of a valid URL"));
        headers.insert(header::USER_AGENT, USER_AGENT);
        for (name, value) in call.headers.iter().chain(&call.amz) {
            headers.insert(name, value.clone());
        }
        if call.method != Method::GET {
            // hyper leaves it out where there is no body, and stores want it.
            headers.insert(header::CONTENT_LENGTH, call.body.remaining().into());
        }
        let signable = Signable { method: &call.method, uri: &call.uri, host: &self.address.host, amz: &call.amz };
        self.signer.sign(signable, &mut headers).await?;
        let mut request = Request::new(call.body.clone());
        *request.method_mut() = call.method.clone();
        *request.uri_mut() = call.uri.clone();
        *request.headers_mut() = headers;
        Ok(request)
    }
}

fn refusal(call: &Call<'_>, status: u16, words: &[u8]) -> Failure {
    let text = |name| xml::text_of(words, name);
    failure_of_answer(call.operation, call.key, status, text("Code"), text("Message"))
}

/// The body, as far as `limit`.
async fn read(body: &mut AnswerBody, limit: usize) -> hyper::Result<Vec<u8>> {
    let mut words = Vec::new();
    while let Some(chunk) = body.chunk().await {
        words.extend_from_slice(&chunk?);
        if words.len() > limit {
            break;
        }
    }
    Ok(words)
}

/// The error and its causes, outermost first.
fn whole_chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(current) = cause {
        words.push_str(": ");
        words.push_str(&current.to_string());
        cause = current.source();
    }
    words
}
