//! The client `sdk-rust-tm`: what it is is always known, the client itself comes with the cargo feature `transfer-manager`.

#[cfg(feature = "transfer-manager")]
mod client;
mod declaration;

#[cfg(feature = "transfer-manager")]
pub use client::TransferManagerClient;
pub use declaration::DECLARATION;
