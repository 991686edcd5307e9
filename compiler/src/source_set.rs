//! Which source files a command works on.

use std::path::{Path, PathBuf};

use checked_document::{Diagnostic, SourceFile, Span};
use workload_schema::naming::{PREP_FILE_ENDING, RUN_FILE_ENDING};

use crate::id;
use crate::parsed::{Parsed, parse};

/// The folder that is searched if no path is given.
pub const DEFAULT_SOURCES: &str = "workloads-src";

/// The source files below some paths.
#[derive(Debug, Default)]
pub struct SourceSet {
    /// Source files in a fixed order.
    pub files: Vec<PathBuf>,
    /// Whether only whole folders were named, so that no other source can exist.
    pub is_whole: bool,
}

/// A path that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It does not exist or cannot be read.
    #[error("{path}")]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// It is not a source.
    #[error("{0} is not a source: sources end in .yaml, .yml or .json")]
    NotASource(PathBuf),
    /// It is a compiled file.
    #[error("{0} is a compiled file, not a source")]
    Compiled(PathBuf),
    /// There is no source in the folders.
    #[error("no source (.yaml, .yml, .json) in {0}")]
    Empty(String),
}

impl SourceSet {
    /// Finds the sources below `paths`, or in the default folder.
    pub fn find(paths: &[PathBuf]) -> Result<Self, SourceError> {
        let default = [PathBuf::from(DEFAULT_SOURCES)];
        let paths = if paths.is_empty() { &default } else { paths };
        let mut set = Self { files: Vec::new(), is_whole: true };
        for path in paths {
            let metadata = std::fs::metadata(path).map_err(|source| unreadable(path, source))?;
            if metadata.is_dir() {
                set.add_folder(path)?;
            } else {
                set.is_whole = false;
                set.add_file(path)?;
            }
        }
        if set.files.is_empty() {
            let shown: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
            return Err(SourceError::Empty(shown.join(", ")));
        }
        let mut seen = std::collections::HashSet::new();
        set.files.retain(|file| seen.insert(file.clone()));
        Ok(set)
    }

    fn add_file(&mut self, path: &Path) -> Result<(), SourceError> {
        if is_compiled(path) {
            return Err(SourceError::Compiled(path.to_owned()));
        }
        if !is_source(path) {
            return Err(SourceError::NotASource(path.to_owned()));
        }
        self.files.push(path.to_owned());
        Ok(())
    }

    /// Adds the sources in a folder and in the folders below it, sorted by name. Hidden ones are left out.
    fn add_folder(&mut self, folder: &Path) -> Result<(), SourceError> {
        let entries = std::fs::read_dir(folder).map_err(|source| unreadable(folder, source))?;
        let mut paths = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|source| unreadable(folder, source))?;
            let kind = entry.file_type().map_err(|source| unreadable(&entry.path(), source))?;
            if !entry.file_name().to_string_lossy().starts_with('.') {
                paths.push((entry.path(), kind.is_dir()));
            }
        }
        paths.sort();
        for (path, is_folder) in paths {
            if is_folder {
                self.add_folder(&path)?;
            } else if is_source(&path) && !is_compiled(&path) {
                self.files.push(path);
            }
        }
        Ok(())
    }

    /// Reads and parses all files.
    pub fn parse(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Parsed> {
        let mut documents = Vec::new();
        for path in &self.files {
            let label = path.display().to_string();
            match std::fs::read(path) {
                Ok(bytes) => documents.extend(parse(path, &label, bytes, diagnostics)),
                Err(error) => {
                    let file = SourceFile::new(label, "");
                    let problem = Diagnostic::error(id::UNREADABLE, format!("cannot read the source: {error}"));
                    diagnostics.push(problem.at(&file, Span::default(), ""));
                }
            }
        }
        documents
    }
}

fn unreadable(path: &Path, source: std::io::Error) -> SourceError {
    SourceError::Unreadable { path: path.to_owned(), source }
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|extension| ["yaml", "yml", "json"].iter().any(|known| extension == *known))
}

/// Whether a file is compiled. Such files may be in the folder of their sources, as in the existing project.
fn is_compiled(path: &Path) -> bool {
    let name = path.to_string_lossy();
    name.ends_with(RUN_FILE_ENDING) || name.ends_with(PREP_FILE_ENDING)
}
