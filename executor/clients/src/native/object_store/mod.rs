//! The client `object-store`: what it is is always known, the client itself comes with the cargo feature `object-store`.

#[cfg(feature = "object-store")]
mod client;
mod declaration;

#[cfg(feature = "object-store")]
pub use client::ObjectStoreClient;
pub use declaration::DECLARATION;
