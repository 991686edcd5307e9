//! Runs for the tests of this folder.

use std::collections::BTreeMap;

use workload_schema::event::{BufferResidency, ChecksumPlacement, Hello};
use workload_schema::record::{ErrorCount, ErrorKind, Machine, Outcome, RepeatRecord, RunRecord, Usage, VERSION};
use workload_schema::{WorkloadDigest, WorkloadName};

/// A succeeded run without repeats.
pub fn run(number: i64) -> RunRecord {
    RunRecord {
        version: VERSION,
        run: number,
        session: "20261121T130000Z-77".to_owned(),
        started_at: format!("2026-11-21T13:0{number}:00.000Z"),
        ended_at: Some(format!("2026-11-21T13:0{number}:59.500Z")),
        workload: WorkloadName::new("download-8MiB-128x").unwrap(),
        workload_digest: WorkloadDigest::of(b"download-8MiB-128x"),
        workload_bytes: 1 << 30,
        workload_tasks: 128,
        scale: "1".to_owned(),
        client: "sdk-rust".to_owned(),
        hello: Some(Hello {
            protocol_version: 1,
            client: "sdk-rust".to_owned(),
            client_version: "1.157.0".to_owned(),
            tasks_in_flight: Some(64),
            connections: Some(128),
            part_size_bytes: Some(8 << 20),
            checksum_placement: Some(ChecksumPlacement::Trailer),
            buffer_residency: Some(BufferResidency::Part),
            process_start_timed: false,
            verifies_content: false,
        }),
        settings: BTreeMap::from([
            ("bucket".to_owned(), "wlx-bench".to_owned()),
            ("endpointUrl".to_owned(), "http://127.0.0.1:9000".to_owned()),
        ]),
        wlx_version: "0.1.0".to_owned(),
        machine: Machine {
            host: "bench-1".to_owned(),
            cpu: "AMD EPYC".to_owned(),
            cores: 2,
            memory_bytes: 8 << 30,
            kernel: "Linux 6.1.0".to_owned(),
        },
        outcome: Outcome::Succeeded,
        reason: None,
        verified: None,
        repeats: Vec::new(),
    }
}

/// A good repeat of 1 GiB; the first is cold.
pub fn repeat(number: u64, seconds: f64) -> RepeatRecord {
    RepeatRecord {
        repeat: number,
        cold: number == 1,
        seconds,
        bytes: 1 << 30,
        requests: Some(128),
        retries: Some(1),
        errors: Vec::new(),
        cpu_user_seconds: Some(0.5),
        cpu_system_seconds: Some(0.25),
        peak_memory_bytes: Some(96 << 20),
        backoff_seconds: None,
        usage: Usage::default(),
    }
}

/// A failed repeat.
pub fn failed(number: u64, seconds: f64) -> RepeatRecord {
    RepeatRecord {
        bytes: 1 << 29,
        errors: vec![
            ErrorCount {
                kind: ErrorKind::Throttled,
                http_status: Some(503),
                s3_code: Some("SlowDown".to_owned()),
                message: "download/8MiB-128x/007: reduce your request rate".to_owned(),
                count: 12,
            },
            ErrorCount {
                kind: ErrorKind::Connection,
                http_status: None,
                s3_code: None,
                message: "download/8MiB-128x/009: \u{1b}[31mconnection\nreset".to_owned(),
                count: 1,
            },
        ],
        ..repeat(number, seconds)
    }
}

/// Runs that between them have everything that a table can show.
pub fn mixed() -> Vec<RunRecord> {
    let good = RunRecord { repeats: (1..=10).map(|n| repeat(n, 2.0 - 0.1 * n as f64)).collect(), ..run(1) };
    let few = RunRecord {
        client: "boto3-crt".to_owned(),
        scale: "1/1024".to_owned(),
        hello: None,
        repeats: (1..=4)
            .map(|n| RepeatRecord { bytes: 1 << 20, requests: None, retries: None, ..repeat(n, 0.01 * n as f64) })
            .collect(),
        ..run(2)
    };
    let half_failed = RunRecord {
        outcome: Outcome::Failed,
        reason: Some("a repeat failed".to_owned()),
        repeats: vec![repeat(1, 1.5), failed(2, 0.9), repeat(3, 1.25)],
        ..run(3)
    };
    let cold = RunRecord {
        workload: WorkloadName::new("upload-5GiB-1x-ram").unwrap(),
        repeats: vec![repeat(1, 1.5)],
        ..run(4)
    };
    let skipped = RunRecord {
        client: "s5cmd".to_owned(),
        outcome: Outcome::Skipped,
        reason: Some("s5cmd cannot set a checksum".to_owned()),
        hello: None,
        ..run(5)
    };
    let killed = RunRecord {
        client: "rclone".to_owned(),
        outcome: Outcome::Unfinished,
        reason: Some("killed".to_owned()),
        ended_at: None,
        ..run(6)
    };
    let null = RunRecord { client: "null".to_owned(), repeats: (1..=8).map(|n| repeat(n, 1e-5)).collect(), ..run(7) };
    vec![good, few, half_failed, cold, skipped, killed, null]
}
