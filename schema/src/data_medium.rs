//! Where a client's data comes from and goes to.

/// The medium on the client's side of every transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DataMedium {
    /// Uploads are read from files, and downloads are written to files.
    Disk,
    /// Data never touches the disk.
    Memory,
}

impl DataMedium {
    /// The medium that the field `filesOnDisk` of the formats stands for.
    pub fn of_files_on_disk(files_on_disk: bool) -> Self {
        if files_on_disk { Self::Disk } else { Self::Memory }
    }

    /// The field `filesOnDisk` of the formats.
    pub fn files_on_disk(self) -> bool {
        match self {
            Self::Disk => true,
            Self::Memory => false,
        }
    }
}
