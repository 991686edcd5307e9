//! Small trees of sources for the tests of the check itself.

use std::path::Path;

use tempfile::TempDir;

use crate::modules::Tree;

/// Files in a temporary folder.
pub struct Fixture {
    root: TempDir,
}

impl Fixture {
    /// Writes `(path, text)`.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let root = tempfile::tempdir().expect("the temporary folder is writable");
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a file lies in a folder"))
                .expect("a fresh folder is writable");
            std::fs::write(&path, text).expect("a fresh folder is writable");
        }
        Self { root }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The modules of `src/lib.rs`.
    pub fn tree(&self) -> Tree {
        crate::reader::read(self.root(), Path::new("src/lib.rs")).unwrap_or_else(|error| panic!("{error:#}"))
    }
}
