//! Receives the body of an upload and verifies everything that the client sent about it.

use std::pin::{Pin, pin};

use bytes::Bytes;
use futures_core::Stream;
use http::HeaderMap;
use md5::{Digest, Md5};
use s3s::{S3Error, S3Result, StdError, TrailingHeaders, dto::StreamingBlob, s3_error};

use super::failure::{self, custom, invalid_argument};
use crate::{
    checksum::{self, Checksum, ChecksumAlgorithm, Hasher, announced_trailer},
    objects::{Expectation, Ingested, Objects},
};

/// Bytes of the longest body that S3 accepts in one request.
const MAX_BODY: u64 = 5 << 30;

/// What a request says about its body.
pub(super) struct Claims {
    /// In bytes, without aws-chunked framing.
    pub length: Option<u64>,
    /// From `Content-MD5`.
    pub md5: Option<String>,
    /// From an `x-amz-checksum-*` header.
    pub checksum: Option<(ChecksumAlgorithm, String)>,
    /// Announced in `x-amz-trailer` and verified after the body.
    pub trailer: Option<ChecksumAlgorithm>,
    /// Computed and stored although the client sends no value.
    pub compute: Option<ChecksumAlgorithm>,
}

impl Claims {
    /// The algorithm of the checksum that is computed, if one is.
    fn algorithm(&self) -> Option<ChecksumAlgorithm> {
        self.checksum.as_ref().map(|(algorithm, _)| *algorithm).or(self.trailer).or(self.compute)
    }

    /// Refuses what can be refused before the body is read.
    fn check_before(&self) -> S3Result<()> {
        if self.length.is_some_and(|length| length > MAX_BODY) {
            return Err(s3_error!(EntityTooLarge, "Your proposed upload exceeds the maximum allowed size"));
        }
        match &self.checksum {
            Some((algorithm, value)) if checksum::decode(*algorithm, value).is_none() => Err(S3Error::with_message(
                s3s::S3ErrorCode::InvalidRequest,
                format!("Value for {} header is invalid.", algorithm.header()),
            )),
            _ => Ok(()),
        }
    }
}

/// Refuses a request that names an algorithm in `x-amz-sdk-checksum-algorithm` but sends no checksum.
pub(super) fn check_announced(headers: &HeaderMap) -> S3Result<()> {
    let named = headers.get("x-amz-sdk-checksum-algorithm").and_then(|name| name.to_str().ok());
    let Some(algorithm) = named.and_then(ChecksumAlgorithm::parse) else { return Ok(()) };
    if headers.contains_key(algorithm.header()) || announced_trailer(headers).is_some() {
        return Ok(());
    }
    Err(s3_error!(
        InvalidRequest,
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found."
    ))
}

/// The length in bytes that a request says its decoded body has.
pub(super) fn length(content_length: Option<i64>) -> Option<u64> {
    content_length.and_then(|length| u64::try_from(length).ok())
}

/// A body that was received and verified.
pub(super) struct Received {
    pub body: Ingested,
    pub checksum: Option<Checksum>,
}

/// Receives `body` and verifies it against `claims`.
pub(super) async fn receive(
    objects: &Objects,
    body: Option<StreamingBlob>,
    expectation: Expectation,
    claims: Claims,
    trailers: Option<TrailingHeaders>,
) -> S3Result<Received> {
    claims.check_before()?;
    let expected_md5 = claims.md5.as_deref().map(decode_md5).transpose()?;
    let mut md5 = expected_md5.map(|_| Md5::new());
    let mut hasher = claims.algorithm().map(Hasher::new);
    let mut ingest = objects.ingest(expectation);
    if let Some(body) = body {
        let mut body = pin!(body);
        while let Some(chunk) = next(&mut body).await {
            let chunk = chunk.map_err(transfer_error)?;
            if let Some(hasher) = &mut hasher {
                hasher.update(&chunk);
            }
            if let Some(md5) = &mut md5 {
                md5.update(&chunk);
            }
            ingest.push(&chunk).await.map_err(failure::io)?;
        }
    }
    let body = ingest.finish().await.map_err(failure::io)?;
    if claims.length.is_some_and(|length| length != body.size) {
        return Err(incomplete());
    }
    if md5.map(|md5| <[u8; 16]>::from(md5.finalize())) != expected_md5 {
        return Err(s3_error!(BadDigest, "The Content-MD5 you specified did not match what we received."));
    }
    let checksum = hasher.map(Hasher::finish).zip(claims.algorithm());
    let checksum = checksum.map(|(value, algorithm)| Checksum::full(algorithm, value));
    if let Some(checksum) = &checksum {
        verify(checksum, &claims, trailers.as_ref())?;
    }
    Ok(Received { body, checksum })
}

async fn next(body: &mut Pin<&mut StreamingBlob>) -> Option<Result<Bytes, StdError>> {
    std::future::poll_fn(|cx| body.as_mut().poll_next(cx)).await
}

/// Compares the computed checksum with the value in the header or the trailer.
fn verify(computed: &Checksum, claims: &Claims, trailers: Option<&TrailingHeaders>) -> S3Result<()> {
    let name = computed.algorithm.header();
    let claimed = match &claims.checksum {
        Some((_, value)) => Some(value.clone()),
        None if claims.trailer.is_some() => {
            let sent =
                trailers.and_then(|trailers| trailers.read(|map| map.get(name)?.to_str().ok().map(str::to_owned))?);
            let missing =
                || custom("MalformedTrailerError", "The request contained trailing data that was not well-formed");
            Some(sent.ok_or_else(missing)?.trim().to_owned())
        }
        None => None,
    };
    match claimed {
        Some(claimed) if claimed != computed.value => Err(S3Error::with_message(
            s3s::S3ErrorCode::BadDigest,
            format!("The {} you specified did not match the calculated checksum.", computed.algorithm.name()),
        )),
        _ => Ok(()),
    }
}

fn decode_md5(text: &str) -> S3Result<[u8; 16]> {
    let bytes = base64_simd::STANDARD.decode_to_vec(text).ok().and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
    bytes.ok_or_else(|| s3_error!(InvalidDigest, "The Content-MD5 you specified is not valid."))
}

fn incomplete() -> S3Error {
    s3_error!(IncompleteBody, "You did not provide the number of bytes specified by the Content-Length HTTP header")
}

/// Why a body could not be read to its end.
enum Broken {
    Sha256Mismatch,
    ChunkSignatureMismatch,
    MalformedChunks,
    /// The connection ended, or something else that `s3s` does not say.
    Incomplete,
}

impl Broken {
    /// `s3s` does not make its error types public, so they can be told apart by their texts only.
    fn of(error: &StdError) -> Self {
        let text = error.to_string();
        let has = |names: &[&str]| names.iter().any(|name| text.contains(name));
        if has(&["Sha256Mismatch"]) {
            Self::Sha256Mismatch
        } else if has(&["SignatureMismatch"]) {
            Self::ChunkSignatureMismatch
        } else if has(&["FormatError", "TooLarge", "TooMany"]) {
            Self::MalformedChunks
        } else {
            Self::Incomplete
        }
    }
}

/// The S3 error for a body that could not be read to its end.
fn transfer_error(error: StdError) -> S3Error {
    let mut failure = match Broken::of(&error) {
        Broken::Sha256Mismatch => custom(
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        ),
        Broken::ChunkSignatureMismatch => {
            s3_error!(SignatureDoesNotMatch, "The signature of a chunk does not match")
        }
        Broken::MalformedChunks => invalid_argument("The aws-chunked body is malformed"),
        Broken::Incomplete => incomplete(),
    };
    failure.set_source(error);
    failure
}
