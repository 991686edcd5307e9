//! Writing compiled files. They are compared with the existing files while they are generated, and written only if they
//! differ.

mod hashed;
pub mod output_file;
pub mod output_folder;
mod pieces;
