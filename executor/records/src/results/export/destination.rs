//! Where an export goes when it does not go to stdout: into a file that appears under its name only when it is whole.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// An export's file.
pub enum Destination {
    /// A temporary file that takes the name of another, or a name that is free.
    Whole(PathBuf, BufWriter<NamedTempFile>),
    /// A pipe or a device: it must stay what it is.
    Straight(BufWriter<File>),
}

impl Destination {
    /// A file at `path`, in place of the one that may be there. Its folder exists.
    pub fn open(path: &Path) -> io::Result<Self> {
        // A link stays, and what it leads to is replaced.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            return Ok(Self::Straight(BufWriter::new(File::options().write(true).open(path)?)));
        }
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Less what the umask takes away: a file like all others, not one for its owner only.
        let file = Builder::new().permissions(Permissions::from_mode(0o666)).tempfile_in(folder)?;
        Ok(Self::Whole(target, BufWriter::new(file)))
    }

    /// Makes sure that all is written, and gives the file its name.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Whole(path, file) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(path)?;
                Ok(())
            }
            Self::Straight(mut file) => file.flush(),
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Whole(_, file) => file.write(bytes),
            Self::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Whole(_, file) => file.flush(),
            Self::Straight(file) => file.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_file_appears_when_it_is_whole_and_its_link_stays() {
        let folder = TempDir::new().unwrap();
        let (real, link) = (folder.path().join("real.csv"), folder.path().join("link.csv"));
        fs::write(&real, "before").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let mut destination = Destination::open(&link).unwrap();
        destination.write_all(b"after").unwrap();
        destination.flush().unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "before");
        destination.finish().unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "after");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_is_given_up_leaves_nothing() {
        let folder = TempDir::new().unwrap();
        let mut destination = Destination::open(&folder.path().join("new.csv")).unwrap();
        destination.write_all(b"half").unwrap();
        drop(destination);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        let mut destination = Destination::open(Path::new("/dev/null")).unwrap();
        destination.write_all(b"nothing").unwrap();
        destination.finish().unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
