//! The environment that a runner is started with.

use std::ffi::OsString;

use s3_clients::catalog::Launch;
use s3_clients::endpoint::Connection;

/// The variables of `launch`, and those that name the store. `None` means that the variable is removed.
pub fn variables(launch: &Launch, connection: &Connection) -> Vec<(&'static str, Option<OsString>)> {
    let own = launch.variables.iter().map(|(name, value)| (*name, Some(value.clone())));
    let of_store = connection.environment().into_iter().map(|(name, value)| (name, value.map(OsString::from)));
    own.chain(of_store).collect()
}
