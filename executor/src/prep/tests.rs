//! Preparing against a real server in this process.

mod bucket;
mod files;
mod fixture;
mod lifecycle;
mod objects;
