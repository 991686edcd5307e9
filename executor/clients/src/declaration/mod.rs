//! What a client is and can do, as data: the catalogue, reasons to skip, the list of clients, documents and tests read
//! it, so that no prose has to agree with code.

mod capabilities;
mod lack;
mod needs;
mod words;

pub use capabilities::{Capabilities, DirectoryBuckets, Memory, TunedValue, Validation};
pub use lack::Lack;
pub use needs::{Needs, is_directory_bucket};

/// What a client is. Each client has one, in its own file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declaration {
    /// The id that people type and records carry (contract 5).
    pub id: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// The library behind it, as reasons name it.
    pub library: &'static str,
    /// What it can do.
    pub capabilities: Capabilities,
}

impl Declaration {
    /// Whether the client can do work with these needs; the reason where it cannot.
    pub fn covers(&self, needs: &Needs) -> Result<(), String> {
        self.capabilities.covers(needs).map_err(|lack| lack.told_of(self.id, self.library))
    }
}
