//! What every client does alike on the embedded server, whoever made it: [`suite!`] makes the test of every property
//! for one client. Where a client may differ, it says so in [`Differences`].

use std::sync::Arc;

use embedded_s3::admin::{FaultKind, FaultRule, PayloadSigning, RequestRecord};
use synthetic_content::Content;
use workload_schema::ErrorKind;
use workload_schema::Operation;
use workload_schema::event::{BufferResidency, Tuned};

use super::testing::{TestServer, job, job_on_disk, run};
use super::{Client, ClientSettings, DataPlace, Job};
use crate::endpoint::StaticCredentials;

/// In what a client differs from others without being wrong.
#[derive(Debug)]
pub struct Differences {
    /// It asks for a range first, which an empty object does not have.
    pub asks_beyond_the_end: bool,
    /// Connections that it makes where three are asked for.
    pub connections_for_three: u64,
    /// What it says of its buffers in RAM.
    pub residency: BufferResidency,
    /// How many requests it counts as sent again to read on where a body broke off once; none where the task fails.
    pub retries_of_a_broken_body: Option<u64>,
    /// What a download of 11 bytes comes to where there are 10.
    pub short_download: Result<u64, ErrorKind>,
}

/// Makes the test of every property for one client: how it is made of settings, how one is made that soon gives up
/// sending again, in what it differs, and whether it knows of an open upload.
macro_rules! suite {
    (client: $make:expr, impatient: $impatient:expr, differences: $differences:expr, knows_of_open_uploads: $open:expr $(,)?) => {
        mod contract_suite {
            use super::*;
            use crate::native::contract;
            use crate::native::testing::TestServer;

            #[tokio::test]
            async fn objects_of_every_size_come_back_as_they_went() {
                let server = TestServer::start().await;
                let client = $make(&server.settings(None)).await.unwrap();
                contract::round_trips(&server, &client, &$differences).await;
            }

            #[tokio::test]
            async fn without_a_checksum_none_is_sent_and_ranges_cover_the_object_once() {
                let server = TestServer::start().await;
                let client = $make(&server.settings(None)).await.unwrap();
                contract::ranges_cover_once(&server, &client).await;
            }

            #[tokio::test]
            async fn what_is_tuned_is_in_force() {
                let server = TestServer::start().await;
                let client = $make(&contract::tuned(&server)).await.unwrap();
                contract::tuned_values_are_in_force(&server, &client, &$differences).await;
            }

            #[tokio::test]
            async fn retries_are_counted_and_throttling_ends_as_such() {
                let server = TestServer::start().await;
                let client = $impatient(&server.settings(None)).await.unwrap();
                contract::retries_are_counted(&server, &client).await;
            }

            #[tokio::test]
            async fn a_body_that_breaks_off_is_read_again_or_fails() {
                let server = TestServer::start().await;
                let client = $impatient(&server.settings(None)).await.unwrap();
                contract::broken_bodies(&server, &client, &$differences).await;
            }

            #[tokio::test]
            async fn failures_are_told_apart() {
                let server = TestServer::start().await;
                let client = $make(&server.settings(None)).await.unwrap();
                let denied = $make(&contract::denied(&server)).await.unwrap();
                contract::failures_are_told_apart(&client, &denied, &$differences).await;
            }

            #[tokio::test]
            async fn a_stopped_upload_is_aborted() {
                let server = TestServer::start().await;
                let client = $make(&server.settings(None)).await.unwrap();
                let knows_of_open_uploads = $open;
                contract::a_stopped_upload_is_aborted(&server, &client, || knows_of_open_uploads(&client)).await;
            }
        }
    };
}
pub(super) use suite;

/// Objects, from none to some parts, come back as they went, in RAM and on disk, and every request is counted.
pub async fn round_trips(server: &TestServer, client: &dyn Client, differences: &Differences) {
    let folder = tempfile::tempdir().unwrap();
    for (key, size) in [("upload/none", 0), ("upload/größe mit Leer+zeichen%", 100), ("upload/large", (20 << 20) + 1)]
    {
        assert_eq!(run(client, &job(Operation::Upload, key, size)).await, Ok(size), "{key}");
        assert_eq!(run(client, &job(Operation::Download, key, size)).await, Ok(size), "{key}");
        let to_disk = job_on_disk(Operation::Download, folder.path(), key, size);
        assert_eq!(run(client, &to_disk).await, Ok(size), "{key}");
        let DataPlace::File(path) = &to_disk.place else { unreachable!("it is a task on disk") };
        let file = std::fs::read(path).unwrap();
        assert_eq!((file.len() as u64, Content::of_key(key).mismatch(0, &file)), (size, None), "{key}");
        let from_disk = Job { operation: Operation::Upload, ..to_disk };
        assert_eq!(run(client, &from_disk).await, Ok(size), "{key}");
        assert_eq!(run(client, &job(Operation::Download, key, size)).await, Ok(size), "{key}");
    }
    let records = server.take_records().await;
    let fine = |status: u16| status < 300 || (differences.asks_beyond_the_end && status == 416);
    let answered = |record: &RequestRecord| record.status.is_some_and(fine);
    assert!(records.iter().all(answered), "{records:?}");
    assert_eq!((client.counters().requests, client.counters().retries), (Some(records.len() as u64), Some(0)));
}

/// Where no checksum is asked for none is sent, payloads are unsigned, and the ranges of a download cover it once.
pub async fn ranges_cover_once(server: &TestServer, client: &dyn Client) {
    let size = (20 << 20) + 1;
    assert_eq!(run(client, &job(Operation::Upload, "upload/ranged", size)).await, Ok(size));
    assert_eq!(run(client, &job(Operation::Download, "upload/ranged", size)).await, Ok(size));
    let records = server.take_records().await;
    assert!(records.iter().all(|record| record.checksum_algorithm.is_none() && !record.checksum_mode));
    let parts: Vec<_> = records.iter().filter(|record| record.operation == "UploadPart").collect();
    assert_eq!(parts.len(), 3);
    assert!(parts.iter().all(|part| part.payload_signing == PayloadSigning::Unsigned), "{parts:?}");
    let mut ranges: Vec<_> = records.iter().filter_map(|record| record.range.as_deref()).collect();
    ranges.sort_unstable();
    assert_eq!(ranges, ["bytes=0-8388607", "bytes=16777216-20971520", "bytes=8388608-16777215"]);
}

/// Settings for [`tuned_values_are_in_force`].
pub fn tuned(server: &TestServer) -> ClientSettings {
    let tuned = Tuned { part_size_bytes: Some(5 << 20), connections: Some(3), files_in_flight: Some(7) };
    ClientSettings { tasks: 100, tuned, ..server.settings(None) }
}

/// A client of [`tuned`] settings says so, and does so.
pub async fn tuned_values_are_in_force(server: &TestServer, client: &dyn Client, differences: &Differences) {
    let hello = client.hello();
    assert_eq!(
        (hello.part_size_bytes, hello.connections, hello.tasks_in_flight),
        (Some(5 << 20), Some(differences.connections_for_three), Some(7)),
        "{hello:?}"
    );
    assert_eq!(client.tasks_in_flight(), 7);
    assert_eq!(hello.buffer_residency, Some(differences.residency));
    assert_eq!(run(client, &job(Operation::Upload, "upload/tuned", 12 << 20)).await, Ok(12 << 20));
    let records = server.take_records().await;
    let parts: Vec<_> =
        records.iter().filter(|record| record.operation == "UploadPart").map(|part| part.request_body_bytes).collect();
    assert_eq!(parts.len(), 3, "{parts:?}");
    assert!(parts.iter().all(|bytes| [5 << 20, 2 << 20].contains(bytes)), "{parts:?}");
}

/// A request that is sent again is counted, and one that is throttled to the end fails as such.
pub async fn retries_are_counted(server: &TestServer, client: &dyn Client) {
    server.misbehave(FaultRule::always(FaultKind::SlowDown).first(1)).await;
    assert_eq!(run(client, &job(Operation::Upload, "upload/retried", 100)).await, Ok(100));
    assert_eq!((client.counters().requests, client.counters().retries), (Some(2), Some(1)));
    server.misbehave(FaultRule::always(FaultKind::SlowDown)).await;
    let failure = run(client, &job(Operation::Upload, "upload/throttled", 100)).await.unwrap_err();
    assert_eq!((failure.kind, failure.s3_code.as_deref()), (ErrorKind::Throttled, Some("SlowDown")), "{failure}");
    assert_eq!(failure.http_status, Some(503));
}

/// A body that breaks off once is read again or fails, and one that always does fails as a connection.
pub async fn broken_bodies(server: &TestServer, client: &dyn Client, differences: &Differences) {
    let size = 3 << 20;
    assert_eq!(run(client, &job(Operation::Upload, "upload/broken", size)).await, Ok(size));
    let download = job(Operation::Download, "upload/broken", size);
    for kind in [FaultKind::TruncateBody { after_bytes: 1 << 20 }, FaultKind::Reset { after_bytes: Some(1 << 20) }] {
        server.misbehave(FaultRule::always(kind.clone()).on("GetObject").first(1)).await;
        let earlier = client.counters();
        let once = run(client, &download).await.map_err(|failure| failure.kind);
        let expected = differences.retries_of_a_broken_body.map_or(Err(ErrorKind::Connection), |_| Ok(size));
        let counted = client.counters().since(earlier);
        let retries = differences.retries_of_a_broken_body.unwrap_or(0);
        assert_eq!((once, counted.retries), (expected, Some(retries)), "{}", kind.name());
        server.misbehave(FaultRule::always(kind.clone()).on("GetObject")).await;
        let failure = run(client, &download).await.unwrap_err();
        assert_eq!(failure.kind, ErrorKind::Connection, "{}: {failure}", kind.name());
    }
}

/// Settings with a secret key that the server does not know.
pub fn denied(server: &TestServer) -> ClientSettings {
    let mut settings = server.settings(None);
    settings.connection.credentials =
        Some(StaticCredentials { access_key_id: "id".into(), secret_access_key: "another".into() });
    settings
}

/// What is missing, denied, too short or cannot be written is told apart; `denied` is of [`denied`] settings.
pub async fn failures_are_told_apart(client: &dyn Client, denied: &dyn Client, differences: &Differences) {
    let missing = run(client, &job(Operation::Download, "upload/missing", 10)).await.unwrap_err();
    assert_eq!((missing.kind, missing.s3_code.as_deref()), (ErrorKind::MissingKey, Some("NoSuchKey")), "{missing}");
    let failure = run(denied, &job(Operation::Upload, "upload/denied", 10)).await.unwrap_err();
    assert_eq!((failure.kind, failure.http_status), (ErrorKind::Denied, Some(403)), "{failure}");
    assert_eq!(run(client, &job(Operation::Upload, "upload/short", 10)).await, Ok(10));
    // Where it is no failure of the client, the run loop compares.
    let short = run(client, &job(Operation::Download, "upload/short", 11)).await;
    assert_eq!(short.map_err(|failure| failure.kind), differences.short_download);
    let nowhere = tempfile::tempdir().unwrap().path().join("gone");
    let failure = run(client, &job_on_disk(Operation::Download, &nowhere, "upload/short", 10)).await.unwrap_err();
    assert_eq!(failure.kind, ErrorKind::Disk, "{failure}");
}

/// An upload in parts that is stopped is aborted; `is_open` tells whether the client knows of one.
pub async fn a_stopped_upload_is_aborted(server: &TestServer, client: &dyn Client, is_open: impl Fn() -> bool) {
    server.misbehave(FaultRule::always(FaultKind::Latency { nanoseconds: 60_000_000_000 }).on("UploadPart")).await;
    let (large, moved) = (job(Operation::Upload, "upload/stopped", 20 << 20), Arc::default());
    let opened = async {
        while !is_open() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        result = client.run(&large, &moved) => panic!("cannot end: {result:?}"),
        () = opened => {}
    }
    assert_eq!(client.abort().await, 0, "none could not be aborted");
    assert_eq!((server.open_uploads().await, is_open()), (0, false));
}
