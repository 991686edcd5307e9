//! Data inside a page of HTML.

use std::fmt::Write;

use serde::Serialize;

/// `value` as JSON that may stand between `<script type="application/json">` and its end, whatever it holds.
///
/// Within a script element only `</script` and `<!--` mean anything to a browser, and both begin with `<`, which JSON
/// can spell otherwise inside its strings and never has outside of them.
pub(super) fn json<T: Serialize>(value: &T) -> String {
    let text = serde_json::to_string(value).expect("plain data has a JSON form");
    inert(&text)
}

/// `text`, which is JSON, with all that HTML or older parsers of scripts could take for their own.
fn inert(text: &str) -> String {
    let mut inert = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                write!(inert, "\\u{:04x}", u32::from(c)).expect("a String takes all");
            }
            c => inert.push(c),
        }
    }
    inert
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element_early() {
        let hostile = "</script><script>alert(1)</script><!-- ]]> & \u{2028}";
        let text = json(&hostile);
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), hostile);
    }
}
