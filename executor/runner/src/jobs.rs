//! From tasks to jobs: paths resolved before the clock starts.

use std::path::Path;

use workload_schema::Workload;

use s3_clients::{DataPlace, Job};

/// The jobs of `workload`, with files below `folder`.
pub fn jobs_of(workload: &Workload, folder: &Path) -> Vec<Job> {
    workload
        .tasks()
        .map(|task| Job {
            operation: task.operation,
            key: task.key.clone(),
            size: task.size,
            place: if workload.on_disk() { DataPlace::File(folder.join(task.key.as_str())) } else { DataPlace::Memory },
        })
        .collect()
}

/// Makes the content of uploads from memory now, so that no timed repeat generates it.
pub fn make_content(jobs: &[Job]) {
    if jobs.iter().any(|job| job.operation.sends_payload() && job.place == DataPlace::Memory) {
        synthetic_content::ring();
    }
}

/// Why uploads from disk cannot begin: a file that is missing or of another size.
pub fn check_files(jobs: &[Job]) -> Result<(), String> {
    for job in jobs.iter().filter(|job| job.operation.sends_payload()) {
        let DataPlace::File(path) = &job.place else { continue };
        match std::fs::metadata(path) {
            Err(error) => {
                return Err(format!(
                    "cannot read the file to upload, {}: {error}; make it with wlx prep files",
                    path.display()
                ));
            }
            Ok(file) if file.len() != job.size => {
                return Err(format!(
                    "{} has {} bytes where the workload says {}; remake it with wlx prep files",
                    path.display(),
                    file.len(),
                    job.size
                ));
            }
            Ok(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use workload_schema::{ObjectKey, Operation};

    use super::*;

    #[test]
    fn content_is_made_before_any_repeat() {
        let key = ObjectKey::new("upload/1KiB-1x/1").unwrap();
        make_content(&[Job { operation: Operation::Upload, key, size: 1024, place: DataPlace::Memory }]);
        assert!(synthetic_content::ring_is_made());
    }
}
