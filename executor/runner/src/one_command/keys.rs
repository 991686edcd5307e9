//! The keys of a workload: one command names one file, or one directory that they all lie in.

use std::collections::BTreeSet;
use std::fmt::Display;

use workload_schema::Workload;

/// The directory of a key; none for a key at the top.
pub fn directory_of(key: &str) -> Option<&str> {
    key.rsplit_once('/').map(|(directory, _)| directory).filter(|directory| !directory.is_empty())
}

/// The directory that all keys lie in directly, if there is one.
pub fn one_directory(workload: &Workload) -> Option<&str> {
    let mut directories = workload.tasks().map(|task| directory_of(task.key.as_str()));
    let first = directories.next()??;
    directories.all(|directory| directory == Some(first)).then_some(first)
}

/// Whether each key is named once; the reason where one is not. No client of this kind could do it, wherever its payload is.
pub fn check_repeats(client: impl Display, workload: &Workload) -> Result<(), String> {
    let distinct: BTreeSet<&str> = workload.tasks().map(|task| task.key.as_str()).collect();
    if distinct.len() < workload.task_count() {
        return Err(format!("{client} cannot transfer the same key more than once in one command"));
    }
    Ok(())
}

/// Whether the keys lie in one directory, if there are several; the reason where they do not.
pub fn check_directory(client: impl Display, workload: &Workload) -> Result<(), String> {
    if workload.task_count() > 1 && one_directory(workload).is_none() {
        return Err(format!("{client} cannot transfer keys of several directories in one command"));
    }
    Ok(())
}
