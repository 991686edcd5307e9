//! Downloads: the CRT fetches ranges in parallel and hands them on in order.

use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt;
use mountpoint_s3_client::ObjectClient;
use mountpoint_s3_client::types::{ClientBackpressureHandle, GetObjectParams, GetObjectResponse};

use super::{CrtRustClient, failure};
use crate::endpoint::Failure;
use crate::native::file_sink::FileSink;
use crate::native::{DataPlace, Job, Moved, TaskDone};

/// The answer to the range that the CRT always asks for first, where an object is empty. The CRT knows it as such only
/// by a word of AWS's own in the answer.
const RANGE_NOT_SATISFIABLE: u16 = 416;

impl CrtRustClient {
    /// Downloads the object of `job`.
    pub(super) async fn download(&self, job: &Job, moved: &Arc<Moved>) -> Result<TaskDone, Failure> {
        let mut writer = match &job.place {
            DataPlace::Memory => None,
            DataPlace::File(path) => Some(FileSink::create(path).await?.writer(0)),
        };
        let started = self.crt.get_object(&self.bucket, job.key.as_str(), &GetObjectParams::new()).await;
        let mut answer = match started.map_err(|error| failure::of_get(job, &error)) {
            Ok(answer) => answer,
            Err(failure) if job.size == 0 && failure.http_status == Some(RANGE_NOT_SATISFIABLE) => {
                self.ledger.add_not_repeated();
                return Ok(TaskDone { bytes: 0, first_byte: None });
            }
            Err(failure) => return Err(failure),
        };
        let mut window = answer.backpressure_handle().cloned();
        let mut answer = pin!(answer);
        let mut done = TaskDone { bytes: 0, first_byte: None };
        while let Some(part) = answer.next().await {
            let part = part.map_err(|error| failure::of_get(job, &error))?.data;
            let len = part.len();
            done.first_byte.get_or_insert_with(Instant::now);
            done.bytes += len as u64;
            moved.add(len as u64);
            if let Some(writer) = &mut writer {
                writer.push(part).await?;
            }
            if let Some(window) = &mut window {
                window.increment_read_window(len);
            }
        }
        if let Some(writer) = &mut writer {
            writer.flush().await?;
        }
        Ok(done)
    }
}
