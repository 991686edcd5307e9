//! JSON strings in ASCII, as Python's `json.dumps` writes them.

use std::io::Write as _;

/// Appends `text` as a JSON string: non-ASCII and 0x7f as `\uXXXX` in lower-case hex (surrogate pairs where
/// needed), `/` as it is, and the short escapes that JSON has.
pub(super) fn push_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    push_inside(out, text);
    out.push(b'"');
}

/// Appends what stands between the quotes of `text` as a JSON string.
pub(super) fn push_inside(out: &mut Vec<u8>, text: &str) {
    for char in text.chars() {
        match char {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            '\u{8}' => out.extend_from_slice(b"\\b"),
            '\u{c}' => out.extend_from_slice(b"\\f"),
            ' '..='~' => out.push(char as u8),
            _ => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").expect("writing to memory does not fail");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_pythons() {
        let mut out = Vec::new();
        push_string(&mut out, "a/\"\\\n\r\t\u{8}\u{c}\u{0}\u{1f}\u{7f}ü😀\u{2028}");
        assert_eq!(String::from_utf8(out).unwrap(), r#""a/\"\\\n\r\t\b\f\u0000\u001f\u007f\u00fc\ud83d\ude00\u2028""#);
    }
}
