//! One server, one bucket and one files directory per test.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use aws_sdk_s3::primitives::ByteStream;
use embedded_s3::{Credentials, RunningServer, ServerConfig};
use tokio_util::sync::CancellationToken;
use workload_schema::DataMedium;
use workload_schema::format::run_file;
use workload_schema::{BucketName, Checksum, Gbps, ObjectKey, Operation, Scale, Task, Workload};

use crate::prep::command::Preparation;
use crate::prep::{BucketClient, Part, PrepArgs, PrepError, PrepWork};
use crate::store::Ready;
use s3_clients::endpoint::{Connection, StaticCredentials};
use workload_library::{Library, LoadedWorkload};

/// A server and folders that go with the test.
pub(crate) struct Fixture {
    pub(crate) store: BucketClient,
    pub(crate) ready: Ready,
    pub(crate) stop: CancellationToken,
    /// What the commands have written to stdout.
    pub(crate) shown: Mutex<Vec<String>>,
    folder: tempfile::TempDir,
    _server: RunningServer,
}

impl Fixture {
    /// A server without buckets; objects are uploaded to it, as to any store.
    pub(crate) async fn new() -> Self {
        Self::with_bucket("wlx-test").await
    }

    pub(crate) async fn with_bucket(bucket: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ready = Ready {
            endpoint: String::new(),
            access_key_id: "id".to_owned(),
            secret_access_key: "secret".to_owned(),
            region: "us-east-1".to_owned(),
            admin_token: "token".to_owned(),
        };
        let server = embedded_s3::start(ServerConfig {
            state_dir: folder.path().join("s3"),
            listen: ([127, 0, 0, 1], 0).into(),
            credentials: Credentials {
                access_key: ready.access_key_id.clone(),
                secret_key: ready.secret_access_key.clone(),
            },
            region: ready.region.clone(),
            admin_token: ready.admin_token.clone(),
        })
        .await
        .unwrap();
        let ready = Ready { endpoint: server.endpoint(), ..ready };
        let store = Self::store_at(&ready, bucket, &ready.secret_access_key, None).await;
        Self { store, ready, stop: CancellationToken::default(), shown: Mutex::default(), folder, _server: server }
    }

    /// The same with objects declared through the admin call.
    pub(crate) async fn declaring() -> Self {
        let fixture = Self::new().await;
        let store = Self::store_at(&fixture.ready, "wlx-test", "secret", Some(fixture.ready.clone())).await;
        Self { store, ..fixture }
    }

    pub(crate) async fn store_at(ready: &Ready, bucket: &str, secret: &str, embedded: Option<Ready>) -> BucketClient {
        let connection = Connection {
            endpoint_url: Some(ready.endpoint.clone()),
            region: ready.region.clone(),
            profile: None,
            credentials: Some(StaticCredentials {
                access_key_id: ready.access_key_id.clone(),
                secret_access_key: secret.to_owned(),
            }),
        };
        let bucket = BucketName::new(bucket).unwrap();
        BucketClient::at(&connection, bucket, Gbps::new(10.0).unwrap(), embedded).await
    }

    /// The same after an interrupt, ready for another command.
    pub(crate) fn without_interrupt(self) -> Self {
        Self { stop: CancellationToken::default(), ..self }
    }

    pub(crate) fn files_dir(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    /// A compiled workload of `count` files of `size` bytes, as `wlc` would write it.
    pub(crate) fn workload(&self, plain: Plain<'_>) -> LoadedWorkload {
        let Plain { name, operation, folder, count, size, checksum, files_on_disk } = plain;
        let tasks =
            (1..=count).map(|i| Task { operation, key: ObjectKey::new(format!("{folder}/{i:04}")).unwrap(), size });
        let medium = DataMedium::of_files_on_disk(files_on_disk);
        let workload = Workload::of_tasks(tasks).unwrap().with_medium(medium).with_checksum(checksum);
        let path = self.folder.path().join(format!("{name}.run.json"));
        std::fs::write(&path, run_file::bytes(&workload).unwrap()).unwrap();
        Library::new(self.folder.path(), Scale::ONE).find(name).unwrap()
    }

    /// `wlx prep` of `workloads`.
    pub(crate) async fn prep(&self, part: Part, args: PrepArgs, workloads: &[LoadedWorkload]) -> Result<(), PrepError> {
        let preparation = Preparation {
            args: &args,
            part,
            workloads,
            work: &PrepWork::of(workloads)?,
            files_dir: &self.files_dir(),
            store: Some(&self.store),
        };
        preparation.run(&self.stop, |text| self.shown.lock().unwrap().push(text.to_owned())).await
    }

    /// Keys of uploads that are neither completed nor aborted.
    pub(crate) async fn open_uploads(&self) -> Vec<String> {
        let request = self.store.s3.list_multipart_uploads().bucket(self.store.bucket.as_str());
        let Ok(answer) = request.send().await else { return Vec::new() };
        answer.uploads().iter().map(|upload| upload.key().unwrap().to_owned()).collect()
    }

    /// What was shown last, without the port.
    pub(crate) fn last_shown(&self) -> String {
        self.shown.lock().unwrap().last().unwrap().replace(&self.ready.endpoint, "ENDPOINT")
    }

    /// All keys and sizes of the bucket but for the marker, sorted.
    pub(crate) async fn objects(&self) -> Vec<(String, i64)> {
        let mut pages = self.store.s3.list_objects_v2().bucket(self.store.bucket.as_str()).into_paginator().send();
        let mut objects = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.unwrap();
            let ours = page.contents().iter().map(|object| (object.key().unwrap().to_owned(), object.size().unwrap()));
            objects.extend(ours.filter(|(key, _)| key != ".wlx-bucket.json"));
        }
        objects
    }

    pub(crate) async fn put(&self, key: &str, body: &'static [u8]) {
        let put = self.store.s3.put_object().bucket(self.store.bucket.as_str()).key(key);
        put.body(ByteStream::from_static(body)).send().await.unwrap();
    }

    pub(crate) async fn create_bucket(&self) {
        self.store.s3.create_bucket().bucket(self.store.bucket.as_str()).send().await.unwrap();
    }
}

/// What a plain workload is made of.
#[derive(Clone, Copy)]
pub(crate) struct Plain<'a> {
    pub(crate) name: &'a str,
    pub(crate) operation: Operation,
    pub(crate) folder: &'a str,
    pub(crate) count: usize,
    pub(crate) size: u64,
    pub(crate) checksum: Option<Checksum>,
    pub(crate) files_on_disk: bool,
}

impl<'a> Plain<'a> {
    pub(crate) fn download(name: &'a str, folder: &'a str, count: usize, size: u64) -> Self {
        Self { name, operation: Operation::Download, folder, count, size, checksum: None, files_on_disk: true }
    }

    pub(crate) fn upload(name: &'a str, folder: &'a str, count: usize, size: u64) -> Self {
        Self { operation: Operation::Upload, ..Self::download(name, folder, count, size) }
    }
}

/// All files below `root` with their sizes, sorted.
pub(crate) fn files_below(root: &Path) -> Vec<(String, u64)> {
    fn walk(folder: &Path, root: &Path, found: &mut Vec<(String, u64)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let metadata = entry.metadata().unwrap();
            if metadata.is_dir() {
                walk(&entry.path(), root, found);
            } else {
                let path = entry.path().strip_prefix(root).unwrap().to_string_lossy().into_owned();
                found.push((path, metadata.len()));
            }
        }
    }
    let mut found = Vec::new();
    walk(root, root, &mut found);
    found.sort();
    found
}
