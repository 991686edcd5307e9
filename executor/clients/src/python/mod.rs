//! The clients of our Python runner: what each is, and the runner's sources, which this program carries.

mod declarations;
mod sources;

pub use declarations::{PYTHON_CLIENTS, PythonClient};
pub use sources::write;
