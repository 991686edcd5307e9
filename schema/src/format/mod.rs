//! The files that pass between programs, byte for byte. No other code writes them.

mod json_text;
mod keys;
pub mod prep_file;
mod record;
pub mod run_file;

pub use keys::Keys;
