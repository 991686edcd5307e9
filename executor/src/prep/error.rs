//! Why preparing or cleaning failed. Each message says what to do about it.

use std::path::PathBuf;

use workload_schema::exit_code;

use super::clash::Clashes;
use super::disk::DiskError;
use crate::store::StoreError;
use s3_clients::endpoint::Failure;
use workload_library::{LoadError, LookupError};

/// Everything that ends `wlx prep` and `wlx clean` early.
#[derive(Debug, thiserror::Error)]
pub enum PrepError {
    /// A workload was not found or is refused.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// A workload's plan is refused.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// There is no store to work with.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The selected workloads contradict each other.
    #[error(transparent)]
    Clashes(#[from] Clashes),
    /// The disk cannot hold what is to be made.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The bucket holds objects and was not made by wlx.
    #[error(
        "bucket {bucket} is not empty and was not made by wlx; nothing was changed\n\
         hint: name another bucket with --bucket, or let wlx work in this one with --adopt (after a day, objects below upload/ then expire and incomplete uploads are aborted)"
    )]
    ForeignBucket {
        /// The bucket.
        bucket: String,
    },
    /// The bucket is in another region.
    #[error("bucket {bucket} is in region {region}\nhint: wlx prep --region {region}")]
    OtherRegion {
        /// The bucket.
        bucket: String,
        /// The region it is in.
        region: String,
    },
    /// The bucket's marker was written by a later release.
    #[error("bucket {bucket} was made by a later release of wlx (marker version {version})\nhint: use that release")]
    NewerBucket {
        /// The bucket.
        bucket: String,
        /// The version of its marker.
        version: u64,
    },
    /// Signals cannot be watched for.
    #[error("cannot watch for signals: {0}")]
    Signals(std::io::Error),
    /// A request failed.
    #[error("{}{}", .0.message, hint_of(.0))]
    Request(Failure),
    /// A file could not be made or removed.
    #[error("cannot {doing} {}: {cause}{}", path.display(), file_hint(cause))]
    File {
        /// What was tried.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said; part of the message, as the hint comes last.
        cause: std::io::Error,
    },
    /// A path leads out of the files directory through a symbolic link.
    #[error(
        "{} leads out of the files directory {} through a symbolic link\nhint: remove the link, or use another --files-dir",
        path.display(), files_dir.display()
    )]
    OutsideFilesDir {
        /// The folder that leads out.
        path: PathBuf,
        /// The files directory.
        files_dir: PathBuf,
    },
    /// The embedded server did not take an admin call.
    #[error("the embedded server did not take the declared objects: {0}")]
    Declare(String),
    /// `--verify` found other bytes than the plan says, and nothing may be changed.
    #[error(
        "{count} of what was verified has other bytes than the plan says, first {first}\nhint: have them made again: wlx prep --verify"
    )]
    WrongBytes {
        /// How many objects and files.
        count: usize,
        /// The first of them.
        first: String,
    },
    /// Ctrl-C or SIGTERM; what was finished stays.
    #[error("interrupted; what was finished stays\nhint: the same command continues where this one stopped")]
    Interrupted,
}

impl PrepError {
    /// The exit code that it stands for.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Lookup(_) | Self::Load(_) | Self::Store(StoreError::Settings(_)) => exit_code::USAGE,
            Self::Interrupted => exit_code::INTERRUPTED,
            Self::Store(StoreError::Embedded(_))
            | Self::Clashes(_)
            | Self::Disk(_)
            | Self::ForeignBucket { .. }
            | Self::OtherRegion { .. }
            | Self::NewerBucket { .. }
            | Self::Signals(_)
            | Self::Request(_)
            | Self::File { .. }
            | Self::OutsideFilesDir { .. }
            | Self::Declare(_)
            | Self::WrongBytes { .. } => exit_code::FAILED,
        }
    }
}

impl From<Failure> for PrepError {
    fn from(failure: Failure) -> Self {
        Self::Request(failure)
    }
}

fn hint_of(failure: &Failure) -> String {
    failure.kind.hint().map(|hint| format!("\nhint: {hint}")).unwrap_or_default()
}

fn file_hint(cause: &std::io::Error) -> &'static str {
    match cause.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            "\nhint: choose fewer workloads, -ram workloads, another disk with --files-dir, or smaller ones with --scale 1/1024"
        }
        std::io::ErrorKind::PermissionDenied => "\nhint: choose a folder that you may write to with --files-dir",
        _ => "",
    }
}
