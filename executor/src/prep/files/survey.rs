//! Finds out which files exist. Nothing is changed.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use synthetic_content::Content;
use tokio_util::sync::CancellationToken;
use workload_schema::ObjectKey;

use crate::prep::{PrepWork, Tally, sample};

/// Which of the needed files exist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSurvey {
    /// Files that are correct.
    pub keep: Tally,
    /// Files to make, with their sizes.
    pub make: Vec<(ObjectKey, u64)>,
    /// How many of those to make replace another file.
    pub replace: Tally,
    /// Files of the right size with wrong bytes, if contents were compared. They are also among those to make.
    pub wrong_bytes: Vec<ObjectKey>,
    /// Missing folders of files to download.
    pub folders: BTreeSet<PathBuf>,
}

impl FileSurvey {
    /// Number and bytes of the files to make.
    pub fn to_make(&self) -> Tally {
        Tally::of(self.make.iter().map(|(_, size)| *size))
    }
}

/// The state of one file.
enum Found {
    Absent,
    Right,
    WrongSize,
    WrongBytes,
}

/// Looks up the files that `work` needs below `files_dir`; with `verify` their contents too. Blocks.
pub fn survey(work: &PrepWork, files_dir: &Path, verify: bool, stop: &CancellationToken) -> FileSurvey {
    let mut survey = FileSurvey::default();
    for (key, size) in work.upload_files().take_while(|_| !stop.is_cancelled()) {
        let found = look(&files_dir.join(key.as_str()), key, size, verify);
        if matches!(found, Found::Right) {
            survey.keep.add(size);
            continue;
        }
        if !matches!(found, Found::Absent) {
            survey.replace.add(size);
        }
        if matches!(found, Found::WrongBytes) {
            survey.wrong_bytes.push(key.clone());
        }
        survey.make.push((key.clone(), size));
    }
    for (key, _) in work.download_files() {
        let path = files_dir.join(key.as_str());
        let Some(folder) = path.parent() else { continue };
        if !survey.folders.contains(folder) && !folder.is_dir() {
            survey.folders.insert(folder.to_owned());
        }
    }
    survey
}

fn look(path: &Path, key: &ObjectKey, size: u64, verify: bool) -> Found {
    match path.symlink_metadata() {
        Err(_) => Found::Absent,
        Ok(metadata) if !metadata.is_file() || metadata.len() != size => Found::WrongSize,
        Ok(_) if !verify => Found::Right,
        // A file that cannot be read cannot be uploaded either.
        Ok(_) => match has_content(path, Content::of_key(key.as_str()), size) {
            Ok(true) => Found::Right,
            Ok(false) | Err(_) => Found::WrongBytes,
        },
    }
}

fn has_content(path: &Path, content: Content, size: u64) -> io::Result<bool> {
    let file = File::open(path)?;
    let mut buffer = Vec::new();
    for range in sample::ranges(size) {
        buffer.resize(usize::try_from(range.end - range.start).expect("samples are small"), 0);
        file.read_exact_at(&mut buffer, range.start)?;
        if content.mismatch(range.start, &buffer).is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}
