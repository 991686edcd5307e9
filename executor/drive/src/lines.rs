//! Lines of a stream that nobody promises to keep short: what is too long is cut, never gathered.
//!
//! The codec of tokio-util does not fit: where a line is too long it answers an error in place of the line's beginning,
//! and bytes that are no text end the stream.

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// Longest line that is kept, in bytes.
const LONGEST: usize = 64 << 10;

/// Reads lines of at most [`LONGEST`] bytes; the rest of a longer one is passed over.
#[derive(Debug)]
pub struct BoundedLines<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
}

impl<R: AsyncRead + Unpin> BoundedLines<R> {
    /// The lines of `stream`.
    pub fn new(stream: R) -> Self {
        Self { reader: BufReader::new(stream), line: Vec::new() }
    }

    /// The next line without its end; none at the end of the stream. Bytes that are no text are replaced. Cancel-safe.
    pub async fn next(&mut self) -> std::io::Result<Option<String>> {
        loop {
            let available = self.reader.fill_buf().await?;
            if available.is_empty() {
                return Ok((!self.line.is_empty()).then(|| self.take()));
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = &available[..end.unwrap_or(available.len())];
            let room = LONGEST - self.line.len();
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            let consumed = end.map_or(available.len(), |end| end + 1);
            self.reader.consume(consumed);
            if end.is_some() {
                return Ok(Some(self.take()));
            }
        }
    }

    fn take(&mut self) -> String {
        let line = std::mem::take(&mut self.line);
        String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn long_lines_are_cut_and_the_next_ones_come() {
        let text = format!("a\r\n{}\n\nlast", "x".repeat(3 * LONGEST));
        let mut lines = BoundedLines::new(text.as_bytes());
        assert_eq!(lines.next().await.unwrap().as_deref(), Some("a"));
        assert_eq!(lines.next().await.unwrap().map(|line| line.len()), Some(LONGEST));
        assert_eq!(lines.next().await.unwrap().as_deref(), Some(""));
        assert_eq!(lines.next().await.unwrap().as_deref(), Some("last"));
        assert_eq!(lines.next().await.unwrap(), None);
    }
}
