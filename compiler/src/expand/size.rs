//! Sizes in sources.

use std::sync::Arc;

use checked_document::{Diagnostic, SourceFile, Span};
use workload_schema::ByteSize;

use crate::id;

/// The number of bytes that `text` names. It is the value of `field` at `span`.
pub fn size(file: &Arc<SourceFile>, text: &str, field: &str, span: Span) -> Result<u64, Diagnostic> {
    text.parse::<ByteSize>().map(|size| size.0).map_err(|error| {
        let message = format!("`{field}` is {text:?}: {error}");
        Diagnostic::error(id::BAD_SIZE, message).at(file, span, "").maybe_help(size_help(text))
    })
}

/// The size that was probably meant.
fn size_help(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|char| !char.is_whitespace() && *char != '_').collect();
    let digits = compact.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = compact.split_at(digits);
    let unit = match unit.to_ascii_lowercase().as_str() {
        "" | "b" | "byte" | "bytes" => "bytes",
        "k" | "kb" | "kib" => "KiB",
        "m" | "mb" | "mib" => "MiB",
        "g" | "gb" | "gib" => "GiB",
        "t" | "tb" | "tib" => "TiB",
        _ => return None,
    };
    let number = number.trim_start_matches('0');
    let number = if number.is_empty() { "0" } else { number };
    let meant = format!("{number}{unit}");
    (digits > 0 && meant != text && meant.parse::<ByteSize>().is_ok()).then(|| format!("did you mean `{meant}`?"))
}
