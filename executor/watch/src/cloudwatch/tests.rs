//! Which repeats are pushed, and which are not.

use std::time::{Duration, SystemTime};

use workload_schema::record::{Outcome, RepeatRecord};
use workload_schema::{ErrorCount, ErrorKind};

use super::batch::{Batch, Batches, Place};
use crate::example::{Example, good};
use runner_drive::{RunBegins, RunEvent};
use workload_schema::SessionId;

fn failed(repeat: u64) -> RepeatRecord {
    let mut record = good(repeat, 1.0);
    record.errors.push(ErrorCount {
        kind: ErrorKind::Server,
        http_status: Some(500),
        s3_code: None,
        message: "no".to_owned(),
        count: 1,
    });
    record
}

/// What is pushed of a run with these repeats.
fn pushed(bucket: &str, repeats: &[RepeatRecord], outcome: Outcome) -> Vec<Batch> {
    let example = Example::of_downloads();
    let run = SessionId::new("session").unwrap().run(7);
    let place = Place { branch: "main".to_owned(), instance_type: "c7gn.16xlarge".to_owned() };
    let mut batches = Batches::new(place);
    let mut now = SystemTime::UNIX_EPOCH;
    batches.see(&run, &RunEvent::RunBegins(RunBegins { bucket, ..example.begins("crt-c") }), now);
    for record in repeats {
        now += Duration::from_secs(1);
        batches.see(&run, &RunEvent::Repeat(record), now);
    }
    assert!(batches.take().is_empty(), "nothing before the run has ended");
    batches.see(&run, &RunEvent::RunEnds { outcome, reason: None }, now);
    let ended = batches.take();
    assert!(batches.take().is_empty(), "nothing twice");
    ended
}

fn seconds(batches: &[Batch]) -> Vec<f64> {
    batches.iter().flat_map(|batch| &batch.samples).map(|sample| sample.seconds).collect()
}

#[test]
fn the_first_repeat_is_left_out_where_there_are_more() {
    let batches = pushed("bucket", &[good(1, 4.0), good(2, 2.0), good(3, 1.0)], Outcome::Succeeded);
    assert_eq!(seconds(&batches), [2.0, 1.0]);
    let sample = batches[0].samples[0];
    assert_eq!(sample.at, SystemTime::UNIX_EPOCH + Duration::from_secs(2), "the time at which it was seen");
    assert!((sample.gbps - 0.262_144).abs() < 1e-9, "{}", sample.gbps);
    assert_eq!(seconds(&pushed("bucket", &[good(1, 4.0)], Outcome::Succeeded)), [4.0], "the only one there is");
}

#[test]
fn dimensions_are_those_of_the_contract() {
    let batches = pushed("bucket", &[good(1, 4.0)], Outcome::Succeeded);
    let dimensions = batches[0].dimensions.clone().map(|(name, value)| format!("{name}={value}"));
    assert_eq!(
        dimensions,
        [
            "S3Client=crt-c",
            "InstanceType=c7gn.16xlarge",
            "Branch=main",
            "Workload=download-64KiB-1_000x",
            "StorageClass=S3Standard"
        ]
    );
    let express = pushed("bench--usw2-az1--x-s3", &[good(1, 4.0)], Outcome::Succeeded);
    assert_eq!(express[0].dimensions[4].1, "S3Express");
}

#[test]
fn what_failed_is_never_pushed() {
    assert_eq!(pushed("bucket", &[good(1, 4.0), good(2, 1.0)], Outcome::Failed), []);
    assert_eq!(pushed("bucket", &[failed(1)], Outcome::Interrupted), []);
    let batches = pushed("bucket", &[good(1, 4.0), failed(2), good(3, 1.0)], Outcome::Interrupted);
    assert_eq!(seconds(&batches), [1.0], "what was finished before Ctrl-C counts");
    assert_eq!(pushed("bucket", &[], Outcome::Skipped), []);
}
