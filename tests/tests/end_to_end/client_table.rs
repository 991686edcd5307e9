//! What each client must do with each small workload: succeed, or be skipped with a reason that is written here.
//!
//! Contract 6 and what a client declares are the only reasons. Any other reason fails the test.

use end_to_end::HandWritten;
use serde_json::json;

/// All clients, in the order in which they are listed.
pub const CLIENTS: [&str; 18] = [
    "sdk-rust",
    "hyper",
    "sdk-rust-tm",
    "object-store",
    "crt-rust",
    "crt-python",
    "boto3-classic",
    "boto3-crt",
    "aioboto3",
    "aiohttp",
    "httpx",
    "requests",
    "s3fs",
    "obstore",
    "cli-classic",
    "cli-crt",
    "s5cmd",
    "rclone",
];

/// The clients that start a command for each repeat.
pub const COMMAND_LINE: [&str; 4] = ["cli-classic", "cli-crt", "s5cmd", "rclone"];

pub const KIB: u64 = 1 << 10;
pub const MIB: u64 = 1 << 20;

/// A small workload.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub name: &'static str,
    pub action: &'static str,
    pub files: u64,
    pub size: u64,
    pub in_ram: bool,
    pub checksum: Option<&'static str>,
    pub repeats: u64,
}

impl Case {
    const fn on_disk(name: &'static str, action: &'static str, files: u64, size: u64) -> Self {
        Self { name, action, files, size, in_ram: false, checksum: None, repeats: 1 }
    }

    const fn in_ram(self) -> Self {
        Self { in_ram: true, ..self }
    }

    const fn with(self, checksum: &'static str) -> Self {
        Self { checksum: Some(checksum), ..self }
    }

    const fn twice(self) -> Self {
        Self { repeats: 2, ..self }
    }

    pub fn is_upload(&self) -> bool {
        self.action == "upload"
    }

    /// Bytes of one repeat.
    pub fn bytes(&self) -> u64 {
        self.files * self.size
    }

    /// The compiled workload.
    pub fn workload(&self) -> HandWritten {
        let directory = self.name.split_once('-').map_or(self.name, |(_, rest)| rest.trim_end_matches("-ram"));
        let keys: Vec<String> = (1..=self.files).map(|file| format!("{}/{directory}/{file}", self.action)).collect();
        let tasks: Vec<_> = keys.iter().map(|key| (self.action, key.as_str(), self.size)).collect();
        let workload = if self.in_ram { HandWritten::in_ram(&tasks) } else { HandWritten::on_disk(&tasks) };
        workload.with("checksum", json!(self.checksum)).with("maxRepeatCount", json!(self.repeats))
    }
}

/// Small forms of the standard workloads, without and with checksums.
pub const PLAIN: [Case; 8] = [
    Case::on_disk("upload-64KiB-5x", "upload", 5, 64 * KIB).twice(),
    Case::on_disk("download-64KiB-5x", "download", 5, 64 * KIB).twice(),
    Case::on_disk("upload-8MiB-2x", "upload", 2, 8 * MIB),
    Case::on_disk("download-8MiB-2x", "download", 2, 8 * MIB),
    Case::on_disk("upload-20MiB-1x", "upload", 1, 20 * MIB),
    Case::on_disk("download-20MiB-1x", "download", 1, 20 * MIB),
    Case::on_disk("upload-64KiB-1x-ram", "upload", 1, 64 * KIB).in_ram(),
    Case::on_disk("download-64KiB-1x-ram", "download", 1, 64 * KIB).in_ram(),
];

pub const CHECKED: [Case; 4] = [
    Case::on_disk("upload-64KiB-2x-crc32", "upload", 2, 64 * KIB).with("CRC32"),
    Case::on_disk("download-64KiB-2x-crc32", "download", 2, 64 * KIB).with("CRC32"),
    Case::on_disk("upload-64KiB-2x-sha256", "upload", 2, 64 * KIB).with("SHA256"),
    Case::on_disk("download-64KiB-2x-sha256", "download", 2, 64 * KIB).with("SHA256"),
];

/// The reason for which `client` must skip the case, or none if it must succeed.
pub fn skipped(client: &str, case: &Case) -> Option<String> {
    stream_reason(client, case).map(str::to_owned).or_else(|| checksum_reason(client, case))
}

fn stream_reason(client: &str, case: &Case) -> Option<&'static str> {
    match (client, case.in_ram) {
        ("cli-crt", true) => Some("cli-crt cannot stream from or to RAM: the AWS CLI does that by its classic client"),
        ("s5cmd", true) if !case.is_upload() => Some("s5cmd cannot download to RAM"),
        ("rclone", true) if !case.is_upload() => Some("rclone cannot download to RAM"),
        _ => None,
    }
}

fn checksum_reason(client: &str, case: &Case) -> Option<String> {
    let checksum = case.checksum?;
    let version = match client {
        "cli-crt" => "aws-cli/2.9.19",
        "s5cmd" => "v2.3.0",
        "rclone" => "v1.75.2",
        _ => "",
    };
    Some(match client {
        "crt-rust" if !case.is_upload() => {
            format!("mountpoint-s3-client does not validate the {checksum} of downloads")
        }
        "object-store" if !case.is_upload() => format!("object_store does not validate the {checksum} of downloads"),
        "object-store" if checksum != "SHA256" => {
            format!("object_store cannot send {checksum}, only CRC64NVME and SHA256")
        }
        "obstore" if checksum != "SHA256" => format!("obstore cannot set the checksum algorithm {checksum}"),
        "obstore" if !case.is_upload() => "obstore cannot validate the checksum of a download".to_owned(),
        "aiohttp" | "httpx" | "requests" => format!("{client} cannot set a checksum algorithm"),
        "s3fs" => "s3fs cannot set a checksum algorithm for multipart uploads".to_owned(),
        "cli-crt" | "s5cmd" | "rclone" => {
            format!("{client} ({version}) cannot set a checksum algorithm, and {checksum} is asked for")
        }
        _ => return None,
    })
}
