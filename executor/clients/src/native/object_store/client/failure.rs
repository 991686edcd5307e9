//! From the crate's errors to [`Failure`]. The crate keeps status and body of an answer to itself, so they are read
//! from its words.

use std::error::Error;

use object_store::client::{HttpError, HttpErrorKind};
use workload_schema::ErrorKind;

use crate::endpoint::{Failure, error_chain, failure_of_answer};
use crate::native::Job;

/// What `error` of `operation` on the object of `job` comes to.
pub fn of(operation: &str, job: &Job, error: &object_store::Error) -> Failure {
    let key = job.key.as_str();
    for cause in causes(error) {
        if let Some(answer) = Answer::read(&cause.to_string()) {
            return failure_of_answer(operation, key, answer.status, answer.code, answer.message);
        }
    }
    let kind = match error {
        // No credentials could be had.
        object_store::Error::Unauthenticated { .. } => ErrorKind::Denied,
        object_store::Error::InvalidPath { .. } => ErrorKind::Refused,
        _ => causes(error).find_map(kind_of).unwrap_or(ErrorKind::Other),
    };
    Failure::local(kind, format!("{operation} {key}: {}", error_chain(error)))
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

/// The cause, where no answer of the store tells it.
fn kind_of(cause: &(dyn Error + 'static)) -> Option<ErrorKind> {
    match cause.downcast_ref::<HttpError>()?.kind() {
        HttpErrorKind::Timeout => Some(ErrorKind::Timeout),
        _ => Some(ErrorKind::Connection),
    }
}

/// A store's answer with an error.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    code: Option<String>,
    message: Option<String>,
}

impl Answer {
    /// The answer that the crate's `words` tell of, if they do.
    fn read(words: &str) -> Option<Self> {
        if let Some(body) = words.strip_prefix("Server returned error response: ") {
            // An error in the body of a 200, as CompleteMultipartUpload may send: it stands for a 500.
            return Some(Self { status: 500, code: element(body, "Code"), message: element(body, "Message") });
        }
        let answer = words.strip_prefix("Server returned non-2xx status code: ")?;
        let status = answer.get(..3)?.parse().ok()?;
        Some(Self { status, code: element(answer, "Code"), message: element(answer, "Message") })
    }
}

/// The text of the first element `name` in a small document without nesting.
fn element(document: &str, name: &str) -> Option<String> {
    let (_, rest) = document.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once("</")?;
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_from_the_words() {
        let words = "Server returned non-2xx status code: 503 Service Unavailable: <?xml version=\"1.0\"?><Error>\
                     <Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
        let read = Answer::read(words).unwrap();
        assert_eq!((read.status, read.code.as_deref()), (503, Some("SlowDown")));
        assert_eq!(read.message.as_deref(), Some("Please reduce your request rate."));
        assert_eq!(Answer::read("HTTP error: connection closed"), None);
        let in_a_200 = Answer::read("Server returned error response: <Error><Code>InternalError</Code></Error>");
        assert_eq!(in_a_200.map(|answer| answer.status), Some(500));
    }
}
