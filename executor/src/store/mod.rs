//! The store that is measured, and the embedded server where nothing is configured.

mod embedded;
mod open;

pub use embedded::{EmbeddedError, EmbeddedServer, Ready};
pub use open::{Store, StoreError};
