//! Pages made from stores with recorded tasks.

mod pages;
