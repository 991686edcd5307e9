//! Splitting a scalar into literal text and `{{ expressions }}`.

/// A part of a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Text that stays as it is.
    Literal(&'a str),
    /// The text between the braces of an expression.
    Expression(&'a str),
}

/// Why a scalar cannot be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    /// It has `{{` without `}}`.
    #[error("`{{{{` without `}}}}`")]
    Unclosed,
    /// It has `{% ... %}` or `{# ... #}`.
    #[error("a scalar can hold expressions, but no statements and comments (`{{%`, `{{#`)")]
    Statement,
    /// It has `{{- ... -}}`.
    #[error("whitespace control (`{{{{-`) has no meaning here")]
    WhitespaceControl,
}

/// Splits `text` at its expressions.
pub fn split(text: &str) -> Result<Vec<Segment<'_>>, SegmentError> {
    let mut segments = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        match rest.as_bytes().get(at + 1) {
            Some(b'{') => {}
            Some(b'%' | b'#') => return Err(SegmentError::Statement),
            _ => {
                // A single brace is text.
                push_literal(&mut segments, &rest[..=at]);
                rest = &rest[at + 1..];
                continue;
            }
        }
        push_literal(&mut segments, &rest[..at]);
        let inside = &rest[at + 2..];
        if inside.starts_with('-') {
            return Err(SegmentError::WhitespaceControl);
        }
        let end = end_of_expression(inside).ok_or(SegmentError::Unclosed)?;
        segments.push(Segment::Expression(&inside[..end]));
        rest = &inside[end + 2..];
    }
    push_literal(&mut segments, rest);
    Ok(segments)
}

fn push_literal<'a>(segments: &mut Vec<Segment<'a>>, text: &'a str) {
    if !text.is_empty() {
        segments.push(Segment::Literal(text));
    }
}

/// The position of the closing braces, after strings and inner maps.
fn end_of_expression(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\'' | b'"' => at = end_of_string(bytes, at)?,
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The position of the closing quote of the string that opens at `start`.
fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            byte if *byte == bytes[start] => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Segment::{Expression, Literal};
    use super::*;

    #[test]
    fn expressions_end_outside_strings_and_maps() {
        assert_eq!(split("a{{ b }}c"), Ok(vec![Literal("a"), Expression(" b "), Literal("c")]));
        assert_eq!(split("{{ {'a': {}}['}}'] }}"), Ok(vec![Expression(" {'a': {}}['}}'] ")]));
        assert_eq!(split(r#"{{ "\"}}" }}"#), Ok(vec![Expression(r#" "\"}}" "#)]));
        assert_eq!(split("a{b}"), Ok(vec![Literal("a{"), Literal("b}")]));
        assert_eq!(split(""), Ok(vec![]));
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        assert_eq!(split("{{ a"), Err(SegmentError::Unclosed));
        assert_eq!(split("{{ 'a }}"), Err(SegmentError::Unclosed));
        assert_eq!(split("{% if a %}"), Err(SegmentError::Statement));
        assert_eq!(split("{{- a }}"), Err(SegmentError::WhitespaceControl));
    }
}
