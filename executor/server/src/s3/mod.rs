//! The S3 API: what each operation checks, answers and refuses.
//!
//! The crate `s3s` verifies signatures, routes, decodes aws-chunked bodies and reads and writes XML. It answers 501
//! `NotImplemented` to an operation that [`operations`] does not list.

#![allow(
    clippy::wildcard_imports,
    reason = "the operations use some 200 types of the S3 API (the lint is silent in test builds)"
)]
#![expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "the operations have the signatures of the `S3` trait"
)]

mod access;
mod backend;
mod bucket;
mod checks;
mod checksum_fields;
mod condition;
mod copy;
mod delete;
mod failure;
mod get;
mod list;
mod meta;
mod multipart;
mod operations;
mod owner;
mod plain;
mod probe;
mod put;
mod receive;
mod slice;
mod tagging;

pub(crate) use access::LoopbackHost;
pub(crate) use operations::service;
pub(crate) use plain::Plain;
