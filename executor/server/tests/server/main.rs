//! Drives the server over real sockets: with the bare client for what is on the wire, with aws-sdk-s3 for the API.

mod admin;
mod checksums;
mod conditions;
mod context;
mod copies;
mod faults;
mod listings;
mod multipart;
mod objects;
mod plain;
mod records;
mod restart;
mod sdk;
mod signatures;
mod synthetic;
