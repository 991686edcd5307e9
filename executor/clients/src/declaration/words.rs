//! Capabilities in words, for the list of clients.

use std::fmt;

use workload_schema::Checksum;

use super::lack::list;
use super::{Capabilities, DirectoryBuckets, Memory, TunedValue, Validation};

impl fmt::Display for Capabilities {
    /// The limits, shortest form first: `all workloads, all checksums` where there are none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.one_command { "one command per workload" } else { "all workloads" })?;
        write!(f, "{}", self.checksums())?;
        if let Some(memory) = self.memory() {
            write!(f, "; {memory}")?;
        }
        match self.directory_buckets {
            DirectoryBuckets::Nowhere => f.write_str("; no directory buckets")?,
            DirectoryBuckets::AtEndpoints => f.write_str("; no directory buckets of AWS")?,
            DirectoryBuckets::Everywhere => {}
        }
        if !self.not_tunable.is_empty() {
            let values: Vec<&str> = self.not_tunable.iter().map(|value| value.words()).collect();
            write!(f, "; cannot be tuned: {}", values.join(", "))?;
        }
        Ok(())
    }
}

impl Capabilities {
    fn checksums(&self) -> String {
        let sends = if self.sends.len() == Checksum::ALL.len() { None } else { Some(list(self.sends)) };
        match (self.validates, sends) {
            _ if self.sends.is_empty() => "; no checksums".to_owned(),
            (Validation::Everything, None) => ", all checksums".to_owned(),
            (Validation::Everything, Some(some)) => format!("; {some}"),
            (Validation::UpToAPart, sends) => {
                format!("; {}, but not of downloads above a part", sends.unwrap_or_else(|| "all checksums".to_owned()))
            }
            (Validation::Nothing, sends) => {
                format!("; {} of uploads only", sends.unwrap_or_else(|| "all checksums".to_owned()))
            }
        }
    }

    fn memory(&self) -> Option<String> {
        let words = |memory, direction| match memory {
            Memory::None => format!("none {direction} RAM"),
            Memory::OneObject => format!("one object {direction} RAM"),
            Memory::Any => format!("any number {direction} RAM"),
        };
        match (self.from_memory, self.to_memory) {
            (Memory::Any, Memory::Any) => None,
            (Memory::None, Memory::None) => Some("files on disk only".to_owned()),
            (Memory::OneObject, Memory::OneObject) => Some("one object from and to RAM".to_owned()),
            (from, to) => Some(format!("{}, {}", words(from, "from"), words(to, "to"))),
        }
    }
}

impl TunedValue {
    fn words(self) -> &'static str {
        match self {
            Self::PartSize => "part size",
            Self::Connections => "connections",
            Self::FilesInFlight => "files in flight",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_said() {
        let all = Capabilities::ALL;
        let some: &[Checksum] = &[Checksum::Crc64nvme, Checksum::Sha256];
        for (capabilities, words) in [
            (all, "all workloads, all checksums"),
            (
                Capabilities { validates: Validation::UpToAPart, ..all },
                "all workloads; all checksums, but not of downloads above a part",
            ),
            (
                Capabilities {
                    sends: some,
                    validates: Validation::Nothing,
                    directory_buckets: DirectoryBuckets::Nowhere,
                    ..all
                },
                "all workloads; CRC64NVME and SHA256 of uploads only; no directory buckets",
            ),
            (
                Capabilities {
                    sends: &[],
                    one_command: true,
                    from_memory: Memory::OneObject,
                    to_memory: Memory::None,
                    ..all
                },
                "one command per workload; no checksums; one object from RAM, none to RAM",
            ),
            (
                Capabilities { not_tunable: &[TunedValue::Connections, TunedValue::FilesInFlight], ..all },
                "all workloads, all checksums; cannot be tuned: connections, files in flight",
            ),
        ] {
            assert_eq!(capabilities.to_string(), words);
        }
    }
}
