//! A runner of another maker, which knows only the published runner protocol: `tests/foreign/runner.pl`.

use crate::binaries::workspace_root;

/// The command that starts it with `flags`.
pub fn command(flags: &str) -> String {
    format!("perl '{}' {flags}", workspace_root().join("tests/foreign/runner.pl").display())
}

/// The section of `wlx.toml` that adds it as the client `name`.
pub fn section(name: &str, flags: &str) -> String {
    format!("[clients.{name}]\ncommand = \"{}\"\n", command(flags))
}
