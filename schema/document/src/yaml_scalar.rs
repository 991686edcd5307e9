//! Plain scalars of YAML.

use crate::Value;

/// The value of a plain scalar in YAML 1.2's core schema.
///
/// `007` stays text, as readers disagree whether it is seven. Every number field then refuses it.
pub(crate) fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return Value::Text(text.to_owned());
    }
    if let Some(integer) = integer(text, unsigned) {
        return Value::Integer(integer);
    }
    if is_float(unsigned)
        && let Ok(float) = text.parse()
    {
        return Value::Float(float);
    }
    Value::Text(text.to_owned())
}

fn integer(text: &str, unsigned: &str) -> Option<i128> {
    if let Some(digits) = text.strip_prefix("0x") {
        return i128::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with(['+', '-']));
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return i128::from_str_radix(digits, 8).ok().filter(|_| !digits.starts_with(['+', '-']));
    }
    let leading_zero = unsigned.len() > 1 && unsigned.starts_with('0');
    let digits_only = unsigned.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits_only && !leading_zero)
}

fn is_float(unsigned: &str) -> bool {
    let marked = unsigned.contains(['.', 'e', 'E']) || unsigned.len() > 38;
    let zero_led = unsigned.len() > 1 && unsigned.starts_with('0') && !unsigned.starts_with("0.");
    marked
        && !zero_led
        && unsigned.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let values = ["1", "-2", "0x10", "0o17", "1.5", "1e3", "true", "~", "null"].map(plain);
        assert_eq!(
            values,
            [
                Value::Integer(1),
                Value::Integer(-2),
                Value::Integer(16),
                Value::Integer(15),
                Value::Float(1.5),
                Value::Float(1000.0),
                Value::Bool(true),
                Value::Null,
                Value::Null
            ]
        );
        for text in ["007", "10_000", "yes", "no", "1KiB", "5.GiB", "0x", "1.2.3", "-", ".", "0x-1"] {
            assert_eq!(plain(text), Value::Text(text.to_owned()), "{text}");
        }
    }
}
