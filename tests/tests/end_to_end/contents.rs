//! The contents of a bucket, as the AWS CLI sees them, and of a folder.

use std::path::Path;

use end_to_end::TestContext;
use serde_json::Value;

/// What the AWS CLI prints.
pub fn aws(context: &TestContext, arguments: &[&str]) -> String {
    context.aws().args(arguments).run().expect_success().stdout
}

/// All keys of a bucket, sorted.
pub fn keys(context: &TestContext, bucket: &str) -> Vec<String> {
    queried(context, &["list-objects-v2", "--bucket", bucket, "--query", "Contents[].Key"])
}

/// The keys whose multipart uploads are neither completed nor aborted.
pub fn open_uploads(context: &TestContext, bucket: &str) -> Vec<String> {
    queried(context, &["list-multipart-uploads", "--bucket", bucket, "--query", "Uploads[].Key"])
}

fn queried(context: &TestContext, call: &[&str]) -> Vec<String> {
    let printed = aws(context, &[&["s3api"], call].concat());
    let found: Option<Vec<String>> =
        serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error} in {printed}"));
    let mut found = found.unwrap_or_default();
    found.sort_unstable();
    found
}

/// The lifecycle rules of a bucket.
pub fn rules(context: &TestContext, bucket: &str) -> Vec<Value> {
    let printed = aws(context, &["s3api", "get-bucket-lifecycle-configuration", "--bucket", bucket]);
    let printed: Value = serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error} in {printed}"));
    printed["Rules"].as_array().unwrap_or_else(|| panic!("no rules in {printed}")).clone()
}

/// The files below a folder with their sizes, sorted: `(path, bytes)`.
pub fn files(folder: &Path) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    let mut next = vec![folder.to_path_buf()];
    while let Some(at) = next.pop() {
        for entry in std::fs::read_dir(&at).unwrap_or_else(|error| panic!("{}: {error}", at.display())) {
            let path = entry.expect("the folder can be listed").path();
            let metadata = path.symlink_metadata().expect("what is listed is there");
            if metadata.is_dir() {
                next.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it lies below").display().to_string();
                found.push((name, metadata.len()));
            }
        }
    }
    found.sort_unstable();
    found
}
