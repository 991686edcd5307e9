//! A file that is written beside its place.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// Who may use the file, less what the umask takes away: a file like all others of this user.
const MODE: u32 = 0o666;

/// A file that takes its name when it is finished. If it is dropped before that, nothing is left of it.
#[derive(Debug)]
pub struct WholeFile(Place);

#[derive(Debug)]
enum Place {
    /// A temporary file, and the path that it will have.
    Beside(BufWriter<NamedTempFile>, PathBuf),
    /// A pipe or a device: it cannot be replaced, only written to.
    Straight(BufWriter<File>),
}

/// Writes `bytes` to `path`, in place of the file that may be there. Its folder must exist.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = WholeFile::create(path)?;
    file.write_all(bytes)?;
    file.finish()
}

impl WholeFile {
    /// A file for `path`, whose folder must exist. If `path` is a link, the file that it leads to is written.
    pub fn create(path: &Path) -> io::Result<Self> {
        if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            return Ok(Self(Place::Straight(BufWriter::new(File::options().write(true).open(path)?))));
        }
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = Builder::new().permissions(Permissions::from_mode(MODE)).tempfile_in(folder)?;
        Ok(Self(Place::Beside(BufWriter::new(file), target)))
    }

    /// Flushes the content to the disk, and gives the file its name. A file of this name is replaced.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Place::Beside(file, path) => flushed(file)?.persist(path).map(drop).map_err(|error| error.error),
            Place::Straight(mut file) => file.flush(),
        }
    }

    /// Like [`Self::finish`], but a file of this name stays, and the error is [`io::ErrorKind::AlreadyExists`].
    pub fn finish_new(self) -> io::Result<()> {
        match self.0 {
            Place::Beside(file, path) => flushed(file)?.persist_noclobber(path).map(drop).map_err(|error| error.error),
            Place::Straight(_) => Err(io::ErrorKind::AlreadyExists.into()),
        }
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Place::Beside(file, _) => file.write(bytes),
            Place::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Place::Beside(file, _) => file.flush(),
            Place::Straight(file) => file.flush(),
        }
    }
}

fn flushed(file: BufWriter<NamedTempFile>) -> io::Result<NamedTempFile> {
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    Ok(file)
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
        let mut file = WholeFile::create(&link).unwrap();
        file.write_all(b"after").unwrap();
        file.flush().unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "before");
        file.finish().unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "after");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_file_that_is_given_up_leaves_nothing() {
        let folder = TempDir::new().unwrap();
        let mut file = WholeFile::create(&folder.path().join("new.csv")).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(write(&folder.path().join("absent/new.csv"), b"").is_err());
    }

    #[test]
    fn a_file_can_insist_on_a_free_name() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("new.json");
        let file = |text: &str| {
            let mut file = WholeFile::create(&path).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            file
        };
        file("first").finish_new().unwrap();
        let refused = file("second").finish_new().unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn others_may_read_it_like_any_file() {
        let folder = TempDir::new().unwrap();
        let (plain, whole) = (folder.path().join("plain"), folder.path().join("whole"));
        fs::write(&plain, "").unwrap();
        write(&whole, b"").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&whole), mode(&plain));
    }

    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        write(Path::new("/dev/null"), b"nothing").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
