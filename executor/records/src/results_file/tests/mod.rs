//! Results files on a real disk: what goes in comes out, and nothing that was acknowledged is lost.

mod damage;
mod durability;
mod records;

use workload_schema::record::{Machine, RepeatRecord, RunConditions, Usage};
use workload_schema::{ErrorCount, ErrorKind, Scale, SessionId, WorkloadDigest, WorkloadName};

use super::NewRun;

/// Run number `ordinal` of its session.
fn new_run(client: &str, ordinal: u32) -> NewRun {
    NewRun {
        key: SessionId::new("first").unwrap().run(ordinal),
        workload: WorkloadName::new("download-64KiB-1_000x").unwrap(),
        workload_digest: WorkloadDigest::of(b"a workload"),
        workload_bytes_sent: 0,
        workload_bytes_received: 65_536_000,
        workload_tasks: 1000,
        scale: Scale::ONE,
        client: client.to_owned(),
        conditions: RunConditions { bucket: Some("wlx".to_owned()), ..RunConditions::default() },
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
        started_at: None,
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
