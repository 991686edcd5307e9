//! What is done before each repeat, untimed: downloaded files of the last one go, folders are made.

use std::collections::BTreeSet;
use std::io::ErrorKind;

use s3_clients::endpoint::Failure;
use s3_clients::{DataPlace, Job};

/// Removes earlier downloads and makes their folders, so that every repeat of every client creates new files.
pub fn prepare(jobs: &[Job]) -> Result<(), Failure> {
    let mut folders = BTreeSet::new();
    for job in jobs.iter().filter(|job| job.operation.receives_payload()) {
        let DataPlace::File(path) = &job.place else { continue };
        match std::fs::remove_file(path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::disk("remove", path, &error)),
        }
        if let Some(folder) = path.parent()
            && folders.insert(folder)
        {
            std::fs::create_dir_all(folder).map_err(|error| Failure::disk("make", folder, &error))?;
        }
    }
    Ok(())
}
