//! The rules of contract 6: from a workload, and what lies around it, to the one command that does it, or to the
//! reason why there is none. Pure: nothing is looked up here.

use super::keys::{self, one_directory};
use super::{Asked, OneCommand, Refusal, aws_cli, rclone, s5cmd};
use s3_clients::command_line::CommandLineClient;

/// The one command that does the workload, or why there is none.
pub fn one_command(asked: &Asked<'_>) -> Result<OneCommand, Refusal> {
    let client = asked.program.client;
    keys::check_repeats(client, asked.workload).map_err(Refusal::Skip)?;
    asked.program.covers(&asked.needs()).map_err(Refusal::Skip)?;
    keys::check_directory(client, asked.workload).map_err(Refusal::Skip)?;
    check_surroundings(asked)?;
    match client {
        CommandLineClient::CliClassic | CommandLineClient::CliCrt => Ok(aws_cli::command(asked)),
        CommandLineClient::S5cmd => s5cmd::command(asked).map_err(Refusal::Skip),
        CommandLineClient::Rclone => Ok(rclone::command(asked)),
    }
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
mod tests {
    use s3_clients::command_line::Program;
    use workload_schema::event::Tuned;
    use workload_schema::{Checksum, DataMedium, Gbps, Operation, Task, Workload};

    use super::super::Surroundings;
    use super::super::fixtures::{many, single, task, workload};
    use super::*;

    fn in_ram(workload: Workload) -> Workload {
        workload.with_medium(DataMedium::Memory)
    }

    fn with(checksum: Checksum, workload: Workload) -> Workload {
        workload.with_checksum(Some(checksum))
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
        insta::assert_snapshot!("upload_one", plain(&single(Operation::Upload)));
        insta::assert_snapshot!("download_one", plain(&single(Operation::Download)));
    }

    #[test]
    fn several_files_are_copied_with_their_directory() {
        insta::assert_snapshot!("upload_several", plain(&many(Operation::Upload, 20)));
        insta::assert_snapshot!("download_several", plain(&many(Operation::Download, 20)));
    }

    #[test]
    fn one_file_in_ram_is_streamed() {
        insta::assert_snapshot!("upload_ram", plain(&in_ram(single(Operation::Upload))));
        insta::assert_snapshot!("download_ram", plain(&in_ram(single(Operation::Download))));
    }

    #[test]
    fn several_files_in_ram_are_skipped() {
        insta::assert_snapshot!(plain(&in_ram(many(Operation::Upload, 2))));
    }

    #[test]
    fn mixed_actions_are_skipped() {
        let mixed = workload(vec![task(Operation::Upload, "upload/a/1"), task(Operation::Download, "download/a/1")]);
        insta::assert_snapshot!(plain(&mixed));
    }

    #[test]
    fn a_repeated_key_is_skipped() {
        let repeated =
            workload(vec![task(Operation::Download, "download/a/1"), task(Operation::Download, "download/a/1")]);
        insta::assert_snapshot!(plain(&repeated));
    }

    #[test]
    fn several_directories_are_skipped() {
        let spread =
            workload(vec![task(Operation::Download, "download/a/1"), task(Operation::Download, "download/b/1")]);
        insta::assert_snapshot!(plain(&spread));
        let deeper =
            workload(vec![task(Operation::Download, "download/a/1"), task(Operation::Download, "download/a/b/1")]);
        assert_eq!(plain(&spread), plain(&deeper));
        let at_the_top = workload(vec![task(Operation::Download, "1"), task(Operation::Download, "2")]);
        assert_eq!(plain(&spread), plain(&at_the_top), "the top of a bucket is no directory of its own");
    }

    #[test]
    fn a_checksum_is_set_or_the_workload_is_skipped() {
        for checksum in Checksum::ALL {
            insta::assert_snapshot!(format!("checksum_{checksum}"), plain(&with(checksum, single(Operation::Upload))));
        }
        insta::assert_snapshot!("checksum_download", plain(&with(Checksum::Crc32, single(Operation::Download))));
        let large = Task { size: (8 << 20) + 1, ..Task::from(single(Operation::Download).first_task()) };
        let large = workload(vec![large]);
        insta::assert_snapshot!("checksum_large_download", plain(&with(Checksum::Crc32, large)));
    }

    #[test]
    fn a_directory_bucket_is_skipped_by_s5cmd() {
        let bucket = "bench--euc1-az1--x-s3";
        insta::assert_snapshot!(said(&single(Operation::Upload), &Surroundings::default(), bucket, |_| {}));
    }

    #[test]
    fn an_extra_file_is_skipped() {
        let seen = Surroundings { extra_files: ["upload/1KiB-2x/notes".to_owned()].into(), ..Surroundings::default() };
        insta::assert_snapshot!(said(&many(Operation::Upload, 2), &seen, "bench", |_| {}));
    }

    #[test]
    fn an_extra_object_is_skipped() {
        let seen = Surroundings { extra_objects: ["download/1KiB-2x/3".to_owned()].into(), ..Surroundings::default() };
        insta::assert_snapshot!(said(&many(Operation::Download, 2), &seen, "bench", |_| {}));
    }

    #[test]
    fn a_missing_file_is_a_failure() {
        let seen = Surroundings { missing_files: ["upload/1KiB-2x/1".to_owned()].into(), ..Surroundings::default() };
        insta::assert_snapshot!(said(&many(Operation::Upload, 2), &seen, "bench", |_| {}));
        let missing_objects = ["download/1KiB-2x/1".to_owned()].into();
        let seen = Surroundings { missing_objects, ..Surroundings::default() };
        insta::assert_snapshot!("missing_object", said(&many(Operation::Download, 2), &seen, "bench", |_| {}));
    }

    #[test]
    fn the_endpoint_is_passed_on() {
        insta::assert_snapshot!(said(&many(Operation::Download, 2), &Surroundings::default(), "bench", |asked| {
            asked.endpoint_url = Some("http://127.0.0.1:9000");
        }));
    }

    #[test]
    fn verbose_commands_say_what_they_do() {
        insta::assert_snapshot!(said(&single(Operation::Upload), &Surroundings::default(), "bench", |asked| {
            asked.verbose = true;
        }));
    }

    #[test]
    fn tuned_values_are_set_where_there_is_a_flag_for_them() {
        insta::assert_snapshot!(said(&many(Operation::Upload, 20), &Surroundings::default(), "bench", |asked| {
            asked.tuned = Tuned { part_size_bytes: Some(16 << 20), connections: Some(7), files_in_flight: Some(3) };
        }));
    }

    #[test]
    fn names_with_wildcards_and_spaces_stay_names() {
        let odd = workload(vec![task(Operation::Download, "download/a b*/1")]);
        insta::assert_snapshot!("wildcard_one", plain(&odd));
        let several =
            workload(vec![task(Operation::Download, "download/a*/1"), task(Operation::Download, "download/a*/2")]);
        insta::assert_snapshot!("wildcard_several", plain(&several));
    }
}
