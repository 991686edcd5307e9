//! `--scale 1/1024`: the same workload with every size shrunk, on keys of its own.

use std::fmt;
use std::str::FromStr;

use crate::name::KeyError;
use crate::naming::UPLOAD_PREFIX;
use crate::workload::Object;
use crate::{ObjectKey, Workload};

/// The factor by which every size of a workload shrinks: one over a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    divisor: u64,
}

/// A text that is not a scale.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a scale is written 1/N with a whole number N of at least 1, like 1/1024")]
pub struct ScaleError;

impl Scale {
    /// Sizes stay as they are.
    pub const ONE: Self = Self { divisor: 1 };

    /// Whether sizes stay as they are.
    pub fn is_one(self) -> bool {
        self.divisor == 1
    }

    /// The shrunk size in bytes. Only an empty object becomes empty.
    pub fn apply(self, size: u64) -> u64 {
        if size == 0 { 0 } else { (size / self.divisor).max(1) }
    }

    /// The key of the shrunk object, in a folder of its own. A key below `upload/` stays below it, so that the expiry
    /// rule still covers it.
    pub fn key(self, key: &ObjectKey) -> Result<ObjectKey, KeyError> {
        if self.is_one() {
            return Ok(key.clone());
        }
        let folder = format!("scaled-1-{}", self.divisor);
        match key.as_str().strip_prefix(UPLOAD_PREFIX) {
            Some(rest) => ObjectKey::new(format!("{UPLOAD_PREFIX}{folder}/{rest}")),
            None => ObjectKey::new(format!("{folder}/{}", key.as_str())),
        }
    }

    /// The workload with every object shrunk. Its comment says so.
    pub fn workload(self, workload: &Workload) -> Result<Workload, KeyError> {
        if self.is_one() {
            return Ok(workload.clone());
        }
        let scaled =
            workload.map_objects(|object| Ok(Object { key: self.key(&object.key)?, size: self.apply(object.size) }))?;
        Ok(scaled.with_comment(format!("scaled {self}: {}", workload.comment())))
    }
}

impl FromStr for Scale {
    type Err = ScaleError;

    fn from_str(text: &str) -> Result<Self, ScaleError> {
        let divisor = match text.split_once('/') {
            Some(("1", divisor)) => divisor.parse().map_err(|_| ScaleError)?,
            None if text == "1" => 1,
            _ => return Err(ScaleError),
        };
        if divisor == 0 { Err(ScaleError) } else { Ok(Self { divisor }) }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_one() { f.write_str("1") } else { write!(f, "1/{}", self.divisor) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DataMedium, Operation, Task};

    #[test]
    fn sizes_shrink_and_keys_move_apart() {
        let scale: Scale = "1/1024".parse().unwrap();
        assert_eq!((scale.apply(5 << 30), scale.apply(100), scale.apply(0)), (5 << 20, 1, 0));
        let key = |text: &str| scale.key(&ObjectKey::new(text).unwrap()).unwrap().to_string();
        assert_eq!(key("upload/5GiB-1x/1"), "upload/scaled-1-1024/5GiB-1x/1");
        assert_eq!(key("download/5GiB-1x/1"), "scaled-1-1024/download/5GiB-1x/1");
        assert_eq!(scale.to_string(), "1/1024");
    }

    #[test]
    fn a_scaled_workload_says_so() {
        let key = ObjectKey::new("download/1KiB-1x/1").unwrap();
        let task = Task { operation: Operation::Download, key, size: 1024 };
        let workload = Workload::of_tasks([task]).unwrap().with_comment("c").with_medium(DataMedium::Memory);
        let scaled = "1/2".parse::<Scale>().unwrap().workload(&workload).unwrap();
        let first = scaled.first_task();
        assert_eq!((first.key.as_str(), first.size), ("scaled-1-2/download/1KiB-1x/1", 512));
        assert_eq!((scaled.comment(), scaled.on_disk()), ("scaled 1/2: c", false));
        assert_eq!(Scale::ONE.workload(&workload).unwrap(), workload);
    }

    #[test]
    fn only_one_over_a_whole_number_is_a_scale() {
        for text in ["", "0", "2", "1/0", "2/3", "1/-1", "0.5", "1/x"] {
            assert_eq!(text.parse::<Scale>(), Err(ScaleError), "{text}");
        }
        assert_eq!("1/1".parse(), Ok(Scale::ONE));
    }
}
