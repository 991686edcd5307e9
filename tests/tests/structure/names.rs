//! What has a name in a module.

use std::collections::BTreeSet;

/// The names of a module.
#[derive(Debug, Default)]
pub struct Names {
    /// What is defined here.
    pub items: BTreeSet<String>,
    /// What is imported or re-exported.
    pub imports: Vec<Import>,
    /// The paths of modules whose names are all imported.
    pub globs: Vec<Vec<String>>,
}

/// One name that is imported.
#[derive(Debug)]
pub struct Import {
    /// Its name here.
    pub name: String,
    /// The path that it stands for.
    pub path: Vec<String>,
}
