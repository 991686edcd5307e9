//! The fourth stage: the contents of the compiled files. [`crate::emit`] only writes them.

use crate::checked::Checked;
use crate::contents::Contents;

/// The contents of the files of all workloads, in the order of the sources.
#[derive(Debug)]
pub struct Compiled<'a> {
    workloads: Vec<Contents<'a>>,
}

impl<'a> Compiled<'a> {
    /// Compiles every workload.
    pub fn of(checked: &'a Checked) -> Self {
        Self { workloads: checked.workloads().iter().map(Contents::of).collect() }
    }

    /// The contents of the files of each workload.
    pub fn workloads(&self) -> &[Contents<'a>] {
        &self.workloads
    }
}
