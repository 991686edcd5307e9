//! The command of s5cmd: `s5cmd cp`, and `s5cmd pipe` from RAM.

use workload_schema::Operation;

use super::keys::one_directory;
use super::{Asked, OneCommand, Stream};

const MIB: u64 = 1 << 20;

/// The command for a workload that passed the rules; why there is none, where its names are patterns to s5cmd.
pub(super) fn command(asked: &Asked<'_>) -> Result<OneCommand, String> {
    let task = asked.workload.first_task();
    let several = asked.is_several();
    let mut arguments: Vec<String> = Vec::new();
    let mut add = |words: &[&str]| arguments.extend(words.iter().map(|word| (*word).to_owned()));
    if let Some(endpoint) = asked.endpoint_url {
        add(&["--endpoint-url", endpoint]);
    }
    if !asked.verbose {
        add(&["--log", "error"]);
    }
    if let Some(files) = asked.tuned.files_in_flight {
        add(&["--numworkers", &files.to_string()]);
    }
    let stream = asked.stream();
    add(&[if stream == Stream::None { "cp" } else { "pipe" }]);
    let part_mib = (asked.tuned.part_size_bytes.unwrap_or(8 * MIB) / MIB).max(1);
    let connections = asked.connections();
    add(&["--concurrency", &connections.to_string(), "--part-size", &part_mib.to_string()]);
    if stream == Stream::None {
        // Else it asks the bucket for its region first.
        let flag = match task.operation {
            Operation::Upload => "--destination-region",
            Operation::Download => "--source-region",
        };
        add(&[flag, asked.region]);
    }
    let remote = |path: &str| format!("s3://{}/{path}", asked.bucket);
    let key = task.key.as_str();
    match (&stream, one_directory(asked.workload).filter(|_| several), task.operation) {
        (Stream::None, Some(directory), _) if directory.contains(['*', '?', '[']) => {
            return Err(format!("s5cmd would take the name of {directory} for a pattern"));
        }
        (Stream::None, Some(directory), Operation::Upload) => {
            add(&[&format!("{directory}/"), &remote(&format!("{directory}/"))]);
        }
        (Stream::None, Some(directory), Operation::Download) => {
            add(&[&remote(&format!("{directory}/*")), &format!("{directory}/")]);
        }
        (Stream::None, None, Operation::Upload) => add(&["--raw", key, &remote(key)]),
        (Stream::None, None, Operation::Download) => add(&["--raw", &remote(key), key]),
        _ => add(&["--raw", &remote(key)]),
    }
    let variables = match stream {
        Stream::None => Vec::new(),
        // `pipe` has no flag for it.
        _ => vec![("AWS_REGION".to_owned(), asked.region.to_owned())],
    };
    Ok(OneCommand { program: "s5cmd".to_owned(), arguments, variables, aws_config: None, stream })
}
