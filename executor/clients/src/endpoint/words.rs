//! What a program's own words say of the cause of its failure, where words are all there is.

use workload_schema::ErrorKind;

/// Words that stand for a cause, the more telling ones first.
const WORDS: &[(&str, ErrorKind)] = &[
    ("nosuchbucket", ErrorKind::MissingBucket),
    ("specified bucket does not exist", ErrorKind::MissingBucket),
    ("nosuchkey", ErrorKind::MissingKey),
    ("no object found", ErrorKind::MissingKey),
    ("object not found", ErrorKind::MissingKey),
    ("directory not found", ErrorKind::MissingKey),
    ("signaturedoesnotmatch", ErrorKind::Denied),
    ("invalidaccesskeyid", ErrorKind::Denied),
    ("accessdenied", ErrorKind::Denied),
    ("unable to locate credentials", ErrorKind::Denied),
    ("no credentials", ErrorKind::Denied),
    ("403", ErrorKind::Denied),
    ("forbidden", ErrorKind::Denied),
    ("slowdown", ErrorKind::Throttled),
    ("throttl", ErrorKind::Throttled),
    ("503", ErrorKind::Throttled),
    ("no space left", ErrorKind::Disk),
    ("out of space", ErrorKind::Disk),
    ("file too large", ErrorKind::Disk),
    ("permission denied", ErrorKind::Disk),
    ("read-only file system", ErrorKind::Disk),
    ("baddigest", ErrorKind::Integrity),
    ("checksum", ErrorKind::Integrity),
    ("corrupted on transfer", ErrorKind::Integrity),
    ("timed out", ErrorKind::Timeout),
    ("timeout", ErrorKind::Timeout),
    ("404", ErrorKind::MissingKey),
    ("not found", ErrorKind::MissingKey),
    ("connection", ErrorKind::Connection),
    ("could not connect", ErrorKind::Connection),
    ("unexpected eof", ErrorKind::Connection),
    ("internalerror", ErrorKind::Server),
];

/// The cause that `words` name; `runner` where they name none.
pub fn kind_of_words(words: &str) -> ErrorKind {
    let words = words.to_lowercase();
    WORDS.iter().find(|(word, _)| says(&words, word)).map_or(ErrorKind::Runner, |(_, kind)| *kind)
}

/// Whether `word` is among `words`. A status stands alone: 404 is not in the port 40469.
fn says(words: &str, word: &str) -> bool {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    words.match_indices(word).any(|(begin, _)| {
        let (before, after) = (words.as_bytes()[..begin].last(), words.as_bytes().get(begin + word.len()));
        !digit(word.as_bytes().first()) || !(digit(before) || digit(after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_read_from_what_programs_say() {
        for (words, kind) in [
            (
                "fatal error: An error occurred (404) when calling the HeadObject operation: Key \"a\" does not exist",
                ErrorKind::MissingKey,
            ),
            ("upload failed: An error occurred (SlowDown) when calling the PutObject operation", ErrorKind::Throttled),
            ("download failed: [Errno 28] No space left on device", ErrorKind::Disk),
            ("Could not connect to the endpoint URL: \"http://127.0.0.1:1/\"", ErrorKind::Connection),
            ("An error occurred (SignatureDoesNotMatch) when calling", ErrorKind::Denied),
            ("ERROR \"cp s3://x/y y\": NoSuchKey: status code: 404", ErrorKind::MissingKey),
            ("connect to http://127.0.0.1:40469/: connection refused", ErrorKind::Connection),
            ("AWS_ERROR_NO_SPACE: Out of space on disk.", ErrorKind::Disk),
            ("something else", ErrorKind::Runner),
        ] {
            assert_eq!(kind_of_words(words), kind, "{words}");
        }
    }
}
