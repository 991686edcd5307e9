//! The harness of the end-to-end tests: the built programs, a clean place to run them in, and S3 servers and clients of
//! other makers.
//!
//! Every process that a test starts is a [`Child`]: it has a process group of its own and a time limit, and it ends with its
//! test. Where something is missing, a test fails and says how to get it; no test is skipped. No other crate of the
//! workspace depends on this one.

pub mod binaries;
pub mod browser;
pub mod components;
pub mod context;
pub mod embedded;
pub mod endpoint;
pub mod faulty;
pub mod foreign;
pub mod http;
pub mod moto;
pub mod ports;
pub mod prepared;
pub mod process;
pub mod prometheus;
pub mod screen;
pub mod seaweedfs;
pub mod workload;

pub use browser::Browser;
pub use context::TestContext;
pub use embedded::EmbeddedServer;
pub use endpoint::Endpoint;
pub use moto::Moto;
pub use prepared::{BUCKET, prepared, served};
pub use process::{Child, Finished, Invocation, Output};
pub use prometheus::Prometheus;
pub use screen::Screen;
pub use seaweedfs::SeaweedFs;
pub use workload::{HandWritten, numbered};
