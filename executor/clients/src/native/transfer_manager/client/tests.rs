//! The client against the embedded server: what it really sends and leaves behind.

use embedded_s3::admin::{ChecksumPlace, FaultKind, FaultRule};
use synthetic_content::Content;
use workload_schema::ErrorKind;

use super::*;
use crate::native::contract::{Differences, suite};
use crate::native::testing::{TestServer, job, job_on_disk, run};

const DIFFERENCES: Differences = Differences {
    asks_beyond_the_end: true,
    connections_for_three: 3,
    residency: BufferResidency::Part,
    // What the manager itself sends again is a new request.
    retries_of_a_broken_body: Some(0),
    short_download: Ok(10),
};

suite! {
    client: TransferManagerClient::new,
    impatient: TransferManagerClient::new,
    differences: DIFFERENCES,
    knows_of_open_uploads: |client: &TransferManagerClient| !client.open_uploads.is_empty(),
}

async fn client(server: &TestServer) -> TransferManagerClient {
    TransferManagerClient::new(&server.settings(None)).await.unwrap()
}

#[tokio::test]
async fn every_checksum_is_sent_and_validated() {
    let server = TestServer::start().await;
    let folder = tempfile::tempdir().unwrap();
    for checksum in Checksum::ALL {
        let client = TransferManagerClient::new(&server.settings(Some(checksum))).await.unwrap();
        let key = format!("upload/{checksum}");
        for size in [100, 3 << 20, 20 << 20] {
            assert_eq!(run(&client, &job(Operation::Upload, &key, size)).await, Ok(size), "{checksum}");
            let file = job_on_disk(Operation::Upload, folder.path(), &key, size);
            let DataPlace::File(path) = &file.place else { unreachable!("it is a task on disk") };
            let mut content = vec![0; usize::try_from(size).unwrap()];
            Content::of_key(&key).fill(0, &mut content);
            std::fs::write(path, content).unwrap();
            assert_eq!(run(&client, &file).await, Ok(size), "{checksum}");
            let records = server.take_records().await;
            for record in records.iter().filter(|record| ["PutObject", "UploadPart"].contains(&&*record.operation)) {
                let algorithm = record.checksum_algorithm.map(embedded_s3::ChecksumAlgorithm::name);
                assert_eq!(algorithm, Some(checksum.as_str()), "{record:?}");
                // Only a file in one piece is hashed while it is sent.
                if record.operation == "UploadPart" {
                    assert_eq!(record.checksum_place, Some(ChecksumPlace::Header), "{record:?}");
                }
            }
        }
        assert_eq!(run(&client, &job(Operation::Upload, &key, 3 << 20)).await, Ok(3 << 20), "{checksum}");
        assert_eq!(run(&client, &job(Operation::Download, &key, 3 << 20)).await, Ok(3 << 20), "{checksum}");
        server.misbehave(FaultRule::always(FaultKind::CorruptBody { offset: 1 << 20 }).on("GetObject")).await;
        let failure = run(&client, &job(Operation::Download, &key, 3 << 20)).await.unwrap_err();
        assert_eq!(failure.kind, ErrorKind::Integrity, "{failure}");
        server.behave().await;
        server.take_records().await;
    }
}

#[tokio::test]
async fn a_download_that_cannot_be_validated_fails() {
    let server = TestServer::start().await;
    let mut settings = server.settings(Some(Checksum::Crc32));
    assert_eq!(run(&client(&server).await, &job(Operation::Upload, "upload/plain", 100)).await, Ok(100));
    settings.largest_download = Some(100);
    let validating = TransferManagerClient::new(&settings).await.unwrap();
    let failure = run(&validating, &job(Operation::Download, "upload/plain", 100)).await.unwrap_err();
    assert_eq!(failure.kind, ErrorKind::Integrity, "{failure}");
    assert!(failure.message.contains("the store sends no CRC32"), "{failure}");
}
