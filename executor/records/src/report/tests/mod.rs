//! Pages made from stores with recorded tasks.

mod fixture;
mod pages;

pub(super) use fixture::recorded_store;
