//! What the end-to-end tests stand on: the built programs, a clean place to run them in, and the S3 servers and
//! clients that nobody here wrote.
//!
//! Every process that a test starts is a [`Child`](process::Child) in a process group of its own with a time limit, and ends
//! with the test that started it. Whatever is missing makes a test fail with what to do about it; nothing is
//! skipped. Nothing in the workspace depends on this crate.

pub mod binaries;
pub mod browser;
pub mod components;
pub mod context;
pub mod embedded;
pub mod endpoint;
pub mod faulty;
pub mod http;
pub mod moto;
pub mod ports;
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
pub use process::{Child, Finished, Invocation};
pub use prometheus::Prometheus;
pub use screen::Screen;
pub use seaweedfs::SeaweedFs;
pub use workload::HandWritten;
