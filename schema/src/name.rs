//! Names that are checked once, in their constructor: workloads, buckets and object keys.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Length of the longest object key that S3 accepts, in bytes of UTF-8.
pub const MAX_KEY_BYTES: usize = 1024;

/// Why a text cannot be an object key of a workload.
///
/// Keys are also paths below the files directory, so a key that could leave it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is empty.
    #[error("a key is not empty")]
    Empty,
    /// It is longer than [`MAX_KEY_BYTES`]. The length is in bytes.
    #[error("a key has at most 1024 bytes of UTF-8, this has {0}")]
    TooLong(usize),
    /// It starts with `/`.
    #[error("a key is a relative path and does not start with `/`")]
    Absolute,
    /// It has an empty part, like `a//b` or `a/`.
    #[error("a key has no empty part (no `//`, no `/` at its end)")]
    EmptyPart,
    /// It has the part `.` or `..`.
    #[error("a key has no `.` or `..` part, which could leave the files directory")]
    Dots,
    /// It has a NUL, which no file name can have.
    #[error("a key has no NUL")]
    Nul,
    /// It has a backslash, which is a separator on some systems.
    #[error("a key has no backslash")]
    Backslash,
    /// It has a part of more than 255 bytes, which no file name can have.
    #[error("a part of a key has at most 255 bytes, the longest file name")]
    PartTooLong,
}

/// The key of an object: at most 1,024 bytes, and safe as a path below the files directory.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Box<str>", into = "Box<str>")]
pub struct ObjectKey(Box<str>);

impl ObjectKey {
    /// Checks `key`; see [`KeyError`] for what is refused.
    pub fn new(key: impl Into<Box<str>>) -> Result<Self, KeyError> {
        let key = key.into();
        check_key(&key)?;
        Ok(Self(key))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check_key(key: &str) -> Result<(), KeyError> {
    if key.is_empty() {
        return Err(KeyError::Empty);
    }
    if key.len() > MAX_KEY_BYTES {
        return Err(KeyError::TooLong(key.len()));
    }
    if key.starts_with('/') {
        return Err(KeyError::Absolute);
    }
    let mut part_start = 0;
    let bytes = key.as_bytes();
    for at in 0..=bytes.len() {
        match bytes.get(at) {
            None | Some(b'/') => {
                match &bytes[part_start..at] {
                    b"" => return Err(KeyError::EmptyPart),
                    b"." | b".." => return Err(KeyError::Dots),
                    part if part.len() > 255 => return Err(KeyError::PartTooLong),
                    _ => {}
                }
                part_start = at + 1;
            }
            Some(0) => return Err(KeyError::Nul),
            Some(b'\\') => return Err(KeyError::Backslash),
            Some(_) => {}
        }
    }
    Ok(())
}

impl TryFrom<Box<str>> for ObjectKey {
    type Error = KeyError;

    fn try_from(key: Box<str>) -> Result<Self, KeyError> {
        Self::new(key)
    }
}

impl From<ObjectKey> for Box<str> {
    fn from(key: ObjectKey) -> Self {
        key.0
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text cannot name a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a workload name has 1 to 200 letters, digits, `-` or `_`, and starts with a letter or digit")]
pub struct WorkloadNameError;

/// The name of a workload, and of its compiled files.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WorkloadName(String);

impl WorkloadName {
    /// Checks `name`, which becomes a file name and a command-line argument.
    pub fn new(name: impl Into<String>) -> Result<Self, WorkloadNameError> {
        let name = name.into();
        let fits = (1..=200).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && name.as_bytes()[0].is_ascii_alphanumeric();
        if fits { Ok(Self(name)) } else { Err(WorkloadNameError) }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for WorkloadName {
    type Error = WorkloadNameError;

    fn try_from(name: String) -> Result<Self, WorkloadNameError> {
        Self::new(name)
    }
}

impl From<WorkloadName> for String {
    fn from(name: WorkloadName) -> Self {
        name.0
    }
}

impl fmt::Display for WorkloadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text cannot name a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a bucket name has 3 to 63 lower-case letters, digits, dots or hyphens, and starts and ends with a letter or digit"
)]
pub struct BucketNameError;

/// The name of an S3 bucket.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BucketName(String);

impl BucketName {
    /// Checks `name` against the rules that all S3 stores share.
    pub fn new(name: impl Into<String>) -> Result<Self, BucketNameError> {
        let name = name.into();
        let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let fits = (3..=63).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-')
            && edge(name.as_bytes().first())
            && edge(name.as_bytes().last())
            && !name.contains("..");
        if fits { Ok(Self(name)) } else { Err(BucketNameError) }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The availability-zone id of a directory bucket (S3 Express): the part before `--x-s3`.
    pub fn availability_zone(&self) -> Option<&str> {
        let base = self.0.strip_suffix("--x-s3")?;
        base.rsplit_once("--").map(|(_, zone)| zone).filter(|zone| !zone.is_empty())
    }
}

impl TryFrom<String> for BucketName {
    type Error = BucketNameError;

    fn try_from(name: String) -> Result<Self, BucketNameError> {
        Self::new(name)
    }
}

impl FromStr for BucketName {
    type Err = BucketNameError;

    fn from_str(name: &str) -> Result<Self, BucketNameError> {
        Self::new(name)
    }
}

impl From<BucketName> for String {
    fn from(name: BucketName) -> Self {
        name.0
    }
}

impl fmt::Display for BucketName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_could_leave_the_files_directory_are_refused() {
        let long = "x/".repeat(512) + "y";
        let part = "x".repeat(256);
        for (key, error) in [
            ("", KeyError::Empty),
            ("/etc/passwd", KeyError::Absolute),
            ("a/../../b", KeyError::Dots),
            ("./a", KeyError::Dots),
            ("a//b", KeyError::EmptyPart),
            ("a/", KeyError::EmptyPart),
            ("a\0b", KeyError::Nul),
            ("a\\b", KeyError::Backslash),
            (long.as_str(), KeyError::TooLong(1025)),
            (part.as_str(), KeyError::PartTooLong),
        ] {
            assert_eq!(ObjectKey::new(key), Err(error), "{key:?}");
        }
        assert!(ObjectKey::new("download/256KiB-10_000x/00001").is_ok() && ObjectKey::new("a/..b/c..").is_ok());
    }

    #[test]
    fn a_directory_bucket_names_its_zone() {
        let zone = |name: &str| BucketName::new(name).unwrap().availability_zone().map(str::to_owned);
        assert_eq!(zone("bench--usw2-az1--x-s3").as_deref(), Some("usw2-az1"));
        assert_eq!(zone("bench-x-s3"), None);
        for name in ["ab", "Aaa", "-aa", "aa-", "a..b", "a_b"] {
            assert!(BucketName::new(name).is_err(), "{name}");
        }
    }
}
