//! The fourth stage: what the compiled files say. [`crate::emit`] only writes it.

use crate::checked::Checked;
use crate::contents::Contents;

/// The contents of the files of all checked workloads, in the order of the sources.
#[derive(Debug)]
pub struct Compiled<'a> {
    workloads: Vec<Contents<'a>>,
}

impl<'a> Compiled<'a> {
    /// Compiles every workload.
    pub fn of(checked: &'a Checked) -> Self {
        Self { workloads: checked.workloads().iter().map(Contents::of).collect() }
    }

    /// The contents, workload by workload.
    pub fn workloads(&self) -> &[Contents<'a>] {
        &self.workloads
    }
}
