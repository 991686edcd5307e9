//! All who look on at one command: told everything in turn, and waited for at its end.

use super::sight::{Sight, Watch};
use crate::store::RunId;

/// Those who were asked for on the command line.
#[derive(Default)]
pub struct Watchers {
    all: Vec<Box<dyn Watch>>,
}

impl Watchers {
    /// Nobody looks on.
    pub fn nobody() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn add(&mut self, watch: impl Watch + 'static) {
        self.all.push(Box::new(watch));
    }

    /// Tells everybody.
    pub fn see(&mut self, run: RunId, sight: &Sight<'_>) {
        for watch in &mut self.all {
            watch.see(run, sight);
        }
    }
}
