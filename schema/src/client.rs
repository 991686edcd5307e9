//! Ids of clients that carry a meaning beyond their name.

/// The client that does no I/O: its figures are the floor of the harness and stand beside no other client's.
pub const NULL_CLIENT: &str = "null";
