//! Which runs to read.

/// Runs by what they have in common; every empty field lets all through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Names of workloads, in their modern spelling.
    pub workloads: Vec<String>,
    /// Client ids.
    pub clients: Vec<String>,
    /// The session that the runs belong to.
    pub session: Option<String>,
    /// At most so many, the newest ones.
    pub limit: Option<u32>,
}
