//! Pages made from results files with recorded tasks.

mod pages;
