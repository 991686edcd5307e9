//! Cases for the AWS CLI. Each function must pass on any S3 server.

use std::path::{Path, PathBuf};

use end_to_end::{Endpoint, TestContext};
use serde_json::Value;

const MIB: usize = 1024 * 1024;

/// The name on the command line, and the field in the answer.
const CHECKSUMS: [(&str, &str); 5] = [
    ("CRC32", "ChecksumCRC32"),
    ("CRC32C", "ChecksumCRC32C"),
    ("CRC64NVME", "ChecksumCRC64NVME"),
    ("SHA1", "ChecksumSHA1"),
    ("SHA256", "ChecksumSHA256"),
];

/// Put, ranged get, list and delete.
pub fn objects(endpoint: &Endpoint) {
    let (context, bucket) = begin(endpoint);
    let source = random_file(&context, "source", 100_000);
    let url = format!("s3://{bucket}/folder/key");
    s3(&context, &["cp", "--quiet", path(&source), &url]);

    let head = s3api(&context, "head-object", &["--bucket", &bucket, "--key", "folder/key"]);
    assert_eq!(head["ContentLength"], 100_000);
    s3(&context, &["cp", "--quiet", &url, "whole"]);
    assert!(same_content(&source, &context.work().join("whole")));
    let range = ["--bucket", &bucket, "--key", "folder/key", "--range", "bytes=1000-1999", "piece"];
    assert_eq!(s3api(&context, "get-object", &range)["ContentRange"], "bytes 1000-1999/100000");
    assert_eq!(read(&context.work().join("piece")), read(&source)[1000..2000]);

    let listed = s3api(&context, "list-objects-v2", &["--bucket", &bucket, "--prefix", "folder/"]);
    assert_eq!(listed["Contents"][0]["Key"], "folder/key");
    assert_eq!(listed["Contents"][0]["Size"], 100_000);
    assert!(s3(&context, &["ls", &format!("s3://{bucket}")]).contains("PRE folder/"));

    s3(&context, &["rm", "--quiet", &url]);
    assert_eq!(s3(&context, &["ls", &format!("s3://{bucket}"), "--recursive"]), "");
    s3(&context, &["rb", &format!("s3://{bucket}")]);
}

/// Each checksum is sent, stored, given back and checked; a wrong one is refused.
pub fn checksums(endpoint: &Endpoint) {
    let (context, bucket) = begin(endpoint);
    let source = random_file(&context, "source", 70_000);
    for (algorithm, field) in CHECKSUMS {
        let name = ["--bucket", &bucket, "--key", algorithm];
        let put = ["--body", path(&source), "--checksum-algorithm", algorithm];
        let sent = s3api(&context, "put-object", &[&name[..], &put[..]].concat());
        let checksum = sent[field].as_str().unwrap_or_else(|| panic!("no {field} in {sent}"));
        let got = s3api(&context, "get-object", &[&name[..], &["--checksum-mode", "ENABLED", "target"]].concat());
        assert_eq!(got[field], checksum, "{algorithm}");
        assert!(same_content(&source, &context.work().join("target")));
    }
    let wrong = ["--body", path(&source), "--checksum-sha256", "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="];
    context
        .aws()
        .args(["s3api", "put-object", "--bucket", &bucket, "--key", "wrong"])
        .args(wrong)
        .run()
        .expect_code(255)
        .expect_stderr("BadDigest");
    let absent = ["s3api", "head-object", "--bucket", &bucket, "--key", "wrong"];
    context.aws().args(absent).run().expect_code(255);
}

/// `s3 cp` in several parts, with each checksum.
pub fn multipart(endpoint: &Endpoint) {
    let (context, bucket) = begin(endpoint);
    let source = random_file(&context, "source", 20 * MIB + 3);
    for (algorithm, field) in CHECKSUMS {
        let url = format!("s3://{bucket}/{algorithm}");
        s3(&context, &["cp", "--quiet", "--checksum-algorithm", algorithm, path(&source), &url]);
        let head = ["--bucket", &bucket, "--key", algorithm, "--checksum-mode", "ENABLED"];
        let head = s3api(&context, "head-object", &head);
        assert!(head["ETag"].as_str().is_some_and(|etag| etag.contains("-3")), "{head}");
        assert!(head[field].is_string(), "no {field} in {head}");
        s3(&context, &["cp", "--quiet", "--checksum-mode", "ENABLED", &url, "target"]);
        assert!(same_content(&source, &context.work().join("target")), "{algorithm}");
    }
}

/// A multipart upload step by step, and one that is given up.
pub fn multipart_by_hand(endpoint: &Endpoint) {
    let (context, bucket) = begin(endpoint);
    let source = random_file(&context, "source", 5 * MIB);
    let name = ["--bucket", &bucket, "--key", "k"];
    let create = || {
        let begun = s3api(&context, "create-multipart-upload", &name);
        begun["UploadId"].as_str().expect("an upload has an id").to_owned()
    };
    let id = create();
    let upload = |number: &str| {
        let part = ["--upload-id", &id, "--part-number", number, "--body", path(&source)];
        s3api(&context, "upload-part", &[&name[..], &part[..]].concat())["ETag"].clone()
    };
    let parts = serde_json::json!({"Parts": [
        {"PartNumber": 1, "ETag": upload("1")},
        {"PartNumber": 2, "ETag": upload("2")},
    ]});
    let parts = parts.to_string();
    let complete = ["--upload-id", &id, "--multipart-upload", &parts];
    s3api(&context, "complete-multipart-upload", &[&name[..], &complete[..]].concat());
    assert_eq!(s3api(&context, "head-object", &name)["ContentLength"], 10 * MIB);

    let given_up = create();
    let listed = s3api(&context, "list-multipart-uploads", &["--bucket", &bucket]);
    assert_eq!(listed["Uploads"][0]["UploadId"], *given_up);
    s3api(&context, "abort-multipart-upload", &[&name[..], &["--upload-id", &given_up]].concat());
    assert!(s3api(&context, "list-multipart-uploads", &["--bucket", &bucket])["Uploads"].is_null());
}

/// A folder is uploaded and downloaded, and everything is removed with one command.
pub fn folders(endpoint: &Endpoint) {
    let (context, bucket) = begin(endpoint);
    for number in 1..=9 {
        random_file(&context, &format!("from/{number}"), 1000 * number);
    }
    let url = format!("s3://{bucket}/some/folder");
    s3(&context, &["cp", "--quiet", "--recursive", "from", &url]);
    s3(&context, &["sync", "--quiet", &url, "to"]);
    for number in 1..=9 {
        let file = |side: &str| context.work().join(side).join(number.to_string());
        assert!(same_content(&file("from"), &file("to")));
    }
    // Nothing is copied a second time if the sizes and times in the listing are right.
    assert_eq!(s3(&context, &["sync", "from", &url, "--size-only"]), "");
    s3(&context, &["rm", "--quiet", "--recursive", &format!("s3://{bucket}")]);
    s3(&context, &["rb", &format!("s3://{bucket}")]);
}

/// Upload from stdin, download to stdout.
pub fn streams(endpoint: &Endpoint) {
    let (context, bucket) = begin(endpoint);
    let text = "a line of text\n".repeat(700_000);
    let url = format!("s3://{bucket}/stream");
    context.aws().args(["s3", "cp", "-", &url]).stdin(text.clone()).run().expect_success();
    let back = context.aws().args(["s3", "cp", &url, "-"]).run().expect_success();
    assert!(back.stdout == text, "{} bytes instead of {}", back.stdout.len(), text.len());
}

fn begin(endpoint: &Endpoint) -> (TestContext, String) {
    let context = TestContext::with_endpoint(endpoint);
    // Unique, as several tests may share a server: the context's folder has a random name.
    let work = context.work();
    let folder = work.parent().and_then(Path::file_name).expect("the working folder has a parent");
    let bucket = folder.to_string_lossy().to_lowercase();
    s3(&context, &["mb", &format!("s3://{bucket}")]);
    (context, bucket)
}

fn s3(context: &TestContext, arguments: &[&str]) -> String {
    context.aws().arg("s3").args(arguments).run().expect_success().stdout
}

/// The answer as JSON, null where the call has none.
fn s3api(context: &TestContext, call: &str, arguments: &[&str]) -> Value {
    let finished = context.aws().args(["s3api", call]).args(arguments).run().expect_success();
    if finished.stdout.is_empty() { Value::Null } else { finished.json() }
}

/// A file of the given size that no server can guess.
fn random_file(context: &TestContext, name: &str, size: usize) -> PathBuf {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ size as u64;
    let words = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    let bytes: Vec<u8> = words.flatten().take(size).collect();
    context.write(name, bytes)
}

fn path(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

fn same_content(left: &Path, right: &Path) -> bool {
    read(left) == read(right)
}
