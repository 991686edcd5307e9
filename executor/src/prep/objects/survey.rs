//! Finds out which of the wanted objects are in the bucket and correct. Nothing is changed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::types::{ChecksumMode, Object};
use tokio_util::sync::CancellationToken;
use workload_schema::ErrorKind;
use workload_schema::{Checksum, ObjectKey};

use super::lookup::{Lookup, plan, side_by_side};
use super::verify;
use super::wanted::Wanted;
use crate::prep::{BucketClient, Need, PrepError, PrepWork, Tally, UntilCancelled};
use s3_clients::endpoint::failure_of;

/// Which of the needed objects exist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObjectSurvey {
    /// Objects that are correct.
    pub keep: Tally,
    /// Objects to upload, sorted by key.
    pub upload: Vec<Wanted>,
    /// How many of those to upload replace one of another size, checksum algorithm or content.
    pub replace: Tally,
    /// Objects of the right size with wrong bytes, if contents were compared. They are also among those to upload.
    pub wrong_bytes: Vec<ObjectKey>,
}

/// The state of one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judgement {
    Right,
    Other,
    /// Only a HEAD can tell.
    Unclear,
}

/// An object that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    size: u64,
    judgement: Judgement,
}

/// The objects that are there.
#[derive(Debug, Default)]
struct Findings(Mutex<HashMap<ObjectKey, Found>>);

impl Findings {
    fn note(&self, key: &ObjectKey, found: Found) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), found);
    }

    fn of(&self, key: &ObjectKey) -> Option<Found> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).copied()
    }
}

impl ObjectSurvey {
    /// The survey of a bucket that does not exist: every object is to be uploaded.
    pub fn of_nothing(work: &PrepWork) -> Self {
        Self { upload: wanted(work), ..Self::default() }
    }

    /// Compares the contents of `objects`. Those with wrong bytes are to be uploaded again; returns the others.
    async fn keep_right_bytes(
        &mut self,
        objects: Vec<Wanted>,
        store: &BucketClient,
        stop: &CancellationToken,
    ) -> Result<Vec<Wanted>, PrepError> {
        self.wrong_bytes = verify::wrong_bytes(&objects, store, stop).await?;
        let is_wrong = |wanted: &Wanted| self.wrong_bytes.binary_search(&wanted.key).is_ok();
        let (again, right): (Vec<_>, Vec<_>) = objects.into_iter().partition(is_wrong);
        for wanted in again {
            self.replace.add(wanted.need.size);
            self.upload.push(wanted);
        }
        Ok(right)
    }

    /// Number and bytes of the objects to upload.
    pub fn to_upload(&self) -> Tally {
        Tally::of(self.upload.iter().map(|wanted| wanted.need.size))
    }
}

fn wanted(work: &PrepWork) -> Vec<Wanted> {
    work.objects().map(|(key, need)| Wanted { key: key.clone(), need: need.clone() }).collect()
}

/// Looks up the objects that `work` needs in the bucket; with `check` their contents too.
pub async fn survey(
    work: &PrepWork,
    store: &BucketClient,
    check: bool,
    stop: &CancellationToken,
) -> Result<ObjectSurvey, PrepError> {
    let wanted = wanted(work);
    let findings = look_up(&wanted, store, stop).await?;
    let is_unclear = |found: Found| found.judgement == Judgement::Unclear;
    let unclear = wanted.iter().filter(|wanted| findings.of(&wanted.key).is_some_and(is_unclear)).collect();
    heads(unclear, store, &findings, stop).await?;
    let mut survey = ObjectSurvey::default();
    let mut right = Vec::new();
    for wanted in wanted {
        match findings.of(&wanted.key).map(|found| found.judgement) {
            Some(Judgement::Right) => right.push(wanted),
            Some(Judgement::Other) => {
                survey.replace.add(wanted.need.size);
                survey.upload.push(wanted);
            }
            Some(Judgement::Unclear) | None => survey.upload.push(wanted),
        }
    }
    if check {
        right = survey.keep_right_bytes(right, store, stop).await?;
    }
    survey.keep = Tally::of(right.iter().map(|wanted| wanted.need.size));
    survey.upload.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(survey)
}

/// Which of all objects that `work` names exist, in any state, with their sizes.
pub(crate) async fn existing(
    work: &PrepWork,
    store: &BucketClient,
    stop: &CancellationToken,
) -> Result<Vec<(ObjectKey, u64)>, PrepError> {
    let named: Vec<Wanted> = work.needs().map(|(key, need)| Wanted { key: key.clone(), need: need.clone() }).collect();
    let findings = look_up(&named, store, stop).await?;
    Ok(named
        .into_iter()
        .filter_map(|named| Some((findings.of(&named.key)?.size, named.key)))
        .map(|(size, key)| (key, size))
        .collect())
}

async fn look_up(wanted: &[Wanted], store: &BucketClient, stop: &CancellationToken) -> Result<Findings, PrepError> {
    let findings = Findings::default();
    let lookups = plan(wanted);
    let lookups = if store.is_directory_bucket() { lookups } else { side_by_side(lookups) };
    stop.for_each(lookups, store.concurrency, |lookup, stop| {
        let findings = &findings;
        async move { stop.unless(look(lookup, store, findings, &stop)).await }
    })
    .await?;
    Ok(findings)
}

async fn look(
    lookup: Lookup<'_>,
    store: &BucketClient,
    findings: &Findings,
    stop: &CancellationToken,
) -> Result<(), PrepError> {
    match lookup {
        Lookup::Head(wanted) => head(wanted, store, findings).await,
        Lookup::List { prefix, after, wanted } => list(prefix, after, wanted, store, findings, stop).await,
    }
}

/// Lists `prefix` to its end, or until asking for the remaining objects one by one is cheaper because the
/// prefix holds many other objects.
async fn list(
    prefix: &str,
    after: Option<&str>,
    wanted: &[Wanted],
    store: &BucketClient,
    findings: &Findings,
    stop: &CancellationToken,
) -> Result<(), PrepError> {
    let by_key: HashMap<&str, &Wanted> = wanted.iter().map(|wanted| (wanted.key.as_str(), wanted)).collect();
    let last = wanted.last().expect("a lookup has objects").key.as_str();
    let (mut token, mut pages, mut found) = (None, 0, 0);
    loop {
        if pages >= wanted.len() - found {
            let rest = wanted.iter().filter(|wanted| findings.of(&wanted.key).is_none()).collect();
            return heads(rest, store, findings, stop).await;
        }
        let request = store.s3.list_objects_v2().bucket(store.bucket.as_str()).prefix(prefix);
        let page = request
            .set_start_after(after.filter(|_| token.is_none()).map(str::to_owned))
            .set_continuation_token(token)
            .send()
            .await
            .map_err(|error| failure_of("list", store.bucket.as_str(), &error))?;
        pages += 1;
        for object in page.contents() {
            let Some(wanted) = object.key().and_then(|key| by_key.get(key)) else { continue };
            found += 1;
            findings.note(&wanted.key, judge_listed(&wanted.need, object));
        }
        token = page.next_continuation_token().map(str::to_owned);
        let past_last = page.contents().last().and_then(Object::key).is_some_and(|key| key >= last);
        // Directory buckets list in no order.
        if token.is_none() || found == wanted.len() || (past_last && !store.is_directory_bucket()) {
            return Ok(());
        }
    }
}

fn judge_listed(need: &Need, object: &Object) -> Found {
    let size = bytes(object.size());
    let judgement = match (need.checksum, object.checksum_algorithm()) {
        _ if size != need.size => Judgement::Other,
        (None, _) => Judgement::Right,
        // Most stores do not list algorithms: an object may have one that is not listed.
        (Some(_), []) => Judgement::Unclear,
        (Some(checksum), listed) if listed.iter().any(|listed| listed.as_str() == checksum.as_str()) => {
            Judgement::Right
        }
        (Some(_), _) => Judgement::Other,
    };
    Found { size, judgement }
}

/// The size that the API gives. A missing size becomes one that no workload wants.
fn bytes(size: Option<i64>) -> u64 {
    size.and_then(|size| u64::try_from(size).ok()).unwrap_or(u64::MAX)
}

async fn heads(
    wanted: Vec<&Wanted>,
    store: &BucketClient,
    findings: &Findings,
    stop: &CancellationToken,
) -> Result<(), PrepError> {
    stop.for_each(
        wanted,
        store.concurrency,
        |wanted, stop| async move { stop.unless(head(wanted, store, findings)).await },
    )
    .await
}

async fn head(wanted: &Wanted, store: &BucketClient, findings: &Findings) -> Result<(), PrepError> {
    let request = store.s3.head_object().bucket(store.bucket.as_str()).key(wanted.key.as_str());
    let mode = wanted.need.checksum.map(|_| ChecksumMode::Enabled);
    match request.set_checksum_mode(mode).send().await {
        Ok(answer) => findings.note(&wanted.key, judge_head(&wanted.need, &answer)),
        Err(error) => {
            let failure = failure_of("look up", wanted.key.as_str(), &error);
            if failure.kind != ErrorKind::MissingKey {
                return Err(failure.into());
            }
        }
    }
    Ok(())
}

fn judge_head(need: &Need, answer: &HeadObjectOutput) -> Found {
    let has = |checksum| match checksum {
        Checksum::Crc32 => answer.checksum_crc32(),
        Checksum::Crc32c => answer.checksum_crc32_c(),
        Checksum::Sha1 => answer.checksum_sha1(),
        Checksum::Sha256 => answer.checksum_sha256(),
        Checksum::Crc64nvme => answer.checksum_crc64_nvme(),
    };
    let size = bytes(answer.content_length());
    let is_right = size == need.size && need.checksum.is_none_or(|checksum| has(checksum).is_some());
    Found { size, judgement: if is_right { Judgement::Right } else { Judgement::Other } }
}
