//! Compiled files on disk: compared with what is there while they are generated, and written where they differ.

mod hashed;
pub mod output_file;
pub mod output_folder;
