//! From the SDK's errors to [`Failure`], the one place that knows their shape.

use std::error::Error;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use workload_schema::ErrorKind;

use super::Failure;

/// What `error` of `operation` on `subject` (a key or bucket) comes to.
pub fn failure_of<E>(operation: &str, subject: &str, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let http_status = error.raw_response().map(|response| response.status().as_u16());
    let service = error.as_service_error();
    let s3_code = service.and_then(ProvideErrorMetadata::code).map(str::to_owned);
    let kind = match error {
        SdkError::TimeoutError(_) => ErrorKind::Timeout,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => ErrorKind::Timeout,
        SdkError::DispatchFailure(failure) if failure.is_io() => ErrorKind::Connection,
        SdkError::DispatchFailure(_) => match error_chain(error) {
            chain if chain.contains("credentials") => ErrorKind::Denied,
            _ => ErrorKind::Connection,
        },
        SdkError::ServiceError(_) => kind_of_answer(http_status.unwrap_or(0), s3_code.as_deref()),
        SdkError::ResponseError(_) => http_status.map_or(ErrorKind::Connection, |status| kind_of_answer(status, None)),
        _ => ErrorKind::Other,
    };
    let words = match service.and_then(ProvideErrorMetadata::message) {
        Some(message) => message.to_owned(),
        None if service.is_some() => String::new(),
        None => error_chain(error),
    };
    let details = [http_status.map(|status| status.to_string()), s3_code.clone(), Some(words)];
    let message = message_of(operation, subject, details);
    Failure { kind, http_status, s3_code, message }
}

/// What a store's answer with an error comes to, for clients without the SDK.
pub fn failure_of_answer(
    operation: &str,
    subject: &str,
    status: u16,
    s3_code: Option<String>,
    words: Option<String>,
) -> Failure {
    let kind = kind_of_answer(status, s3_code.as_deref());
    let message = message_of(operation, subject, [Some(status.to_string()), s3_code.clone(), words]);
    Failure { kind, http_status: Some(status), s3_code, message }
}

fn message_of(operation: &str, subject: &str, details: [Option<String>; 3]) -> String {
    let mut message = format!("{operation} {subject}");
    for detail in details.into_iter().flatten().filter(|detail| !detail.is_empty()) {
        message.push_str(": ");
        message.push_str(&detail);
    }
    message
}

/// The kind that an answer's status and code stand for.
fn kind_of_answer(status: u16, code: Option<&str>) -> ErrorKind {
    match (status, code.unwrap_or_default()) {
        (_, "SlowDown" | "Throttling" | "ThrottlingException" | "RequestLimitExceeded" | "TooManyRequests") => {
            ErrorKind::Throttled
        }
        (429 | 503, _) => ErrorKind::Throttled,
        (_, "NoSuchBucket") => ErrorKind::MissingBucket,
        (_, "BadDigest" | "XAmzContentChecksumMismatch" | "InvalidDigest") => ErrorKind::Integrity,
        (_, "RequestTimeout") | (408, _) => ErrorKind::Timeout,
        (401 | 403, _) => ErrorKind::Denied,
        (404, _) => ErrorKind::MissingKey,
        (500.., _) => ErrorKind::Server,
        (400.., _) => ErrorKind::Refused,
        _ => ErrorKind::Other,
    }
}

/// The causes of `error` after the SDK's own wrapper, outermost first, each said once.
pub fn error_chain(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut cause = error.source();
    while let Some(current) = cause {
        let text = current.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        cause = current.source();
    }
    if parts.is_empty() { error.to_string() } else { parts.join(": ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_grouped_by_cause() {
        for (status, code, kind) in [
            (503, Some("SlowDown"), ErrorKind::Throttled),
            (503, None, ErrorKind::Throttled),
            (404, Some("NoSuchKey"), ErrorKind::MissingKey),
            (404, Some("NoSuchBucket"), ErrorKind::MissingBucket),
            (403, Some("SignatureDoesNotMatch"), ErrorKind::Denied),
            (400, Some("BadDigest"), ErrorKind::Integrity),
            (400, Some("InvalidArgument"), ErrorKind::Refused),
            (500, Some("InternalError"), ErrorKind::Server),
        ] {
            assert_eq!(kind_of_answer(status, code), kind, "{status} {code:?}");
        }
    }
}
