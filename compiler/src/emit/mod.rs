//! Compiled files: their bytes, generated in chunks and compared with what is there.

pub mod json_text;
pub mod output_folder;
pub mod prep_file;
pub mod record;
pub mod run_file;
pub mod target;

/// Takes the bytes of a file in order.
pub trait Sink {
    /// Takes the next bytes.
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()>;
}

impl Sink for Vec<u8> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}

/// Bytes without the bytes: for the size of a file that is not generated.
#[derive(Debug, Default)]
pub struct Length(pub u64);

impl Sink for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.0 += bytes.len() as u64;
        Ok(())
    }
}
