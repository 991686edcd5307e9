//! The S3 API on top of the store: what each operation checks, answers and refuses.
//!
//! Signatures, routing, aws-chunked decoding and XML are the work of the `s3s` crate. An operation that is not
//! listed in [`backend`] is answered 501 `NotImplemented`.

#![allow(
    clippy::wildcard_imports,
    reason = "the operations speak the vocabulary of the S3 API, some 200 types (the lint is silent in test builds)"
)]
#![expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "the operations have the signatures of the `S3` trait"
)]

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
mod plain;
mod plain_signature;
mod probe;
mod put;
mod tagging;

pub(crate) use access::LoopbackHost;
pub(crate) use backend::service;
pub(crate) use plain::Plain;
