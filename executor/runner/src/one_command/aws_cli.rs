//! The command of the AWS CLI: `aws s3 cp`.

use std::fmt::Write;

use workload_schema::Operation;

use super::keys::one_directory;
use super::{Asked, OneCommand};
use s3_clients::command_line::CommandLineClient;

/// Above this a stream needs `--expected-size`: the CLI cannot know how large parts must be (its manual).
const LARGE_STREAM: u64 = 50 * 1000 * 1000 * 1000;

/// The command for a workload that passed the rules.
pub(super) fn command(asked: &Asked<'_>) -> OneCommand {
    let task = asked.workload.first_task();
    let several = asked.is_several();
    let path = one_directory(asked.workload).filter(|_| several).unwrap_or(task.key.as_str());
    let local = if asked.workload.on_disk() { path } else { "-" };
    let remote = format!("s3://{}/{path}", asked.bucket);
    let [from, to] = match task.operation {
        Operation::Upload => [local, &remote],
        Operation::Download => [&remote, local],
    };
    let mut arguments: Vec<String> = ["s3", "cp", from, to].map(str::to_owned).into();
    let mut add = |words: &[&str]| arguments.extend(words.iter().map(|word| (*word).to_owned()));
    if several {
        add(&["--recursive"]);
    }
    add(&["--region", asked.region]);
    if !asked.verbose {
        // `--quiet` would hide what went wrong too.
        add(&["--only-show-errors"]);
    }
    if let Some(endpoint) = asked.endpoint_url {
        // 2.9.19 knows no variable for it.
        add(&["--endpoint-url", endpoint]);
    }
    match (asked.workload.checksum(), task.operation) {
        (Some(checksum), Operation::Upload) => add(&["--checksum-algorithm", checksum.as_str()]),
        (Some(_), Operation::Download) => add(&["--checksum-mode", "ENABLED"]),
        (None, _) => {}
    }
    if !asked.workload.on_disk() && task.operation.sends_payload() && task.size > LARGE_STREAM {
        add(&["--expected-size", &task.size.to_string()]);
    }
    OneCommand {
        program: "aws".to_owned(),
        arguments,
        variables: Vec::new(),
        aws_config: Some(config(asked)),
        stream: asked.stream(),
    }
}

/// The configuration file: which transfer client, how wide, and no checksum that the workload does not ask for.
fn config(asked: &Asked<'_>) -> String {
    let mut text = "[default]\n".to_owned();
    if asked.workload.checksum().is_none() {
        // As of 1.37 and 2.23 the CLI would send and validate CRC64NVME by itself.
        text.push_str("request_checksum_calculation = when_required\nresponse_checksum_validation = when_required\n");
    }
    text.push_str("s3 =\n");
    let mut set = |name: &str, value: &str| writeln!(text, "  {name} = {value}").expect("strings take all");
    match asked.program.client {
        CommandLineClient::CliCrt => {
            set("preferred_transfer_client", "crt");
            set("target_bandwidth", &format!("{} Mb/s", (asked.target.get() * 1000.0).round()));
        }
        // Its name until 2.12; version 1 has no other client and does not look.
        _ if asked.program.is_between((2, 0), (2, 12)) => set("preferred_transfer_client", "default"),
        _ => set("preferred_transfer_client", "classic"),
    }
    if let Some(bytes) = asked.tuned.part_size_bytes {
        set("multipart_chunksize", &bytes.to_string());
        set("multipart_threshold", &bytes.to_string());
    }
    if let (Some(connections), CommandLineClient::CliClassic) = (asked.tuned.connections, asked.program.client) {
        set("max_concurrent_requests", &connections.to_string());
    }
    if asked.endpoint_url.is_some() {
        set("addressing_style", "path");
    }
    text
}
