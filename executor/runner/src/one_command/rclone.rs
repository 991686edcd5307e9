//! The command of rclone: `rclone copy`, and `rclone rcat` from RAM.

use workload_schema::Operation;

use super::asked::concurrency;
use super::keys::{directory_of, one_directory};
use super::{Asked, OneCommand, Stream};

const MIB: u64 = 1 << 20;
/// Name of the remote, made by variables.
const REMOTE: &str = "w";

/// The command for a workload that passed the rules.
pub(super) fn command(asked: &Asked<'_>) -> OneCommand {
    let task = asked.workload.first_task();
    let several = asked.is_several();
    let stream = asked.stream();
    let key = task.key.as_str();
    let remote = |path: &str| format!("{REMOTE}:{}/{path}", asked.bucket);
    // With a slash at the end it is a directory. Else rclone asks for an object of that name first, and a refusal is an
    // answer to it: "is a file not a directory".
    let remote_directory = |path: &str| remote(&below(path));
    let directory = directory_of(key).unwrap_or_default();
    let mut arguments: Vec<String> = match (&stream, one_directory(asked.workload).filter(|_| several), task.operation)
    {
        (Stream::None, Some(all), Operation::Upload) => vec!["copy".into(), all.into(), remote_directory(all)],
        (Stream::None, Some(all), Operation::Download) => vec!["copy".into(), remote_directory(all), all.into()],
        (Stream::None, None, Operation::Upload) => vec!["copy".into(), key.into(), remote_directory(directory)],
        (Stream::None, None, Operation::Download) => {
            let folder = if directory.is_empty() { "." } else { directory };
            vec!["copy".into(), remote(key), folder.into()]
        }
        _ => vec!["rcat".into(), remote(key)],
    };
    let mut add = |words: &[&str]| arguments.extend(words.iter().map(|word| (*word).to_owned()));
    if stream == Stream::None {
        // Else what an earlier repeat left is compared and not copied again.
        add(&["--no-check-dest"]);
    }
    add(&["--s3-region", asked.region]);
    add(&[if asked.verbose { "--verbose" } else { "--quiet" }]);
    let part = (asked.tuned.part_size_bytes.unwrap_or(8 * MIB) / MIB).max(5);
    let part = format!("{part}Mi");
    add(&["--s3-chunk-size", &part, "--s3-upload-cutoff", &part]);
    let wide = concurrency(asked.target);
    let connections = asked.tuned.connections.unwrap_or(wide).to_string();
    if several {
        add(&["--transfers", &asked.tuned.files_in_flight.unwrap_or(wide).to_string()]);
    }
    // The width of one file; where several go side by side, only if it is asked for.
    if !several || asked.tuned.connections.is_some() {
        add(&["--s3-upload-concurrency", &connections, "--multi-thread-streams", &connections]);
        add(&["--multi-thread-cutoff", &part, "--multi-thread-chunk-size", &part]);
    }
    OneCommand { program: "rclone".to_owned(), arguments, variables: variables(asked), aws_config: None, stream }
}

/// `directory/`, and nothing for the top of the bucket.
fn below(directory: &str) -> String {
    if directory.is_empty() { String::new() } else { format!("{directory}/") }
}

/// The remote, without a configuration file.
fn variables(asked: &Asked<'_>) -> Vec<(String, String)> {
    let provider = if asked.endpoint_url.is_some() { "Other" } else { "AWS" };
    let mut variables = vec![
        ("RCLONE_CONFIG", "/dev/null"),
        ("RCLONE_CONFIG_W_TYPE", "s3"),
        ("RCLONE_CONFIG_W_PROVIDER", provider),
        ("RCLONE_CONFIG_W_ENV_AUTH", "true"),
        // Else it asks for the bucket, and would even make it.
        ("RCLONE_S3_NO_CHECK_BUCKET", "true"),
    ];
    if let Some(endpoint) = asked.endpoint_url {
        variables.extend([("RCLONE_CONFIG_W_ENDPOINT", endpoint), ("RCLONE_CONFIG_W_FORCE_PATH_STYLE", "true")]);
    }
    variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
