//! The modules of one crate target.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::mentions::Mention;
use crate::names::Names;

/// All modules; the first is the crate's root.
#[derive(Debug, Default)]
pub struct Tree {
    /// In the order in which they were read.
    pub modules: Vec<Module>,
    /// Where modules that only tests see would lie, without `.rs`, from the workspace's root.
    pub of_tests: Vec<PathBuf>,
}

/// A module, in a file of its own or not.
#[derive(Debug)]
pub struct Module {
    /// Its name; that of the root is not used.
    pub name: String,
    /// The module that declares it.
    pub parent: Option<usize>,
    /// The modules that it declares.
    pub children: BTreeMap<String, usize>,
    /// The file that it stands in, from the workspace's root.
    pub file: PathBuf,
    /// The module whose file that is: itself, unless its text stands within another one.
    pub holder: usize,
    /// What has a name in it.
    pub names: Names,
    /// What it uses.
    pub mentions: Vec<Mention>,
}

impl Tree {
    /// `run::session`; `crate` for the root.
    pub fn path(&self, module: usize) -> String {
        let mut names = Vec::new();
        let mut at = module;
        while let Some(parent) = self.modules[at].parent {
            names.push(self.modules[at].name.as_str());
            at = parent;
        }
        names.reverse();
        if names.is_empty() { "crate".to_owned() } else { names.join("::") }
    }

    /// The modules from the root to this one, both included.
    pub fn line_of(&self, module: usize) -> Vec<usize> {
        let mut line: Vec<usize> = std::iter::successors(Some(module), |&at| self.modules[at].parent).collect();
        line.reverse();
        line
    }
}
