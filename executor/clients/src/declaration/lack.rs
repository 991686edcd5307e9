//! What a client lacks for a workload, and how that is told.

use std::fmt::Display;

use workload_schema::{Checksum, Operation};

/// Why a client cannot do a workload: the run is skipped with this reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// It does not do this operation.
    Operation {
        /// What is asked for.
        asked: Operation,
    },
    /// It sends no checksum at all.
    AnyChecksum {
        /// What is asked for.
        asked: Checksum,
    },
    /// It does not send this one.
    Checksum {
        /// What is asked for.
        asked: Checksum,
        /// What it sends.
        known: &'static [Checksum],
    },
    /// It validates no download.
    Validation {
        /// What is asked for.
        asked: Checksum,
    },
    /// It validates no download above a part.
    ValidationAbove {
        /// What is asked for.
        asked: Checksum,
        /// Size of a part in bytes.
        part_size: u64,
    },
    /// One command transfers several objects from and to files only.
    SeveralInMemory,
    /// It takes no payload from RAM.
    FromMemory,
    /// It leaves no payload in RAM.
    ToMemory,
    /// It does neither.
    Memory {
        /// Why, where that is worth telling.
        because: Option<&'static str>,
    },
    /// One command goes in one direction.
    BothDirections,
    /// It does not reach directory buckets.
    DirectoryBuckets,
    /// It does not reach directory buckets of AWS.
    Sessions,
}

impl Lack {
    /// The reason in words; `library` is what knows or does not know of checksums.
    pub fn told_of(self, client: impl Display, library: impl Display) -> String {
        match self {
            Self::Operation { asked } => format!("{client} does not do the operation `{asked}`"),
            Self::AnyChecksum { asked } => {
                format!("{library} cannot set a checksum algorithm, and {asked} is asked for")
            }
            Self::Checksum { asked, known } => format!("{library} cannot send {asked}, only {}", list(known)),
            Self::Validation { asked } => format!("{library} does not validate the {asked} of downloads"),
            Self::ValidationAbove { asked, part_size } => {
                format!("{library} does not validate the {asked} of downloads above a part of {part_size} bytes")
            }
            Self::SeveralInMemory => {
                format!("{client} cannot transfer several files in one command unless they are on disk")
            }
            Self::FromMemory => format!("{client} cannot upload from RAM"),
            Self::ToMemory => format!("{client} cannot download to RAM"),
            Self::Memory { because } => {
                let because = because.map(|why| format!(": {why}")).unwrap_or_default();
                format!("{client} cannot stream from or to RAM{because}")
            }
            Self::BothDirections => format!("{client} cannot upload and download in one command"),
            Self::DirectoryBuckets => format!("{client} cannot use directory buckets"),
            Self::Sessions => "directory buckets need sessions, which this client cannot open".to_owned(),
        }
    }
}

/// `A`, `A and B`, `A, B and C`.
pub fn list(checksums: &[Checksum]) -> String {
    match checksums {
        [] => String::new(),
        [one] => one.to_string(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(|checksum| checksum.as_str()).collect();
            format!("{} and {last}", first.join(", "))
        }
    }
}
