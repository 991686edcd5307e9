//! The store: an index in memory, a journal of every change, and files for the bytes that are not synthetic.
//!
//! Readers take a bucket's read lock for a lookup only. Changes go one at a time through the journal's lock:
//! check, append one line, apply; so what the index shows is always what the journal says.

mod blob;
mod bucket;
mod catalog;
mod declare;
mod fingerprint;
mod index;
mod ingest;
mod journal;
mod listing;
mod reader;
mod record;
mod snapshot;
mod upload;

pub(crate) use bucket::{Object, Upload};
pub(crate) use catalog::{Precondition, Store, StoreError};
pub(crate) use fingerprint::prepare as prepare_fingerprints;
pub(crate) use ingest::{Expectation, Ingested};
pub(crate) use listing::{Listed, Page, Query};
pub(crate) use record::{ObjectMeta, ObjectRecord, PartRecord, Segment, UploadRecord, slice_segments};
pub(crate) use upload::{CompleteClaims, CompleteError, CompletePart};
