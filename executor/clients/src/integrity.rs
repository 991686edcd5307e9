//! Whether bytes are the ones they must be: lengths always, contents where they are asked for, off the clock.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use synthetic_content::Content;
use workload_schema::ErrorKind;

use crate::endpoint::Failure;

/// Bytes whose content is compared in one go, about: more would take longer than the repeat that is checked.
const BUDGET: u64 = 1 << 30;
const BUFFER: usize = 1 << 20;

/// Those of `items` whose contents are compared: all, or where they are too many, some spread evenly over them, the
/// first always.
pub fn sample<T>(items: &[T], size: impl Fn(&T) -> u64) -> impl Iterator<Item = &T> {
    let total: u64 = items.iter().map(size).sum();
    let step = usize::try_from(total.div_ceil(BUDGET)).unwrap_or(usize::MAX).max(1);
    items.iter().step_by(step)
}

/// Compares a stream of bytes with the content of a key.
#[derive(Debug)]
pub struct Comparison {
    content: Content,
    key: String,
    at: u64,
}

impl Comparison {
    /// Nothing compared yet.
    pub fn of(key: &str) -> Self {
        Self { content: Content::of_key(key), key: key.to_owned(), at: 0 }
    }

    /// Compares the next bytes.
    pub fn next(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if let Some(index) = self.content.mismatch(self.at, bytes) {
            let offset = self.at + index as u64;
            return Err(wrong(&self.key, &format!("the byte at {offset} is not the one that was stored")));
        }
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Whether all `size` bytes came; how many it were.
    pub fn end(self, size: u64) -> Result<u64, Failure> {
        if self.at == size { Ok(size) } else { Err(wrong_length(&self.key, self.at, size)) }
    }
}

/// Compares all of a file with the content of `key`; answers its size.
pub fn check_file(path: &Path, key: &str, size: u64) -> Result<u64, Failure> {
    let mut comparison = Comparison::of(key);
    let failed = |error: std::io::Error| Failure::disk("read", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let mut buffer = vec![0; BUFFER];
    loop {
        match file.read(&mut buffer).map_err(failed)? {
            0 => return comparison.end(size),
            count => comparison.next(&buffer[..count])?,
        }
    }
}

/// Whether a file has the length that it must have.
pub fn check_length(path: &Path, key: &str, size: u64) -> Result<u64, Failure> {
    match std::fs::metadata(path) {
        Ok(file) if file.len() == size => Ok(size),
        Ok(file) => Err(wrong_length(key, file.len(), size)),
        Err(error) => Err(Failure::disk("find the downloaded file", path, &error)),
    }
}

/// A failure by a wrong number of bytes.
pub fn wrong_length(key: &str, found: u64, size: u64) -> Failure {
    wrong(key, &format!("{found} bytes where {size} are expected"))
}

fn wrong(key: &str, what: &str) -> Failure {
    Failure::local(ErrorKind::Integrity, format!("{key}: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_byte_is_found_where_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let size = (BUFFER + 100) as u64;
        let mut bytes = vec![0; BUFFER + 100];
        Content::of_key("a/b").fill(0, &mut bytes);
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(check_file(&path, "a/b", size), Ok(size));
        assert_eq!(check_length(&path, "a/b", size), Ok(size));
        assert!(check_file(&path, "a/c", size).is_err());
        bytes[BUFFER + 3] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let failure = check_file(&path, "a/b", size).unwrap_err();
        assert_eq!(failure.message, "a/b: the byte at 1048579 is not the one that was stored");
        std::fs::write(&path, &bytes[..10]).unwrap();
        assert!(check_length(&path, "a/b", size).unwrap_err().message.contains("10 bytes where 1048676"));
    }

    #[test]
    fn samples_are_spread_and_never_empty() {
        let all = [100_u64; 10];
        assert_eq!(sample(&all, |size| *size).count(), 10);
        let large = [BUDGET; 10];
        assert_eq!(sample(&large, |size| *size).count(), 1);
        let half = [BUDGET / 5; 10];
        assert_eq!(sample(&half, |size| *size).count(), 5);
    }
}
