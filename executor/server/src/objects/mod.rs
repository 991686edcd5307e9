//! Buckets, objects and multipart uploads: an index in memory, a journal of every change, and files for the bytes that
//! are not synthetic content.
//!
//! A lookup takes a bucket's read lock and returns a shared handle. A change holds the journal's lock while it is
//! checked, appended to the journal and applied to the index. So the index never shows what the journal does not hold.

mod blob;
mod bucket;
mod changes;
mod complete;
mod declare;
mod error;
pub(crate) mod etag;
mod fingerprint;
mod index;
mod ingest;
mod journal;
mod listing;
mod precondition;
mod reader;
mod record;
mod segment;
mod snapshot;
mod state_dir;

pub(crate) use bucket::{Object, Upload};
pub(crate) use complete::{CompleteClaims, CompleteError, CompletePart};
pub(crate) use error::ObjectsError;
pub(crate) use fingerprint::prepare as prepare_fingerprints;
pub(crate) use ingest::{Expectation, Ingested};
pub(crate) use listing::{Listed, Page, Query};
pub(crate) use precondition::Precondition;
pub(crate) use record::{ObjectMeta, ObjectRecord, PartRecord, UploadRecord};
pub(crate) use segment::slice_segments;
pub(crate) use state_dir::Objects;
