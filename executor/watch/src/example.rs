//! A run for the tests of the watchers.

use workload_schema::DataMedium;
use workload_schema::event::{Hello, PROTOCOL_VERSION};
use workload_schema::record::RunConditions;
use workload_schema::record::{Machine, RepeatRecord, Usage};
use workload_schema::{ObjectKey, Operation, Scale, Task, Workload, WorkloadDigest, WorkloadName};

use runner_drive::RunBegins;

/// A run of 1000 downloads of 64 KiB.
pub struct Example {
    name: WorkloadName,
    digest: WorkloadDigest,
    workload: Workload,
    conditions: RunConditions,
    machine: Machine,
}

impl Example {
    pub fn of_downloads() -> Self {
        let key = ObjectKey::new("download/64KiB-1_000x/1").expect("a key");
        let task = Task { operation: Operation::Download, key, size: 1 << 16 };
        Self {
            name: WorkloadName::new("download-64KiB-1_000x").expect("a name"),
            workload: Workload::of_tasks(vec![task; 1000]).expect("tasks").with_medium(DataMedium::Memory),
            digest: WorkloadDigest::of(b"w"),
            conditions: RunConditions::default(),
            machine: Machine {
                host: "host".to_owned(),
                cpu: "a processor".to_owned(),
                cores: 2,
                memory_bytes: 1 << 30,
                kernel: "Linux 6".to_owned(),
            },
        }
    }

    /// Its beginning.
    pub fn begins<'a>(&'a self, client: &'a str) -> RunBegins<'a> {
        RunBegins {
            name: &self.name,
            digest: &self.digest,
            scale: Scale::ONE,
            workload: &self.workload,
            client,
            bucket: "bucket",
            conditions: &self.conditions,
            machine: &self.machine,
        }
    }
}

/// What a client says of itself.
pub fn hello(client: &str) -> Hello {
    Hello {
        protocol_version: PROTOCOL_VERSION,
        client: client.to_owned(),
        client_version: "aws-sdk-s3 1.2.3".to_owned(),
        tasks_in_flight: None,
        connections: None,
        part_size_bytes: None,
        checksum_placement: None,
        buffer_residency: None,
        process_start_timed: false,
        verifies_content: false,
    }
}

/// A good repeat of it.
pub fn good(repeat: u64, seconds: f64) -> RepeatRecord {
    RepeatRecord {
        started_at: None,
        repeat,
        cold: repeat == 1,
        seconds,
        bytes: 1000 << 16,
        requests: Some(1003),
        retries: Some(3),
        backoff_seconds: Some(0.5),
        errors: Vec::new(),
        cpu_user_seconds: Some(0.25),
        cpu_system_seconds: Some(0.125),
        peak_memory_bytes: Some(1 << 20),
        usage: Usage::default(),
    }
}
