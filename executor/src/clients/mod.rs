//! `wlx clients`: which clients there are, and how to install them.

mod list;

pub use list::{ClientsArgs, ClientsCommand, run};
