//! The streams of a command: payload written to its stdin, payload read from its stdout and dropped, words kept in part.

use std::sync::Arc;

use synthetic_content::Content;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::ChildStdin;

use s3_clients::Moved;
use s3_clients::endpoint::Failure;
use s3_clients::integrity::Comparison;

/// What is read and written at once: what a pipe takes, times a few.
const CHUNK: usize = 256 << 10;
/// The end of what a command says is kept: the cause of its failure is there.
const WORDS_KEPT: usize = 8 << 10;

/// Writes the synthetic content of `key` to `stdin` and closes it. A command that ends before it read everything says
/// itself why.
pub(super) async fn feed(mut stdin: ChildStdin, key: &str, size: u64, moved: &Moved) {
    for frame in Content::of_key(key).frames(0, size, CHUNK) {
        if stdin.write_all(&frame).await.is_err() {
            return;
        }
        moved.add(frame.len() as u64);
    }
    // Closing is what tells it that this was all; a reader that is gone needs no telling.
    let _ = stdin.shutdown().await;
}

/// Reads `stdout` to its end and counts its bytes; with a comparison, compares them.
pub(super) async fn drain(
    mut stdout: impl AsyncRead + Unpin,
    moved: &Arc<Moved>,
    mut comparison: Option<Comparison>,
) -> Result<u64, Failure> {
    let mut buffer = vec![0; CHUNK];
    let (mut count, mut result) = (0, Ok(()));
    loop {
        match stdout.read(&mut buffer).await {
            Ok(0) | Err(_) => return result.map(|()| count),
            Ok(read) => {
                count += read as u64;
                moved.add(read as u64);
                if let (Some(comparison), Ok(())) = (&mut comparison, &result) {
                    // Read on after a mismatch: a command whose reader stops would wait for ever.
                    result = comparison.next(&buffer[..read]);
                }
            }
        }
    }
}

/// Reads all that a command says, however much it is, and keeps the end.
pub(super) async fn last_words(mut stream: impl AsyncRead + Unpin) -> String {
    let mut kept = Vec::new();
    let mut buffer = vec![0; CHUNK];
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        kept.extend_from_slice(&buffer[..read]);
        if kept.len() > WORDS_KEPT {
            kept.drain(..kept.len() - WORDS_KEPT);
        }
    }
    String::from_utf8_lossy(&kept).trim().to_owned()
}
