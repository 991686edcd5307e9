//! What lies where a command would look: the directory on disk and the bucket, asked before the clock starts.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use workload_schema::ErrorKind;
use workload_schema::{BucketName, Workload};

use super::keys::one_directory;
use super::listing::each_page;
use s3_clients::endpoint::{Connection, Failure, RequestCounter, failure_of};

/// What lies in the directory of a workload's keys, beside what the workload names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Files and folders that the workload does not name, in the directory of its uploads.
    pub extra_files: BTreeSet<String>,
    /// Files that it names and that are not there.
    pub missing_files: BTreeSet<String>,
    /// Objects that it does not name, below the prefix of its downloads.
    pub extra_objects: BTreeSet<String>,
    /// Objects that it names and that are not there.
    pub missing_objects: BTreeSet<String>,
}

/// Listed at most: one is enough to skip, some are enough to tell.
const ENOUGH: usize = 3;

impl Surroundings {
    /// Looks at the files below `files_dir`.
    pub fn on_disk(workload: &Workload, files_dir: &Path) -> std::io::Result<Self> {
        let mut seen = Self::default();
        if !workload.on_disk() {
            return Ok(seen);
        }
        let uploads = workload.writes();
        let wanted: BTreeSet<&str> = uploads.map(|task| task.key.as_str()).collect();
        seen.missing_files = wanted
            .iter()
            .filter(|key| !files_dir.join(key).is_file())
            .take(ENOUGH)
            .map(|key| (*key).to_owned())
            .collect();
        let Some(directory) = one_directory(workload).filter(|_| wanted.len() > 1) else { return Ok(seen) };
        let entries = match std::fs::read_dir(files_dir.join(directory)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(seen),
            entries => entries?,
        };
        for entry in entries {
            let name = entry?.file_name();
            let key = format!("{directory}/{}", name.to_string_lossy());
            if !wanted.contains(key.as_str()) {
                seen.extra_files.insert(key);
            }
        }
        Ok(seen)
    }

    /// The same with the objects of `bucket`, where a command over several of them would read their whole prefix.
    pub async fn with_bucket(
        mut self,
        workload: &Workload,
        connection: &Connection,
        bucket: &BucketName,
    ) -> Result<Self, Failure> {
        let downloads = workload.reads();
        let wanted: BTreeSet<&str> = downloads.map(|task| task.key.as_str()).collect();
        let s3 = connection.s3(&RequestCounter::default()).await;
        if let [key] = *wanted.iter().copied().collect::<Vec<_>>() {
            if is_missing(&s3, bucket, key).await {
                self.missing_objects.insert(key.to_owned());
            }
            return Ok(self);
        }
        let Some(directory) = one_directory(workload).filter(|_| wanted.len() > 1) else { return Ok(self) };
        let mut missing = wanted.clone();
        let prefix = format!("{directory}/");
        let looked = each_page(&s3, bucket, &prefix, |objects| {
            for key in objects.iter().filter_map(|object| object.key()) {
                // What ends with a slash stands for a folder; no command downloads it.
                if !missing.remove(key) && !wanted.contains(key) && !key.ends_with('/') {
                    self.extra_objects.insert(key.to_owned());
                }
            }
            if self.extra_objects.len() >= ENOUGH { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if looked.await?.is_break() {
            return Ok(self);
        }
        self.missing_objects = missing.into_iter().take(ENOUGH).map(str::to_owned).collect();
        Ok(self)
    }
}

/// Whether an object is known not to be there: rclone takes the name of such a one for that of an empty directory, and
/// ends well. Whatever else is wrong, a command says best itself.
async fn is_missing(s3: &aws_sdk_s3::Client, bucket: &BucketName, key: &str) -> bool {
    let head = s3.head_object().bucket(bucket.as_str()).key(key).send().await;
    head.is_err_and(|error| failure_of("HeadObject", key, &error).kind == ErrorKind::MissingKey)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::one_command::fixtures::{many, single};
    use crate::one_command::keys::directory_of;
    use workload_schema::Operation;

    #[test]
    fn files_are_looked_for_where_the_workload_has_them() {
        let folder = tempfile::tempdir().unwrap();
        let workload = many(Operation::Upload, 2);
        let seen = Surroundings::on_disk(&workload, folder.path()).unwrap();
        assert_eq!(seen.missing_files.len(), 2);
        let directory = folder.path().join(directory_of(workload.first_task().key.as_str()).unwrap());
        std::fs::create_dir_all(&directory).unwrap();
        for task in workload.tasks() {
            std::fs::write(folder.path().join(task.key.as_str()), "").unwrap();
        }
        assert_eq!(Surroundings::on_disk(&workload, folder.path()).unwrap(), Surroundings::default());
        std::fs::write(directory.join("extra"), "").unwrap();
        let seen = Surroundings::on_disk(&workload, folder.path()).unwrap();
        assert_eq!(seen.extra_files.iter().map(String::as_str).collect::<Vec<_>>(), ["upload/1KiB-2x/extra"]);
        let one = Surroundings::on_disk(&single(Operation::Upload), folder.path()).unwrap();
        assert!(one.extra_files.is_empty(), "a command over one file names it");
    }
}
