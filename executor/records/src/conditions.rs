//! What a record says of the conditions of its run, as types. Nothing else reads the map of settings or guesses from names.

use std::net::IpAddr;

use workload_schema::event::Tuned;
use workload_schema::record::{RepeatRecord, RunRecord};

/// Name of the network interface by which a machine reaches itself.
const LOOPBACK_INTERFACE: &str = "lo";
/// Names in the map of settings.
mod name {
    pub(super) const STORE: &str = "endpoint";
    pub(super) const REGION: &str = "region";
    pub(super) const TARGET_THROUGHPUT: &str = "targetThroughputGbps";
    pub(super) const FILES_ON_DISK: &str = "filesOnDisk";
    pub(super) const FILE_SYSTEM: &str = "filesystem";
    pub(super) const DOWNLOADS_FILES: &str = "downloadsFiles";
    pub(super) const TUNED: &str = "tuned";
}
/// The value of a condition that holds. If it does not hold, its name is absent.
const YES: &str = "true";

/// The store that a run used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreKind {
    /// The server that `wlx` starts itself, on the client's machine.
    Embedded,
    /// A server at this URL.
    Endpoint(String),
    /// S3 of AWS, in this region.
    Aws(String),
}

/// Where the client's data comes from and goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataMedium {
    /// Uploads are read from files, and downloads are written to files.
    Disk,
    /// Data never touches the disk.
    Memory,
}

/// The direction of the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The client sends it.
    Sent,
    /// The client receives it.
    Received,
}

/// The conditions of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunConditions {
    /// The store; none if the record does not say it.
    pub store: Option<StoreKind>,
    /// Its region.
    pub region: Option<String>,
    /// The throughput in Gb/s that the client was told to aim at, as it was written.
    pub target_throughput: Option<String>,
    /// Where the client's data came from and went to.
    pub medium: DataMedium,
    /// Type of the file system below the files directory, `ext4`; only with data on disk.
    pub file_system: Option<String>,
    /// Whether files were downloaded to disk.
    pub downloads_files: bool,
    /// Values that all clients were asked to use alike.
    pub tuned: Option<Tuned>,
}

impl RunConditions {
    /// The conditions of `run`.
    pub fn of(run: &RunRecord) -> Self {
        let text = |name: &str| run.settings.get(name).cloned();
        let holds = |name: &str| run.settings.get(name).is_some_and(|value| value == YES);
        Self {
            store: text(name::STORE).map(|store| StoreKind::of_text(&store)),
            region: text(name::REGION),
            target_throughput: text(name::TARGET_THROUGHPUT),
            medium: if holds(name::FILES_ON_DISK) { DataMedium::Disk } else { DataMedium::Memory },
            file_system: text(name::FILE_SYSTEM),
            downloads_files: holds(name::DOWNLOADS_FILES),
            tuned: text(name::TUNED).and_then(|tuned| serde_json::from_str(&tuned).ok()),
        }
    }

    /// Whether the store is the server that `wlx` starts itself.
    pub fn is_embedded(&self) -> bool {
        match self.store {
            Some(StoreKind::Embedded) => true,
            Some(StoreKind::Endpoint(_) | StoreKind::Aws(_)) | None => false,
        }
    }

    /// The direction of the payload; none if the record does not say it.
    ///
    /// Only runs with data on disk say whether files were downloaded.
    pub fn direction(&self) -> Option<Direction> {
        match (self.medium, self.downloads_files) {
            (DataMedium::Disk, true) => Some(Direction::Received),
            (DataMedium::Disk, false) => Some(Direction::Sent),
            (DataMedium::Memory, _) => None,
        }
    }
}

/// What is asked of a record in several places.
pub trait RunView {
    /// The good warm repeats, from which figures are computed.
    fn warm_repeats(&self) -> impl Iterator<Item = &RepeatRecord> + Clone;
    /// The good repeats, cold ones included.
    fn good_repeats(&self) -> impl Iterator<Item = &RepeatRecord> + Clone;
    /// Whether the store was on the client's machine, judged by its address or by the interface that led to it.
    fn is_on_loopback(&self) -> bool;
}

impl RunView for RunRecord {
    fn warm_repeats(&self) -> impl Iterator<Item = &RepeatRecord> + Clone {
        self.good_repeats().filter(|repeat| !repeat.cold)
    }

    fn good_repeats(&self) -> impl Iterator<Item = &RepeatRecord> + Clone {
        self.repeats.iter().filter(|repeat| repeat.is_good())
    }

    fn is_on_loopback(&self) -> bool {
        let mut interfaces =
            self.repeats.iter().filter_map(|repeat| repeat.usage.machine.as_ref()?.interface.as_deref());
        RunConditions::of(self).store.is_some_and(|store| store.is_on_loopback())
            || interfaces.next() == Some(LOOPBACK_INTERFACE)
    }
}

/// The embedded server in records.
const EMBEDDED: &str = "embedded server";
/// AWS in records, before the region.
const AWS: &str = "AWS ";

impl StoreKind {
    /// The store that a record names as `text`.
    pub fn of_text(text: &str) -> Self {
        match text.strip_prefix(AWS) {
            Some(region) => Self::Aws(region.to_owned()),
            None if text == EMBEDDED => Self::Embedded,
            None => Self::Endpoint(text.to_owned()),
        }
    }

    /// Whether its address leads to the client's own machine.
    pub fn is_on_loopback(&self) -> bool {
        match self {
            Self::Embedded => true,
            Self::Endpoint(url) => is_loopback_host(host_of(url)),
            Self::Aws(_) => false,
        }
    }
}

/// The host in a URL, without port and brackets.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let address = authority.rsplit_once('@').map_or(authority, |(_, address)| address);
    match address.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
        Some((host, _)) => host,
        None => address.split(':').next().unwrap_or_default(),
    }
}

/// Whether `host` is the machine that resolves it.
fn is_loopback_host(host: &str) -> bool {
    let name = host.to_ascii_lowercase();
    let is_local_name = name == "localhost" || name.ends_with(".localhost");
    is_local_name || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{machine, measured_repeat, measured_run, run};

    #[test]
    fn settings_are_read_as_what_they_mean() {
        let mut run = run(1);
        for (name, value) in [("endpoint", "embedded server"), ("filesOnDisk", "true"), ("downloadsFiles", "true")] {
            run.settings.insert(name.to_owned(), value.to_owned());
        }
        run.settings.insert("tuned".to_owned(), r#"{"connections":32}"#.to_owned());
        let conditions = RunConditions::of(&run);
        assert!(conditions.is_embedded() && conditions.medium == DataMedium::Disk);
        assert_eq!(conditions.direction(), Some(Direction::Received));
        assert_eq!(conditions.tuned.and_then(|tuned| tuned.connections), Some(32));
        run.settings.remove("downloadsFiles");
        assert_eq!(RunConditions::of(&run).direction(), Some(Direction::Sent));
        run.settings.remove("filesOnDisk");
        assert_eq!(RunConditions::of(&run).direction(), None, "no name of a workload is asked");
    }

    #[test]
    fn the_address_or_the_interface_says_what_is_loopback() {
        let mut run = measured_run();
        run.repeats = vec![measured_repeat(1)];
        assert!(run.is_on_loopback());
        machine(&mut run.repeats[0]).interface = Some("eth0".to_owned());
        assert!(!run.is_on_loopback());
        for (store, near) in [
            ("http://127.0.0.1:9000", true),
            ("https://[::1]:9000", true),
            ("http://LOCALHOST", true),
            ("embedded server", true),
            ("AWS eu-central-1", false),
            ("http://localhost.example.com", false),
            ("http://10.0.0.1", false),
        ] {
            run.settings.insert("endpoint".to_owned(), store.to_owned());
            assert_eq!(run.is_on_loopback(), near, "{store}");
        }
    }
}
