//! What the tests of all clients share: an embedded server that records, and tasks to run against it.

use std::path::Path;
use std::sync::Arc;

use embedded_s3::admin::{AdminClient, DeclareRequest, FaultRule, RecordingRequest, RequestRecord};
use embedded_s3::{Credentials, RunningServer, ServerConfig};
use workload_schema::event::Tuned;
use workload_schema::{BucketName, Checksum, Gbps, ObjectKey, Operation};

use super::{Client, ClientSettings, DataPlace, Job};
use crate::endpoint::{Connection, Failure, RequestCounter, StaticCredentials};

const BUCKET: &str = "bench";

/// An embedded server with an empty bucket that records every request.
pub struct TestServer {
    running: RunningServer,
    pub admin: AdminClient,
    _state: tempfile::TempDir,
}

impl TestServer {
    pub async fn start() -> Self {
        let state = tempfile::tempdir().unwrap();
        let running = embedded_s3::start(ServerConfig {
            state_dir: state.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            credentials: Credentials { access_key: "id".into(), secret_key: "secret".into() },
            region: "us-east-1".into(),
            admin_token: "token".into(),
        })
        .await
        .unwrap();
        let admin = AdminClient::new(&running.endpoint(), "token").unwrap();
        admin.declare(&DeclareRequest { ensure_bucket: Some(BUCKET.into()), objects: Vec::new() }).await.unwrap();
        admin.set_recording(&RecordingRequest { enabled: true, capacity: None }).await.unwrap();
        Self { running, admin, _state: state }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        self.running.endpoint()
    }

    /// Settings for a client of this server: RAM, one task, the least concurrency, 8 MiB parts.
    pub fn settings(&self, checksum: Option<Checksum>) -> ClientSettings {
        ClientSettings {
            connection: Connection {
                endpoint_url: Some(self.endpoint()),
                region: "us-east-1".into(),
                profile: None,
                credentials: Some(StaticCredentials { access_key_id: "id".into(), secret_access_key: "secret".into() }),
            },
            bucket: BucketName::new(BUCKET).unwrap(),
            target: Gbps::new(1.0).unwrap(),
            checksum,
            files_on_disk: false,
            operations: Operation::ALL.to_vec(),
            largest_upload: Some(0),
            largest_download: Some(0),
            tasks: 1,
            tuned: Tuned::default(),
        }
    }

    /// From now on (until [`Self::behave`]) it misbehaves so.
    pub async fn misbehave(&self, rule: FaultRule) {
        self.admin.set_faults(vec![rule]).await.unwrap();
    }

    /// No more faults.
    pub async fn behave(&self) {
        self.admin.set_faults(Vec::new()).await.unwrap();
    }

    /// The requests since the last call.
    pub async fn take_records(&self) -> Vec<RequestRecord> {
        self.admin.records(true).await.unwrap().records
    }

    /// Multipart uploads that are open at the store; asking is not a request of the client under test.
    pub async fn open_uploads(&self) -> usize {
        let s3 = self.settings(None).connection.s3(&RequestCounter::default()).await;
        s3.list_multipart_uploads().bucket(BUCKET).send().await.unwrap().uploads().len()
    }
}

/// A task in RAM.
pub fn job(operation: Operation, key: &str, size: u64) -> Job {
    Job { operation, key: ObjectKey::new(key).unwrap(), size, place: DataPlace::Memory }
}

/// A task whose payload is the file `key` below `directory`.
pub fn job_on_disk(operation: Operation, directory: &Path, key: &str, size: u64) -> Job {
    Job { place: DataPlace::File(directory.join(key.replace('/', "_"))), ..job(operation, key, size) }
}

/// Runs a task; answers the bytes that moved.
pub async fn run(client: &dyn Client, job: &Job) -> Result<u64, Failure> {
    client.run(job, &Arc::default()).await.map(|done| done.bytes)
}
