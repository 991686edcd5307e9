//! Writing all compiled files of a build, on two threads if there is enough work.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use workload_schema::naming::{PREP_FILE_ENDING, RUN_FILE_ENDING, prep_file_name, run_file_name};
use workload_schema::{WorkloadDigest, WorkloadName};

use super::hashed::Hashed;
use super::output_file::{FileChange, Mode, OutputFile};
use super::pieces::Pieces;
use crate::compiled::Compiled;
use crate::contents::Contents;

/// Fewest tasks for which a second thread is started. Starting it costs as much as generating some hundred tasks.
const TASKS_FOR_A_THREAD: u64 = 1000;

/// A file that could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("{path}")]
pub struct OutputError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: std::io::Error,
}

/// A file that differs, or did before it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The file.
    pub path: PathBuf,
    /// How it changes.
    pub change: FileChange,
}

/// Writes the files of `compiled` to `folder`, or only compares them. Returns the differences in the order of paths.
pub fn emit(compiled: &Compiled<'_>, folder: &Path, mode: Mode) -> Result<Vec<Difference>, OutputError> {
    if mode == Mode::Write {
        std::fs::create_dir_all(folder).map_err(|source| OutputError { path: folder.to_owned(), source })?;
    }
    let workloads = largest_first(compiled.workloads());
    let next = AtomicUsize::new(0);
    let differences = Mutex::new(Vec::new());
    let work = || -> Result<(), OutputError> {
        let mut buffers = Buffers::default();
        while let Some(workload) = workloads.get(next.fetch_add(1, Ordering::Relaxed)) {
            let found = files(workload, folder, mode, &mut buffers)?;
            differences.lock().expect("no thread panics with the list").extend(found);
        }
        Ok(())
    };
    let tasks: u64 = workloads.iter().map(|workload| workload.task_count()).fold(0, u64::saturating_add);
    if tasks < TASKS_FOR_A_THREAD || workloads.len() < 2 {
        work()?;
    } else {
        std::thread::scope(|scope| {
            let other = scope.spawn(work);
            let mine = work();
            other.join().expect("the work does not panic").and(mine)
        })?;
    }
    let mut differences = differences.into_inner().expect("no thread panics with the list");
    differences.sort_by(|left: &Difference, right| left.path.cmp(&right.path));
    Ok(differences)
}

/// Compiled files in `folder` that belong to none of `names`.
pub fn leftovers(folder: &Path, names: &BTreeSet<&WorkloadName>) -> Result<Vec<PathBuf>, OutputError> {
    let failed = |source| OutputError { path: folder.to_owned(), source };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut left = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let file_name = entry.file_name();
        let Some(file_name) = file_name.to_str() else { continue };
        let stem = file_name.strip_suffix(RUN_FILE_ENDING).or_else(|| file_name.strip_suffix(PREP_FILE_ENDING));
        let is_left = stem.is_some_and(|stem| !names.iter().any(|name| name.as_str() == stem));
        if is_left && entry.file_type().map_err(failed)?.is_file() {
            left.push(entry.path());
        }
    }
    left.sort();
    Ok(left)
}

/// Memory that a thread reuses from file to file.
#[derive(Default)]
struct Buffers {
    piece: Vec<u8>,
    comparison: Vec<u8>,
}

/// The workloads, largest first, so that no thread ends with a large one while the other is idle.
fn largest_first<'a, 'b>(workloads: &'b [Contents<'a>]) -> Vec<&'b Contents<'a>> {
    let mut sorted: Vec<_> = workloads.iter().collect();
    sorted.sort_by_key(|workload| std::cmp::Reverse(workload.task_count()));
    sorted
}

fn files(
    workload: &Contents<'_>,
    folder: &Path,
    mode: Mode,
    buffers: &mut Buffers,
) -> Result<Vec<Difference>, OutputError> {
    let run_path = folder.join(run_file_name(workload.name()));
    let (run, digest) =
        run(workload, &run_path, mode, buffers).map_err(|source| OutputError { path: run_path.clone(), source })?;
    let prep_path = folder.join(prep_file_name(workload.name()));
    let prep = prep(workload, &digest, &prep_path, mode, buffers)
        .map_err(|source| OutputError { path: prep_path.clone(), source })?;
    let both = [(run_path, run), (prep_path, prep)];
    Ok(both
        .into_iter()
        .filter(|(_, change)| *change != FileChange::Unchanged)
        .map(|(path, change)| Difference { path, change })
        .collect())
}

fn run(
    workload: &Contents<'_>,
    path: &Path,
    mode: Mode,
    buffers: &mut Buffers,
) -> std::io::Result<(FileChange, WorkloadDigest)> {
    let file = OutputFile::open(path.to_owned(), mode, &mut buffers.comparison)?;
    let mut pieces = Pieces::new(&mut buffers.piece, Hashed::new(file));
    workload.write_run(&mut pieces)?;
    let (file, hash) = pieces.finish()?.finish();
    Ok((file.finish()?, WorkloadDigest::from_hash(hash)))
}

fn prep(
    workload: &Contents<'_>,
    digest: &WorkloadDigest,
    path: &Path,
    mode: Mode,
    buffers: &mut Buffers,
) -> std::io::Result<FileChange> {
    let file = OutputFile::open(path.to_owned(), mode, &mut buffers.comparison)?;
    let mut pieces = Pieces::new(&mut buffers.piece, file);
    workload.write_prep(digest, &mut pieces)?;
    pieces.finish()?.finish()
}
