//! The conditions of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::StoreKind;
use crate::event::Tuned;
use crate::{DataMedium, Gbps};

/// Names in the map of the records. They are never changed, as other releases read them.
mod name {
    pub(super) const STORE: &str = "endpoint";
    pub(super) const BUCKET: &str = "bucket";
    pub(super) const REGION: &str = "region";
    pub(super) const TARGET_THROUGHPUT: &str = "targetThroughputGbps";
    pub(super) const FILES_DIR: &str = "filesDir";
    pub(super) const FILES_ON_DISK: &str = "filesOnDisk";
    pub(super) const FILE_SYSTEM: &str = "filesystem";
    pub(super) const DOWNLOADS_FILES: &str = "downloadsFiles";
    pub(super) const TUNED: &str = "tuned";
}

/// The value of a condition that holds. If it does not hold, its name is absent.
const YES: &str = "true";

/// The conditions of a run. Records hold them as a map of texts, which this type reads and writes without any change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct RunConditions {
    /// The store.
    pub store: Option<StoreKind>,
    /// Its bucket.
    pub bucket: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// The throughput that the client was told to aim at.
    pub target_throughput: Option<Gbps>,
    /// The files directory.
    pub files_dir: Option<String>,
    /// Where the client's data came from and went to.
    pub medium: DataMedium,
    /// Type of the file system below the files directory, `ext4`; only with data on disk.
    pub file_system: Option<String>,
    /// Whether files were downloaded to disk.
    pub downloads_files: bool,
    /// Values that all clients were asked to use alike.
    pub tuned: Option<Tuned>,
    /// Entries that this release does not interpret, by name.
    pub other: BTreeMap<String, String>,
}

impl Default for RunConditions {
    fn default() -> Self {
        BTreeMap::new().into()
    }
}

impl RunConditions {
    /// The conditions by name, as records hold them. None of them is a secret.
    pub fn to_map(&self) -> BTreeMap<String, String> {
        let yes = |is_so: bool| is_so.then(|| YES.to_owned());
        let known = [
            (name::STORE, self.store.as_ref().map(ToString::to_string)),
            (name::BUCKET, self.bucket.clone()),
            (name::REGION, self.region.clone()),
            (name::TARGET_THROUGHPUT, self.target_throughput.map(|target| target.to_string())),
            (name::FILES_DIR, self.files_dir.clone()),
            (name::FILES_ON_DISK, yes(self.medium.files_on_disk())),
            (name::FILE_SYSTEM, self.file_system.clone()),
            (name::DOWNLOADS_FILES, yes(self.downloads_files)),
            (name::TUNED, self.tuned.as_ref().map(tuned_text)),
        ];
        let mut map = self.other.clone();
        map.extend(known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        map
    }

    /// Whether the store is the server that `wlx` starts itself.
    pub fn is_embedded(&self) -> bool {
        self.store.as_ref().is_some_and(StoreKind::is_embedded)
    }
}

impl From<RunConditions> for BTreeMap<String, String> {
    fn from(conditions: RunConditions) -> Self {
        conditions.to_map()
    }
}

impl From<BTreeMap<String, String>> for RunConditions {
    fn from(map: BTreeMap<String, String>) -> Self {
        let mut map = Taken(map);
        let is_on_disk = map.is_yes(name::FILES_ON_DISK);
        Self {
            store: map.take(name::STORE).map(|text| StoreKind::of_text(&text)),
            bucket: map.take(name::BUCKET),
            region: map.take(name::REGION),
            target_throughput: map.take_exact(name::TARGET_THROUGHPUT, |text| text.parse().ok(), Gbps::to_string),
            files_dir: map.take(name::FILES_DIR),
            medium: DataMedium::of_files_on_disk(is_on_disk),
            file_system: map.take(name::FILE_SYSTEM),
            downloads_files: map.is_yes(name::DOWNLOADS_FILES),
            tuned: map.take_exact(name::TUNED, |text| serde_json::from_str(text).ok(), tuned_text),
            other: map.0,
        }
    }
}

fn tuned_text(tuned: &Tuned) -> String {
    serde_json::to_string(tuned).expect("plain data is JSON")
}

/// A map from which the values that are understood are taken.
struct Taken(BTreeMap<String, String>);

impl Taken {
    fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    fn is_yes(&mut self, name: &str) -> bool {
        self.take_exact(name, |text| (text == YES).then_some(()), |()| YES.to_owned()).is_some()
    }

    /// Takes a value that would be written as the same text again. Any other value stays in the map.
    fn take_exact<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Option<T>,
        write: impl FnOnce(&T) -> String,
    ) -> Option<T> {
        let text = self.0.get(name)?;
        let value = read(text)?;
        if write(&value) != *text {
            return None;
        }
        self.0.remove(name);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_map_of_a_record_is_understood_and_written_again() {
        let given = map(&[
            ("bucket", "wlx-bench"),
            ("downloadsFiles", "true"),
            ("endpoint", "embedded server"),
            ("filesDir", "/tmp/files"),
            ("filesOnDisk", "true"),
            ("filesystem", "ext4"),
            ("region", "us-east-1"),
            ("seed", "7"),
            ("targetThroughputGbps", "100.0"),
            ("tuned", r#"{"partSizeBytes":8388608,"connections":32}"#),
        ]);
        let conditions = RunConditions::from(given.clone());
        assert!(conditions.is_embedded() && conditions.downloads_files);
        assert_eq!(conditions.medium, DataMedium::Disk);
        assert_eq!(conditions.target_throughput, Gbps::new(100.0).ok());
        assert_eq!(conditions.tuned.and_then(|tuned| tuned.connections), Some(32));
        assert_eq!(conditions.other, map(&[("seed", "7")]));
        assert_eq!(conditions.to_map(), given);
        let json = serde_json::to_string(&given).unwrap();
        assert_eq!(serde_json::to_string(&conditions).unwrap(), json);
        assert_eq!(serde_json::from_str::<RunConditions>(&json).unwrap(), conditions);
    }

    #[test]
    fn what_is_not_understood_stays_as_it_is() {
        let given = map(&[
            ("endpointUrl", "http://127.0.0.1:9000"),
            ("filesOnDisk", "yes"),
            ("targetThroughputGbps", "100"),
            ("tuned", r#"{"later":1}"#),
        ]);
        let conditions = RunConditions::from(given.clone());
        assert_eq!(conditions.other, given);
        assert_eq!((conditions.medium, conditions.target_throughput), (DataMedium::Memory, None));
        assert_eq!(conditions.to_map(), given);
        assert_eq!(RunConditions::default().to_map(), BTreeMap::new());
    }
}
