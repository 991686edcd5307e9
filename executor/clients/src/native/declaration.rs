//! What a client that this program carries is, beside what every client is.

use crate::declaration::Declaration;

/// What a client of this program is.
#[derive(Debug, Clone, Copy)]
pub struct NativeDeclaration {
    /// What it is and can do.
    pub declaration: Declaration,
    /// The cargo feature that it is built with, where it is not always there.
    pub feature: Option<Feature>,
    /// The crate that it is, with its version.
    pub version: fn() -> String,
}

/// A cargo feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// Its name.
    pub name: &'static str,
    /// Whether this build has it.
    pub is_built_in: bool,
}
