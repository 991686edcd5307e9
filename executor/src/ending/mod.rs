//! How commands end: with what they came to, or with the error that stopped them. Only `cli` prints either and makes it
//! an exit code.

mod command_error;
mod ended;
mod refusal;

pub use command_error::CommandError;
pub use ended::{Ended, Ending};
pub use refusal::Refusal;
