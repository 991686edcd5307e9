//! The store on real files: what goes in comes out, and nothing that was acknowledged is lost.

mod damage;
mod durability;
mod records;

use std::collections::BTreeMap;

use workload_schema::record::{ErrorCount, ErrorKind, Machine, RepeatRecord, Usage};
use workload_schema::{Scale, WorkloadDigest, WorkloadName};

use super::NewRun;

fn new_run(client: &str) -> NewRun {
    NewRun {
        session: "first".to_owned(),
        workload: WorkloadName::new("download-64KiB-1_000x").unwrap(),
        workload_digest: WorkloadDigest::of(b"a workload"),
        workload_bytes: 65_536_000,
        workload_tasks: 1000,
        scale: Scale::ONE,
        client: client.to_owned(),
        settings: BTreeMap::from([("bucket".to_owned(), "wlx".to_owned())]),
        wlx_version: "0.1.0".to_owned(),
        machine: Machine {
            host: "here".to_owned(),
            cpu: "a processor".to_owned(),
            cores: 2,
            memory_bytes: 8 << 30,
            kernel: "Linux 6.1".to_owned(),
        },
    }
}

fn repeat(number: u64) -> RepeatRecord {
    RepeatRecord {
        repeat: number,
        cold: number == 1,
        seconds: 0.5 + 0.1 * number as f64,
        bytes: 65_536_000,
        requests: Some(1001),
        retries: Some(1),
        errors: Vec::new(),
        cpu_user_seconds: Some(0.125),
        cpu_system_seconds: Some(0.25),
        peak_memory_bytes: Some(40 << 20),
        backoff_seconds: None,
        usage: Usage::default(),
    }
}

fn failed_repeat(number: u64) -> RepeatRecord {
    RepeatRecord {
        requests: None,
        retries: None,
        cpu_user_seconds: None,
        cpu_system_seconds: None,
        peak_memory_bytes: None,
        errors: vec![
            ErrorCount {
                kind: ErrorKind::Throttled,
                http_status: Some(503),
                s3_code: Some("SlowDown".to_owned()),
                message: "download/64KiB-1_000x/0001: reduce your request rate".to_owned(),
                count: 12,
            },
            ErrorCount {
                kind: ErrorKind::Connection,
                http_status: None,
                s3_code: None,
                message: "download/64KiB-1_000x/0002: connection reset".to_owned(),
                count: 1,
            },
        ],
        ..repeat(number)
    }
}
