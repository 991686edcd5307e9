//! Runs for the tests of what makes sense of runs.

use std::collections::BTreeMap;
use workload_schema::event::{Hello, PROTOCOL_VERSION};

use workload_schema::record::{Machine, MachineUsage, Outcome, RepeatRecord, RunRecord, Usage, VERSION};
use workload_schema::{WorkloadDigest, WorkloadName};

/// A run of a client on a machine of two cores, over loopback, without repeats.
pub fn run() -> RunRecord {
    RunRecord {
        version: VERSION,
        run: 1,
        session: "s".to_owned(),
        started_at: "2026-11-21T13:00:00.000Z".to_owned(),
        ended_at: None,
        workload: WorkloadName::new("download-8MiB-128x").unwrap(),
        workload_digest: WorkloadDigest::of(b"download-8MiB-128x"),
        workload_bytes: 1 << 30,
        workload_tasks: 128,
        scale: "1".to_owned(),
        client: "sdk-rust".to_owned(),
        hello: None,
        settings: BTreeMap::new(),
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

/// A good repeat of 1 GiB in a second with nothing remarkable; the first is cold.
pub fn repeat(number: u64) -> RepeatRecord {
    RepeatRecord {
        repeat: number,
        cold: number == 1,
        seconds: 1.0,
        bytes: 1 << 30,
        requests: Some(128),
        retries: Some(0),
        backoff_seconds: Some(0.0),
        errors: Vec::new(),
        cpu_user_seconds: Some(0.5),
        cpu_system_seconds: Some(0.25),
        peak_memory_bytes: Some(96 << 20),
        usage: Usage {
            busiest_thread_seconds: Some(0.4),
            machine: Some(MachineUsage {
                seconds: 1.0,
                cpu_busy_seconds: 0.8,
                cpu_steal_seconds: 0.0,
                cpu_disk_wait_seconds: 0.0,
                interface: Some("lo".to_owned()),
                link_bits_per_second: None,
                received_bytes: Some(1 << 30),
                sent_bytes: Some(1 << 30),
                tcp_retransmits: Some(0),
                swapped_pages: Some(0),
            }),
            ..Usage::default()
        },
    }
}

/// The machine of a repeat, to be changed.
pub fn machine(repeat: &mut RepeatRecord) -> &mut MachineUsage {
    repeat.usage.machine.as_mut().expect("it has one")
}

/// What a client says of itself that says as little as it can.
pub fn hello() -> Hello {
    Hello {
        protocol_version: PROTOCOL_VERSION,
        client: "sample".to_owned(),
        client_version: "1".to_owned(),
        tasks_in_flight: None,
        connections: None,
        part_size_bytes: None,
        checksum_placement: None,
        buffer_residency: None,
        process_start_timed: false,
        verifies_content: false,
    }
}
