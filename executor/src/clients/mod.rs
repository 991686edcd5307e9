//! `wlx clients`: what there is, and how to get it.

mod list;

pub use list::{ClientsArgs, ClientsCommand, run};
