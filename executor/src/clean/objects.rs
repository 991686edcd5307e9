//! Removes the objects that the plans name, and their unfinished uploads.

use std::collections::HashSet;

use aws_sdk_s3::operation::abort_multipart_upload::AbortMultipartUploadError;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use tokio_util::sync::CancellationToken;
use workload_schema::ErrorKind;
use workload_schema::ObjectKey;

use crate::prep::{BucketClient, PrepError, PrepWork, Tally, UntilCancelled, objects};
use s3_clients::endpoint::{Failure, failure_of};
use wlx_terminal as terminal;

/// Keys that one request removes.
const BATCH: usize = 1000;
/// Concurrent requests of that kind: each makes the store delete a thousand objects.
const BATCHES: usize = 4;

/// What exists of what the plans name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NamedObjects {
    objects: Vec<(ObjectKey, u64)>,
    unfinished: Vec<Unfinished>,
}

/// An upload in parts that was neither completed nor aborted.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unfinished {
    key: String,
    upload_id: String,
}

impl NamedObjects {
    pub(super) fn tally(&self) -> Tally {
        Tally::of(self.objects.iter().map(|(_, size)| *size))
    }

    pub(super) fn unfinished(&self) -> usize {
        self.unfinished.len()
    }
}

/// Finds the objects and unfinished uploads that `work` names.
pub(super) async fn survey(
    work: &PrepWork,
    store: &BucketClient,
    stop: &CancellationToken,
) -> Result<NamedObjects, PrepError> {
    let objects = objects::existing(work, store, stop).await?;
    let unfinished = stop.unless(unfinished(work, store)).await?;
    Ok(NamedObjects { objects, unfinished })
}

async fn unfinished(work: &PrepWork, store: &BucketClient) -> Result<Vec<Unfinished>, PrepError> {
    let named: HashSet<&str> = work.needs().map(|(key, _)| key.as_str()).collect();
    let mut found = Vec::new();
    let mut next = (None, None);
    loop {
        let request = store.s3.list_multipart_uploads().bucket(store.bucket.as_str());
        let page = match request.set_key_marker(next.0).set_upload_id_marker(next.1).send().await {
            Ok(page) => page,
            Err(error) => {
                let failure = failure_of("list the unfinished uploads of", store.bucket.as_str(), &error);
                // This store cannot list unfinished uploads. Its lifecycle rule removes them.
                return if failure.http_status == Some(501) { Ok(found) } else { Err(failure.into()) };
            }
        };
        let uploads = page.uploads().iter().filter_map(|upload| Some((upload.key()?, upload.upload_id()?)));
        let ours = uploads.filter(|(key, _)| named.contains(key));
        found.extend(ours.map(|(key, id)| Unfinished { key: key.to_owned(), upload_id: id.to_owned() }));
        if page.is_truncated() != Some(true) || page.next_key_marker().is_none() {
            return Ok(found);
        }
        next = (page.next_key_marker, page.next_upload_id_marker);
    }
}

/// Removes what `named` lists.
pub(super) async fn remove(
    named: &NamedObjects,
    store: &BucketClient,
    stop: &CancellationToken,
) -> Result<(), PrepError> {
    stop.for_each(&named.unfinished, store.concurrency, |upload, stop| async move {
        stop.unless(abort(upload, store)).await
    })
    .await?;
    let bar = terminal::byte_bar("remove", named.tally().bytes);
    stop.for_each(named.objects.chunks(BATCH), BATCHES, |batch, stop| {
        let bar = &bar;
        async move {
            stop.unless(remove_batch(batch, store)).await?;
            bar.add(batch.iter().map(|(_, size)| size).sum());
            Ok(())
        }
    })
    .await
}

async fn abort(upload: &Unfinished, store: &BucketClient) -> Result<(), PrepError> {
    let request = store.s3.abort_multipart_upload().bucket(store.bucket.as_str()).key(&upload.key);
    match request.upload_id(&upload.upload_id).send().await {
        // It was completed or aborted in the meantime.
        Err(error) if error.as_service_error().is_some_and(AbortMultipartUploadError::is_no_such_upload) => Ok(()),
        Err(error) => Err(failure_of("abort the upload of", &upload.key, &error).into()),
        Ok(_) => Ok(()),
    }
}

async fn remove_batch(batch: &[(ObjectKey, u64)], store: &BucketClient) -> Result<(), PrepError> {
    let id = |key: &ObjectKey| ObjectIdentifier::builder().key(key.as_str()).build().expect("a key is set");
    let delete = Delete::builder().set_objects(Some(batch.iter().map(|(key, _)| id(key)).collect())).quiet(true);
    let request = store.s3.delete_objects().bucket(store.bucket.as_str());
    let answer = request
        .delete(delete.build().expect("objects are set"))
        .send()
        .await
        .map_err(|error| failure_of("remove objects from", store.bucket.as_str(), &error))?;
    let Some(first) = answer.errors().first() else { return Ok(()) };
    let more = match answer.errors().len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let words = [first.key(), first.code(), first.message()].map(Option::unwrap_or_default).join(": ");
    let kind = if first.code() == Some("AccessDenied") { ErrorKind::Denied } else { ErrorKind::Refused };
    Err(Failure::local(kind, format!("remove {words}{more}")).into())
}
