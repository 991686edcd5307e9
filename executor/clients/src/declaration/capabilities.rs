//! What a client can do.

use workload_schema::{Checksum, Operation};

use super::{Lack, Needs};

/// What a client can do. Every client does its operations on objects of every size, from and to files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// The operations that it does.
    pub operations: &'static [Operation],
    /// Whether it does a whole workload with one command: all in one direction.
    pub one_command: bool,
    /// The checksums that it can send with uploads.
    pub sends: &'static [Checksum],
    /// What it validates of downloads, of the checksums that it sends.
    pub validates: Validation,
    /// Uploads from RAM.
    pub from_memory: Memory,
    /// Downloads to RAM.
    pub to_memory: Memory,
    /// Why RAM is limited, where the reason is worth telling.
    pub memory_limit: Option<&'static str>,
    /// Where it reaches directory buckets (S3 Express One Zone).
    pub directory_buckets: DirectoryBuckets,
    /// The values that it has no setting for.
    pub not_tunable: &'static [TunedValue],
    /// Whether its requests could leave the endpoint that it is given, so that a run is worth a check first.
    pub may_leave_the_endpoint: bool,
}

/// Which downloads are validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validation {
    /// None.
    Nothing,
    /// Those of at most a part's size: larger ones are read in ranges, which have no checksum.
    UpToAPart,
    /// All.
    Everything,
}

/// How many objects may have their payload in RAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// None.
    None,
    /// The only one of a workload, as a stream.
    OneObject,
    /// Any number.
    Any,
}

/// Where a client reaches directory buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectoryBuckets {
    /// Nowhere.
    Nowhere,
    /// At endpoints that are named to it, not at AWS: it opens no sessions.
    AtEndpoints,
    /// Everywhere.
    Everywhere,
}

/// A value that people may tune.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TunedValue {
    /// Size of parts and ranges.
    PartSize,
    /// Connections (requests in flight).
    Connections,
    /// Files (tasks) in flight.
    FilesInFlight,
}

/// Whole objects, both ways: what every client has done since version 2 of the workload format.
const TRANSFERS: &[Operation] = &[Operation::Upload, Operation::Download];

impl Capabilities {
    /// Everything that a workload of version 2 can ask for.
    pub const ALL: Self = Self {
        operations: TRANSFERS,
        one_command: false,
        sends: &Checksum::ALL,
        validates: Validation::Everything,
        from_memory: Memory::Any,
        to_memory: Memory::Any,
        memory_limit: None,
        directory_buckets: DirectoryBuckets::Everywhere,
        not_tunable: &[],
        may_leave_the_endpoint: false,
    };

    /// Whether this is enough for `needs`; what is lacking where it is not.
    pub fn covers(&self, needs: &Needs) -> Result<(), Lack> {
        self.covers_operations(needs)?;
        self.covers_directions(needs)?;
        self.covers_memory(needs)?;
        self.covers_checksum(needs)?;
        match self.directory_buckets {
            DirectoryBuckets::Nowhere if needs.directory_bucket => Err(Lack::DirectoryBuckets),
            DirectoryBuckets::AtEndpoints if needs.directory_bucket && !needs.at_endpoint => Err(Lack::Sessions),
            _ => Ok(()),
        }
    }

    fn covers_operations(&self, needs: &Needs) -> Result<(), Lack> {
        match needs.operations.iter().find(|asked| !self.operations.contains(asked)) {
            Some(asked) => Err(Lack::Operation { asked: *asked }),
            None => Ok(()),
        }
    }

    fn covers_directions(&self, needs: &Needs) -> Result<(), Lack> {
        if self.one_command && needs.largest_upload.is_some() && needs.largest_download.is_some() {
            return Err(Lack::BothDirections);
        }
        Ok(())
    }

    fn covers_memory(&self, needs: &Needs) -> Result<(), Lack> {
        if needs.files_on_disk {
            return Ok(());
        }
        let directions = [(needs.largest_upload, self.from_memory), (needs.largest_download, self.to_memory)];
        let needed = || directions.iter().filter(|(largest, _)| largest.is_some()).map(|(_, memory)| *memory);
        if needs.tasks > 1 && needed().any(|memory| memory != Memory::Any) {
            return Err(Lack::SeveralInMemory);
        }
        if needed().all(|memory| memory != Memory::None) {
            return Ok(());
        }
        if self.from_memory == Memory::None && self.to_memory == Memory::None {
            return Err(Lack::Memory { because: self.memory_limit });
        }
        Err(if needs.largest_download.is_some() { Lack::ToMemory } else { Lack::FromMemory })
    }

    fn covers_checksum(&self, needs: &Needs) -> Result<(), Lack> {
        let Some(checksum) = needs.checksum else { return Ok(()) };
        if self.sends.is_empty() {
            return Err(Lack::AnyChecksum { asked: checksum });
        }
        match (self.validates, needs.largest_download) {
            (Validation::Nothing, Some(_)) => return Err(Lack::Validation { asked: checksum }),
            (Validation::UpToAPart, Some(largest)) if largest > needs.part_size() => {
                return Err(Lack::ValidationAbove { asked: checksum, part_size: needs.part_size() });
            }
            (Validation::Nothing, None) | (Validation::UpToAPart | Validation::Everything, _) => {}
        }
        if self.sends.contains(&checksum) {
            return Ok(());
        }
        Err(Lack::Checksum { asked: checksum, known: self.sends })
    }
}

#[cfg(test)]
mod tests {
    use workload_schema::event::Tuned;

    use super::*;

    const DOWNLOAD: Needs = Needs {
        operations: Vec::new(),
        largest_upload: None,
        largest_download: Some(100),
        tasks: 1,
        files_on_disk: false,
        checksum: Some(Checksum::Crc32),
        tuned: Tuned { part_size_bytes: None, connections: None, files_in_flight: None },
        directory_bucket: false,
        at_endpoint: false,
    };
    const UPLOAD: Needs = Needs {
        operations: Vec::new(),
        largest_upload: Some(100),
        largest_download: None,
        tasks: 1,
        files_on_disk: false,
        checksum: Some(Checksum::Crc32),
        tuned: Tuned { part_size_bytes: None, connections: None, files_in_flight: None },
        directory_bucket: false,
        at_endpoint: false,
    };

    #[test]
    fn all_covers_everything() {
        let needs = Needs { largest_upload: Some(1), tasks: 9, directory_bucket: true, ..DOWNLOAD };
        assert_eq!(Capabilities::ALL.covers(&needs), Ok(()));
    }

    #[test]
    fn each_limit_is_a_lack() {
        let all = Capabilities::ALL;
        let asked = Checksum::Crc32;
        let known: &[Checksum] = &[Checksum::Sha256];
        let large = Needs { largest_download: Some((8 << 20) + 1), ..DOWNLOAD };
        let mixed = Needs { largest_upload: Some(1), tasks: 2, files_on_disk: true, ..DOWNLOAD };
        let stream = Memory::OneObject;
        for (capabilities, needs, lack) in [
            (
                Capabilities { operations: &[Operation::Upload], ..all },
                Needs { operations: vec![Operation::Upload, Operation::Download], ..DOWNLOAD },
                Lack::Operation { asked: Operation::Download },
            ),
            (Capabilities { sends: &[], ..all }, UPLOAD, Lack::AnyChecksum { asked }),
            (Capabilities { sends: known, ..all }, UPLOAD, Lack::Checksum { asked, known }),
            (Capabilities { validates: Validation::Nothing, ..all }, DOWNLOAD, Lack::Validation { asked }),
            (
                Capabilities { validates: Validation::UpToAPart, ..all },
                large,
                Lack::ValidationAbove { asked, part_size: 8 << 20 },
            ),
            (Capabilities { to_memory: Memory::None, ..all }, DOWNLOAD, Lack::ToMemory),
            (Capabilities { from_memory: Memory::None, ..all }, UPLOAD, Lack::FromMemory),
            (
                Capabilities { from_memory: Memory::None, to_memory: Memory::None, ..all },
                UPLOAD,
                Lack::Memory { because: None },
            ),
            (Capabilities { from_memory: stream, ..all }, Needs { tasks: 2, ..UPLOAD }, Lack::SeveralInMemory),
            (Capabilities { one_command: true, ..all }, mixed, Lack::BothDirections),
            (
                Capabilities { directory_buckets: DirectoryBuckets::Nowhere, ..all },
                Needs { directory_bucket: true, at_endpoint: true, ..UPLOAD },
                Lack::DirectoryBuckets,
            ),
            (
                Capabilities { directory_buckets: DirectoryBuckets::AtEndpoints, ..all },
                Needs { directory_bucket: true, ..UPLOAD },
                Lack::Sessions,
            ),
        ] {
            assert_eq!(capabilities.covers(&needs), Err(lack), "{needs:?}");
        }
    }

    #[test]
    fn a_limit_that_does_not_matter_is_none() {
        let uploads_only =
            Capabilities { validates: Validation::Nothing, to_memory: Memory::None, ..Capabilities::ALL };
        assert_eq!(uploads_only.covers(&UPLOAD), Ok(()));
        let small = Capabilities { validates: Validation::UpToAPart, ..Capabilities::ALL };
        assert_eq!(small.covers(&DOWNLOAD), Ok(()));
        let none = Capabilities { sends: &[], validates: Validation::Nothing, ..Capabilities::ALL };
        assert_eq!(none.covers(&Needs { checksum: None, ..DOWNLOAD }), Ok(()));
    }
}
