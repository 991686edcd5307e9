//! The rules of contract 6: from a workload, and what lies around it, to the one command that does it, or to the
//! reason why there is none. Pure: nothing is looked up here.

use std::collections::BTreeSet;

use workload_schema::event::Tuned;
use workload_schema::{Action, Gbps, Workload};

use super::{OneCommand, Surroundings, aws_cli, rclone, s5cmd};
use s3_clients::command_line::{CommandLineClient, Program};

/// Bytes of a part of the AWS CLI, where nothing else is asked for.
const AWS_CLI_PART: u64 = 8 << 20;

/// What the command is for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The client and its version.
    pub program: &'a Program,
    /// The workload.
    pub workload: &'a Workload,
    /// What lies around its files and objects.
    pub surroundings: &'a Surroundings,
    /// Bucket.
    pub bucket: &'a str,
    /// Region.
    pub region: &'a str,
    /// Endpoint; none means AWS.
    pub endpoint_url: Option<&'a str>,
    /// Throughput to plan the concurrency for.
    pub target: Gbps,
    /// Values asked for instead of what the client's makers recommend.
    pub tuned: Tuned,
    /// Whether the command may say what it does.
    pub verbose: bool,
}

/// Why there is no command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The client cannot do it in one command: exit code 123.
    #[error("{0}")]
    Skip(String),
    /// Something is missing that should be there: exit code 255.
    #[error("{0}")]
    Fail(String),
}

/// The one command that does the workload, or why there is none.
pub fn one_command(asked: &Asked<'_>) -> Result<OneCommand, Refusal> {
    check_keys(asked).map_err(Refusal::Skip)?;
    check_streams(asked).map_err(Refusal::Skip)?;
    check_checksum(asked).map_err(Refusal::Skip)?;
    check_bucket(asked).map_err(Refusal::Skip)?;
    check_surroundings(asked)?;
    match asked.program.client {
        CommandLineClient::CliClassic | CommandLineClient::CliCrt => Ok(aws_cli::command(asked)),
        CommandLineClient::S5cmd => s5cmd::command(asked).map_err(Refusal::Skip),
        CommandLineClient::Rclone => Ok(rclone::command(asked)),
    }
}

/// Concurrency of s5cmd and rclone: int(target / 0.4 Gb/s), and at least 1 (contract 5).
pub(super) fn concurrency(target: Gbps) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=1024 before the cast")]
    let concurrency = (target.get() / 0.4).floor().clamp(1.0, 1024.0) as u64;
    concurrency
}

/// The directory of a key; none for a key at the top.
pub(super) fn directory_of(key: &str) -> Option<&str> {
    key.rsplit_once('/').map(|(directory, _)| directory).filter(|directory| !directory.is_empty())
}

/// The directory that all keys lie in directly, if there is one.
pub(super) fn one_directory(workload: &Workload) -> Option<&str> {
    let mut directories = workload.tasks.iter().map(|task| directory_of(task.key.as_str()));
    let first = directories.next()??;
    directories.all(|directory| directory == Some(first)).then_some(first)
}

fn check_keys(asked: &Asked<'_>) -> Result<(), String> {
    let (client, workload) = (asked.program.client, asked.workload);
    if workload.tasks.len() == 1 {
        return Ok(());
    }
    if workload.tasks.iter().any(|task| task.action != workload.tasks[0].action) {
        return Err(format!("{client} cannot upload and download in one command"));
    }
    let distinct: BTreeSet<&str> = workload.tasks.iter().map(|task| task.key.as_str()).collect();
    if distinct.len() < workload.tasks.len() {
        return Err(format!("{client} cannot transfer the same key more than once in one command"));
    }
    if !workload.files_on_disk {
        return Err(format!("{client} cannot transfer several files in one command unless they are on disk"));
    }
    if one_directory(workload).is_none() {
        return Err(format!("{client} cannot transfer keys of several directories in one command"));
    }
    Ok(())
}

fn check_streams(asked: &Asked<'_>) -> Result<(), String> {
    let (client, workload) = (asked.program.client, asked.workload);
    if workload.files_on_disk {
        return Ok(());
    }
    match (client, workload.tasks[0].action) {
        (CommandLineClient::S5cmd | CommandLineClient::Rclone, Action::Download) => {
            Err(format!("{client} cannot download to RAM"))
        }
        // Seen in the sources of 2.9.19: a stream gets the default transfer client, whatever is preferred.
        (CommandLineClient::CliCrt, _) => {
            Err("cli-crt cannot stream from or to RAM: the AWS CLI does that by its classic client".to_owned())
        }
        _ => Ok(()),
    }
}

fn check_checksum(asked: &Asked<'_>) -> Result<(), String> {
    match asked.workload.checksum {
        Some(checksum) if !asked.program.sets_checksums() => {
            Err(format!("{} cannot set a checksum algorithm, and {checksum} is asked for", asked.program))
        }
        // Seen by serving it a corrupted body: what it reads in ranges it does not validate.
        Some(checksum) if largest_download(asked.workload) > part_size(asked) => {
            let (program, part_size) = (asked.program, part_size(asked));
            Err(format!("{program} does not validate the {checksum} of downloads above a part of {part_size} bytes"))
        }
        _ => Ok(()),
    }
}

fn largest_download(workload: &Workload) -> u64 {
    let downloads = workload.tasks.iter().filter(|task| task.action == Action::Download);
    downloads.map(|task| task.size).max().unwrap_or(0)
}

/// Above this the AWS CLI reads in ranges.
fn part_size(asked: &Asked<'_>) -> u64 {
    asked.tuned.part_size_bytes.unwrap_or(AWS_CLI_PART)
}

fn check_bucket(asked: &Asked<'_>) -> Result<(), String> {
    if asked.program.client == CommandLineClient::S5cmd && asked.bucket.ends_with("--x-s3") {
        return Err("s5cmd cannot use directory buckets".to_owned());
    }
    Ok(())
}

fn check_surroundings(asked: &Asked<'_>) -> Result<(), Refusal> {
    let (client, seen) = (asked.program.client, asked.surroundings);
    if let Some(missing) = seen.missing_files.first() {
        return Err(Refusal::Fail(format!(
            "the file to upload, {missing}, does not exist; make it with wlx prep files"
        )));
    }
    if let Some(missing) = seen.missing_objects.first() {
        return Err(Refusal::Fail(format!(
            "the object to download, {missing}, does not exist; make it with wlx prep bucket"
        )));
    }
    let directory = one_directory(asked.workload).unwrap_or_default();
    if let Some(extra) = seen.extra_files.first() {
        return Err(Refusal::Skip(format!(
            "{client} would upload all of {directory} on disk, and {extra} in it is not of this workload"
        )));
    }
    if let Some(extra) = seen.extra_objects.first() {
        return Err(Refusal::Skip(format!(
            "{client} would download all of {directory} in the bucket, and {extra} in it is not of this workload"
        )));
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use workload_schema::{Checksum, ObjectKey, Task};

    use super::*;

    fn task(action: Action, key: &str) -> Task {
        Task { action, key: ObjectKey::new(key).unwrap(), size: 1024 }
    }

    fn workload(tasks: Vec<Task>) -> Workload {
        Workload {
            version: 2,
            comment: String::new(),
            files_on_disk: true,
            checksum: None,
            max_repeat_count: 1,
            max_repeat_secs: 1,
            tasks,
        }
    }

    pub fn many(action: Action, count: usize) -> Workload {
        workload((1..=count).map(|number| task(action, &format!("{action}/1KiB-{count}x/{number}"))).collect())
    }

    pub fn single(action: Action) -> Workload {
        many(action, 1)
    }

    fn in_ram(workload: Workload) -> Workload {
        Workload { files_on_disk: false, ..workload }
    }

    fn with(checksum: Checksum, workload: Workload) -> Workload {
        Workload { checksum: Some(checksum), ..workload }
    }

    fn programs() -> Vec<Program> {
        let program = |client, version: &str| Program::not_installed(client, version);
        vec![
            program(CommandLineClient::CliClassic, "aws-cli/1.46.3"),
            program(CommandLineClient::CliClassic, "aws-cli/2.9.19"),
            program(CommandLineClient::CliCrt, "aws-cli/2.9.19"),
            program(CommandLineClient::S5cmd, "v2.3.0"),
            program(CommandLineClient::Rclone, "v1.75.2"),
        ]
    }

    fn said(workload: &Workload, surroundings: &Surroundings, bucket: &str, change: impl Fn(&mut Asked<'_>)) -> String {
        let mut lines = Vec::new();
        for program in programs() {
            let mut asked = Asked {
                program: &program,
                workload,
                surroundings,
                bucket,
                region: "eu-central-1",
                endpoint_url: None,
                target: Gbps::new(10.0).unwrap(),
                tuned: Tuned::default(),
                verbose: false,
            };
            change(&mut asked);
            let said = match one_command(&asked) {
                Ok(command) => {
                    let config = command
                        .aws_config
                        .as_deref()
                        .map(|text| format!("\n    {}", text.trim().replace('\n', "\n    ")));
                    format!("{command}{}", config.unwrap_or_default())
                }
                Err(Refusal::Skip(reason)) => format!("skip: {reason}"),
                Err(Refusal::Fail(reason)) => format!("fail: {reason}"),
            };
            lines.push(format!("{program}: {said}"));
        }
        lines.join("\n")
    }

    fn plain(workload: &Workload) -> String {
        said(workload, &Surroundings::default(), "bench", |_| {})
    }

    #[test]
    fn one_file_is_copied() {
        insta::assert_snapshot!("upload_one", plain(&single(Action::Upload)));
        insta::assert_snapshot!("download_one", plain(&single(Action::Download)));
    }

    #[test]
    fn several_files_are_copied_with_their_directory() {
        insta::assert_snapshot!("upload_several", plain(&many(Action::Upload, 20)));
        insta::assert_snapshot!("download_several", plain(&many(Action::Download, 20)));
    }

    #[test]
    fn one_file_in_ram_is_streamed() {
        insta::assert_snapshot!("upload_ram", plain(&in_ram(single(Action::Upload))));
        insta::assert_snapshot!("download_ram", plain(&in_ram(single(Action::Download))));
    }

    #[test]
    fn several_files_in_ram_are_skipped() {
        insta::assert_snapshot!(plain(&in_ram(many(Action::Upload, 2))));
    }

    #[test]
    fn mixed_actions_are_skipped() {
        let mixed = workload(vec![task(Action::Upload, "upload/a/1"), task(Action::Download, "download/a/1")]);
        insta::assert_snapshot!(plain(&mixed));
    }

    #[test]
    fn a_repeated_key_is_skipped() {
        let repeated = workload(vec![task(Action::Download, "download/a/1"), task(Action::Download, "download/a/1")]);
        insta::assert_snapshot!(plain(&repeated));
    }

    #[test]
    fn several_directories_are_skipped() {
        let spread = workload(vec![task(Action::Download, "download/a/1"), task(Action::Download, "download/b/1")]);
        insta::assert_snapshot!(plain(&spread));
        let deeper = workload(vec![task(Action::Download, "download/a/1"), task(Action::Download, "download/a/b/1")]);
        assert_eq!(plain(&spread), plain(&deeper));
        let at_the_top = workload(vec![task(Action::Download, "1"), task(Action::Download, "2")]);
        assert_eq!(plain(&spread), plain(&at_the_top), "the top of a bucket is no directory of its own");
    }

    #[test]
    fn a_checksum_is_set_or_the_workload_is_skipped() {
        for checksum in Checksum::ALL {
            insta::assert_snapshot!(format!("checksum_{checksum}"), plain(&with(checksum, single(Action::Upload))));
        }
        insta::assert_snapshot!("checksum_download", plain(&with(Checksum::Crc32, single(Action::Download))));
        let mut large = single(Action::Download);
        large.tasks[0].size = AWS_CLI_PART + 1;
        insta::assert_snapshot!("checksum_large_download", plain(&with(Checksum::Crc32, large)));
    }

    #[test]
    fn a_directory_bucket_is_skipped_by_s5cmd() {
        let bucket = "bench--euc1-az1--x-s3";
        insta::assert_snapshot!(said(&single(Action::Upload), &Surroundings::default(), bucket, |_| {}));
    }

    #[test]
    fn an_extra_file_is_skipped() {
        let seen = Surroundings { extra_files: ["upload/1KiB-2x/notes".to_owned()].into(), ..Surroundings::default() };
        insta::assert_snapshot!(said(&many(Action::Upload, 2), &seen, "bench", |_| {}));
    }

    #[test]
    fn an_extra_object_is_skipped() {
        let seen = Surroundings { extra_objects: ["download/1KiB-2x/3".to_owned()].into(), ..Surroundings::default() };
        insta::assert_snapshot!(said(&many(Action::Download, 2), &seen, "bench", |_| {}));
    }

    #[test]
    fn a_missing_file_is_a_failure() {
        let seen = Surroundings { missing_files: ["upload/1KiB-2x/1".to_owned()].into(), ..Surroundings::default() };
        insta::assert_snapshot!(said(&many(Action::Upload, 2), &seen, "bench", |_| {}));
        let missing_objects = ["download/1KiB-2x/1".to_owned()].into();
        let seen = Surroundings { missing_objects, ..Surroundings::default() };
        insta::assert_snapshot!("missing_object", said(&many(Action::Download, 2), &seen, "bench", |_| {}));
    }

    #[test]
    fn the_endpoint_is_passed_on() {
        insta::assert_snapshot!(said(&many(Action::Download, 2), &Surroundings::default(), "bench", |asked| {
            asked.endpoint_url = Some("http://127.0.0.1:9000");
        }));
    }

    #[test]
    fn verbose_commands_say_what_they_do() {
        insta::assert_snapshot!(said(&single(Action::Upload), &Surroundings::default(), "bench", |asked| {
            asked.verbose = true;
        }));
    }

    #[test]
    fn tuned_values_are_set_where_there_is_a_flag_for_them() {
        insta::assert_snapshot!(said(&many(Action::Upload, 20), &Surroundings::default(), "bench", |asked| {
            asked.tuned = Tuned { part_size_bytes: Some(16 << 20), connections: Some(7), files_in_flight: Some(3) };
        }));
    }

    #[test]
    fn names_with_wildcards_and_spaces_stay_names() {
        let odd = workload(vec![task(Action::Download, "download/a b*/1")]);
        insta::assert_snapshot!("wildcard_one", plain(&odd));
        let several = workload(vec![task(Action::Download, "download/a*/1"), task(Action::Download, "download/a*/2")]);
        insta::assert_snapshot!("wildcard_several", plain(&several));
    }

    #[test]
    fn concurrency_is_never_zero() {
        for (gbps, expected) in [(0.1, 1), (0.4, 1), (0.9, 2), (10.0, 25), (100.0, 250), (1e9, 1024)] {
            assert_eq!(concurrency(Gbps::new(gbps).unwrap()), expected, "{gbps}");
        }
    }
}
