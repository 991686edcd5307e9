//! All compiled files of a build, on as many threads as there is work for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use workload_schema::{WorkloadDigest, WorkloadName};

use super::record::CHUNK_ROOM;
use super::target::{Mode, Outcome, Target};
use super::{prep_file, run_file};
use crate::checked::Checked;
use crate::expanded::Expanded;

/// Ending of a compiled workload.
pub const RUN_ENDING: &str = ".run.json";
/// Ending of a prep plan.
pub const PREP_ENDING: &str = ".prep.json";

/// Tasks that are worth a second thread: starting one costs as much as generating some hundreds of tasks.
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

/// A file that differs, or differed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The file.
    pub path: PathBuf,
    /// What was different.
    pub outcome: Outcome,
}

/// Writes (or compares) the compiled files of `checked` in `folder`. The differences come in the order of names.
pub fn emit(checked: &Checked, folder: &Path, mode: Mode) -> Result<Vec<Difference>, OutputError> {
    if mode == Mode::Write {
        std::fs::create_dir_all(folder).map_err(|source| OutputError { path: folder.to_owned(), source })?;
    }
    let workloads = largest_first(checked.workloads());
    let next = AtomicUsize::new(0);
    let differences = Mutex::new(Vec::new());
    let work = || -> Result<(), OutputError> {
        let mut buffers = Buffers::new();
        while let Some(workload) = workloads.get(next.fetch_add(1, Ordering::Relaxed)) {
            let found = files(workload, folder, mode, &mut buffers)?;
            differences.lock().expect("no thread panics with the list").extend(found);
        }
        Ok(())
    };
    let tasks: u64 = workloads.iter().map(|workload| workload.tasks.count()).fold(0, u64::saturating_add);
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

/// Compiled files in `folder` that `names` does not account for.
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
        let stem = file_name.strip_suffix(RUN_ENDING).or_else(|| file_name.strip_suffix(PREP_ENDING));
        let is_left = stem.is_some_and(|stem| !names.iter().any(|name| name.as_str() == stem));
        if is_left && entry.file_type().map_err(failed)?.is_file() {
            left.push(entry.path());
        }
    }
    left.sort();
    Ok(left)
}

struct Buffers {
    generated: Vec<u8>,
    comparison: Vec<u8>,
}

impl Buffers {
    fn new() -> Self {
        Self { generated: Vec::new(), comparison: Vec::with_capacity(CHUNK_ROOM) }
    }
}

/// The largest first, so that no thread ends with a large one while the other idles.
fn largest_first(workloads: &[Expanded]) -> Vec<&Expanded> {
    let mut sorted: Vec<_> = workloads.iter().collect();
    sorted.sort_by_key(|workload| std::cmp::Reverse(workload.tasks.count()));
    sorted
}

fn files(
    workload: &Expanded,
    folder: &Path,
    mode: Mode,
    buffers: &mut Buffers,
) -> Result<Vec<Difference>, OutputError> {
    let run_path = folder.join(format!("{}{RUN_ENDING}", workload.name));
    let (run, digest) =
        run(workload, &run_path, mode, buffers).map_err(|source| OutputError { path: run_path.clone(), source })?;
    let prep_path = folder.join(format!("{}{PREP_ENDING}", workload.name));
    let prep = prep(workload, &digest, &prep_path, mode, buffers)
        .map_err(|source| OutputError { path: prep_path.clone(), source })?;
    let both = [(run_path, run), (prep_path, prep)];
    Ok(both
        .into_iter()
        .filter(|(_, outcome)| *outcome != Outcome::Unchanged)
        .map(|(path, outcome)| Difference { path, outcome })
        .collect())
}

fn run(
    workload: &Expanded,
    path: &Path,
    mode: Mode,
    buffers: &mut Buffers,
) -> std::io::Result<(Outcome, WorkloadDigest)> {
    let mut target = Target::open(path.to_owned(), mode, true, &mut buffers.comparison)?;
    buffers.generated = run_file::write(workload, &mut target, std::mem::take(&mut buffers.generated))?;
    let hash = target.hash().expect("the target was opened with a hash");
    Ok((target.finish()?, WorkloadDigest::from_hash(hash)))
}

fn prep(
    workload: &Expanded,
    digest: &WorkloadDigest,
    path: &Path,
    mode: Mode,
    buffers: &mut Buffers,
) -> std::io::Result<Outcome> {
    let mut target = Target::open(path.to_owned(), mode, false, &mut buffers.comparison)?;
    buffers.generated = prep_file::write(workload, digest, &mut target, std::mem::take(&mut buffers.generated))?;
    target.finish()
}
