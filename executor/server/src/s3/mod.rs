//! The S3 API on top of the store: what each operation checks, answers and refuses.
//!
//! Signatures, routing, aws-chunked decoding and XML are the work of the `s3s` crate. An operation that is not
//! listed in [`backend`] is answered 501 `NotImplemented`.

mod access;
mod backend;
mod body;
mod bucket;
mod checksum_fields;
mod condition;
mod copy;
mod delete;
mod failure;
mod get;
mod list;
mod meta;
mod multipart;
mod probe;
mod put;
mod tagging;

pub(crate) use access::LoopbackHost;
pub(crate) use backend::service;
