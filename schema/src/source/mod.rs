//! The source language of `wlc`: what people write to describe workloads.
//!
//! These types are the only definition of the language. The compiler reads sources with them, and the JSON Schema for
//! editors and the language reference in `docs/` are generated from them. Any scalar may hold `{{ expressions }}`;
//! [`Templated`] is a field that may be one.

mod defaults;
mod document;
mod shape;
mod templated;
mod values;

pub use defaults::{DEFAULT_FILES_ON_DISK, DEFAULT_MAX_REPEAT_COUNT, DEFAULT_MAX_REPEAT_SECS, DEFAULT_NUM_FILES};
pub use document::{Source, TaskSource};
pub use shape::{Matrix, Variables};
pub use templated::{Templated, is_template};
pub use values::{Count, SizeText, TaskSize};
