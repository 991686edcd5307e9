//! Settings: flags over environment over `wlx.toml` over defaults, resolved once into typed values that
//! remember their origin. The rest of the program sees only these.

mod arguments;
mod file;
mod origin;
mod resolve;

pub use arguments::CommonArgs;
pub use file::{FileError, SettingsFile};
pub use origin::{Origin, Setting};
pub use resolve::{Environment, Settings, SettingsError};
