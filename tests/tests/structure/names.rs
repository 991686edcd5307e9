//! What has a name in a module.

use std::collections::BTreeSet;

/// The names of a module.
#[derive(Debug, Default)]
pub struct Names {
    /// What is defined here.
    pub items: BTreeSet<String>,
    /// What is imported or re-exported.
    pub imports: Vec<Import>,
    /// The paths of which all names are.
    pub globs: Vec<Vec<String>>,
}

/// One name that is imported.
#[derive(Debug)]
pub struct Import {
    /// As what.
    pub name: String,
    /// From where.
    pub path: Vec<String>,
}
