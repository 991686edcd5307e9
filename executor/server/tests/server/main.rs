//! Drives the server over real sockets. The bare client controls every byte of a request; aws-sdk-s3 is a client as users
//! have it.

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
