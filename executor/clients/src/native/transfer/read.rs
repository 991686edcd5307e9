//! A body that is read to its end.

use std::time::Instant;

use workload_schema::ErrorKind;

use super::{Answer, Body, Requests};
use crate::endpoint::Failure;
use crate::native::file_sink::PartWriter;
use crate::native::{Job, Moved};

/// The bytes read, and when the first of them came.
#[derive(Debug, Clone, Copy, Default)]
pub struct Read {
    /// Bytes.
    pub bytes: u64,
    /// When the client handed over the first of them.
    pub first_byte: Option<Instant>,
}

/// Reads the body of `answer` to its end and hands it on to `writer`; fails unless it has `expected` bytes.
pub async fn read<R: Requests>(
    answer: Answer<R>,
    job: &Job,
    expected: u64,
    mut writer: Option<PartWriter>,
    moved: &Moved,
) -> Result<Read, Failure> {
    check_length(job, answer.announced.unwrap_or(expected), expected)?;
    let mut body = answer.body;
    let mut read = Read::default();
    while let Some(chunk) = body.chunk(job).await {
        let chunk = chunk?;
        read.first_byte.get_or_insert_with(Instant::now);
        read.bytes += chunk.len() as u64;
        moved.add(chunk.len() as u64);
        if let Some(writer) = &mut writer {
            writer.push(chunk).await?;
        }
    }
    if let Some(writer) = &mut writer {
        writer.flush().await?;
    }
    check_length(job, read.bytes, expected)?;
    body.check(job)?;
    Ok(read)
}

fn check_length(job: &Job, length: u64, expected: u64) -> Result<(), Failure> {
    if length == expected {
        return Ok(());
    }
    let message = format!("GetObject {}: the store sends {length} bytes where {expected} are expected", job.key);
    Err(Failure::local(ErrorKind::Integrity, message))
}
