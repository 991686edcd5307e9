//! The requests of a transfer, as calls of the crate.

use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore, PutOptions, PutPayload};
use synthetic_content::{Content, RING_OVERLAP};

use super::download::{StreamBody, answer_of};
use super::failure;
use super::requests::ObjectStoreRequests;
use crate::endpoint::{Counters, Failure};
use crate::native::file_sink::read_part;
use crate::native::transfer::{Answer, Part, Requests};
use crate::native::{DataPlace, Job};

impl ObjectStoreRequests {
    async fn get(&self, job: &Job, options: GetOptions) -> Result<Answer<Self>, Failure> {
        let path = path_of(job, "GetObject")?;
        self.counter.add_operation();
        let answer = self.store.get_opts(&path, options).await;
        answer.map(answer_of).map_err(|error| failure::of("GetObject", job, &error))
    }
}

/// The key of `job` as the crate takes it: as it stands, where `Path::from` would escape some letters.
fn path_of(job: &Job, operation: &str) -> Result<Path, Failure> {
    Path::parse(job.key.as_str()).map_err(|error| failure::of(operation, job, &error.into()))
}

/// The bytes of `job` from `offset` on: slices of the ring without a copy, or of the file as one buffer.
async fn payload(job: &Job, offset: u64, len: u64) -> Result<PutPayload, Failure> {
    match &job.place {
        DataPlace::Memory => Ok(Content::of_key(job.key.as_str()).frames(offset, len, RING_OVERLAP).collect()),
        DataPlace::File(path) => {
            let len = usize::try_from(len).expect("a part fits in memory");
            Ok(read_part(path.clone(), offset, len).await?.into())
        }
    }
}

impl Requests for ObjectStoreRequests {
    type Body = StreamBody;
    type Version = String;
    type StoredPart = PartId;

    async fn get_whole(&self, job: &Job) -> Result<Answer<Self>, Failure> {
        self.get(job, GetOptions::default()).await
    }

    async fn get_range(&self, job: &Job, range: Part, version: Option<String>) -> Result<Answer<Self>, Failure> {
        let range = Some(GetRange::Bounded(range.offset..range.offset + range.len));
        self.get(job, GetOptions { range, if_match: version, ..GetOptions::default() }).await
    }

    async fn put(&self, job: &Job) -> Result<(), Failure> {
        let path = path_of(job, "PutObject")?;
        let payload = payload(job, 0, job.size).await?;
        self.counter.add_operation();
        let put = self.store.put_opts(&path, payload, PutOptions::default()).await;
        put.map(drop).map_err(|error| failure::of("PutObject", job, &error))
    }

    async fn create_upload(&self, job: &Job) -> Result<String, Failure> {
        let path = path_of(job, "CreateMultipartUpload")?;
        self.counter.add_operation();
        let created = self.store.create_multipart(&path).await;
        created.map_err(|error| failure::of("CreateMultipartUpload", job, &error))
    }

    async fn put_part(&self, job: &Job, upload_id: &str, part: Part) -> Result<PartId, Failure> {
        let path = path_of(job, "UploadPart")?;
        let payload = payload(job, part.offset, part.len).await?;
        self.counter.add_operation();
        // The crate counts from zero.
        let index = usize::try_from(part.number).expect("64-bit") - 1;
        let stored = self.store.put_part(&path, &upload_id.to_owned(), index, payload).await;
        stored.map_err(|error| failure::of("UploadPart", job, &error))
    }

    async fn complete_upload(&self, job: &Job, upload_id: &str, parts: Vec<PartId>) -> Result<(), Failure> {
        let path = path_of(job, "CompleteMultipartUpload")?;
        self.counter.add_operation();
        let completed = self.store.complete_multipart(&path, &upload_id.to_owned(), parts).await;
        completed.map(drop).map_err(|error| failure::of("CompleteMultipartUpload", job, &error))
    }

    async fn abort_upload(&self, key: &str, upload_id: &str) -> bool {
        let Ok(path) = Path::parse(key) else { return false };
        self.counter.add_operation();
        self.store.abort_multipart(&path, &upload_id.to_owned()).await.is_ok()
    }

    fn counters(&self) -> Counters {
        // The crate pauses by itself and does not say for how long.
        Counters { backoff: None, ..self.counter.counters() }
    }
}
