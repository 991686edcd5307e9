//! The text of a file.

use std::sync::Arc;

use crate::{Diagnostic, Limits, SourceFile, Span, id};

/// Decodes the text of a file, which must be UTF-8. A byte order mark is dropped. `path` is only a label.
pub fn decode(path: &str, bytes: Vec<u8>, limits: Limits) -> Result<Arc<SourceFile>, Diagnostic> {
    if bytes.len() > limits.bytes {
        let message = format!("the file has {} bytes, and at most {} are read", bytes.len(), limits.bytes);
        return Err(Diagnostic::error(id::TOO_LARGE, message).at(&SourceFile::new(path, ""), Span::default(), ""));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(match text.strip_prefix('\u{feff}') {
            Some(rest) => SourceFile::new(path, rest),
            None => SourceFile::new(path, text),
        }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let file = SourceFile::new(path, String::from_utf8_lossy(error.as_bytes()));
            Err(Diagnostic::error(id::NOT_UTF8, "the file is not UTF-8 text")
                .at(&file, Span::new(at, at + '\u{fffd}'.len_utf8()), "this byte is not valid")
                .help("save the file as UTF-8"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_text_are_reported_where_they_stand() {
        let error = decode("f", b"ab\xff".to_vec(), Limits::default()).unwrap_err();
        assert_eq!((error.id, error.labels[0].span.start), (id::NOT_UTF8, 2));
        let small = Limits { bytes: 1, ..Limits::default() };
        assert_eq!(decode("f", b"ab".to_vec(), small).unwrap_err().id, id::TOO_LARGE);
        let marked = decode("f", b"\xef\xbb\xbfab".to_vec(), Limits::default()).unwrap();
        assert_eq!(marked.text(), "ab");
    }
}
