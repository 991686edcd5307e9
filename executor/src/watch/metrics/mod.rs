//! `--metrics`: the runs as Prometheus sees them.

mod endpoint;
mod tally;
#[cfg(test)]
mod tests;
mod values;

pub use endpoint::{Endpoint, ListenError};
pub use tally::Tally;

use super::{Sight, Watch};
use run_records::results_file::RunId;

impl Watch for Tally {
    fn see(&mut self, run: RunId, sight: &Sight<'_>) {
        Self::see(self, run, sight);
    }
}
