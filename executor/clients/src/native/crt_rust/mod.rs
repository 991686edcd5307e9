//! The client `crt-rust`: what it is is always known, the client itself comes with the cargo feature `crt`.

#[cfg(feature = "crt")]
mod client;
mod declaration;

#[cfg(feature = "crt")]
pub use client::CrtRustClient;
pub use declaration::DECLARATION;
