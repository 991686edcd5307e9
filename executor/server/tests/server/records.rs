//! The records of requests.

use anyhow::Result;
use embedded_s3::{
    ChecksumAlgorithm,
    admin::{ChecksumPlace, FaultKind, FaultRule, PayloadSigning, RecordingRequest, RequestRecord},
    bare::BareRequest,
};

use crate::context::{TestServer, content};

async fn recorded(server: &TestServer) -> Result<Vec<RequestRecord>> {
    Ok(server.admin.records(true).await?.records)
}

async fn record(server: &TestServer, capacity: Option<usize>) -> Result<()> {
    server.admin.set_recording(&RecordingRequest { enabled: true, capacity }).await?;
    Ok(())
}

#[tokio::test]
async fn nothing_is_recorded_unless_asked() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    server.put("k", "x").await?;
    assert!(recorded(&server).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn ranges_bytes_and_connections() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    server.put("k", content("k", 100_000)).await?;
    record(&server, None).await?;
    let mut connection = server.bare.connect().await?;
    for range in ["bytes=0-9999", "bytes=10000-19999"] {
        let get = BareRequest::get("/bkt/k")
            .header("range", range)
            .header("x-amz-checksum-mode", "ENABLED")
            .header("user-agent", "tester/1")
            .header("amz-sdk-request", "attempt=2; max=3");
        connection.call(get).await?;
    }
    server.expect_error(BareRequest::get("/bkt/none"), 404, "NoSuchKey").await?;
    let records = recorded(&server).await?;
    assert_eq!(records.len(), 3);
    assert_eq!(records[0].range.as_deref(), Some("bytes=0-9999"));
    assert_eq!(records[1].range.as_deref(), Some("bytes=10000-19999"));
    assert_eq!(records[0].connection, records[1].connection);
    assert_ne!(records[0].connection, records[2].connection);
    let first = &records[0];
    assert_eq!((first.operation.as_str(), first.status), ("GetObject", Some(206)));
    assert_eq!((first.bucket.as_deref(), first.key.as_deref()), (Some("bkt"), Some("k")));
    assert_eq!((first.request_body_bytes, first.response_body_bytes), (0, 10_000));
    assert!(first.complete && first.checksum_mode && first.end_ns >= first.start_ns);
    assert_eq!(first.payload_signing, PayloadSigning::Unsigned);
    assert_eq!(first.user_agent.as_deref(), Some("tester/1"));
    assert_eq!(first.attempt.as_deref(), Some("attempt=2; max=3"));
    assert_eq!(records[2].status, Some(404));
    assert!(recorded(&server).await?.is_empty(), "they were cleared");
    Ok(())
}

#[tokio::test]
async fn uploads_show_their_checksum_and_part() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let upload = server.begin_upload("k", &[]).await?;
    record(&server, None).await?;
    let in_header = BareRequest::put("/bkt/h", "").header("x-amz-checksum-crc32", "AAAAAA==");
    server.expect(in_header, 200).await?;
    let body = "3\r\nabc\r\n0\r\nx-amz-checksum-crc32c:NksZtw==\r\n\r\n";
    let in_trailer = BareRequest::put(format!("/bkt/k?partNumber=3&uploadId={upload}"), body)
        .header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
        .header("x-amz-trailer", "x-amz-checksum-crc32c")
        .header("x-amz-decoded-content-length", "3");
    server.bare.call(in_trailer).await?;
    let records = recorded(&server).await?;
    let checksum = |record: &RequestRecord| record.checksum_algorithm.zip(record.checksum_place);
    assert_eq!(checksum(&records[0]), Some((ChecksumAlgorithm::Crc32, ChecksumPlace::Header)));
    assert_eq!(checksum(&records[1]), Some((ChecksumAlgorithm::Crc32c, ChecksumPlace::Trailer)));
    let part = &records[1];
    assert_eq!((part.operation.as_str(), part.part_number), ("UploadPart", Some(3)));
    assert_eq!(part.upload_id.as_deref(), Some(upload.as_str()));
    assert_eq!((part.request_body_bytes, part.decoded_body_bytes), (body.len() as u64, Some(3)));
    assert_eq!(part.payload_signing, PayloadSigning::UnsignedTrailer);
    Ok(())
}

#[tokio::test]
async fn the_capacity_holds_and_faults_are_named() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    record(&server, Some(2)).await?;
    server.fault(FaultRule::always(FaultKind::SlowDown).first(1)).await?;
    for _ in 0..5 {
        server.bare.call(BareRequest::get("/bkt/none")).await?;
    }
    let kept = server.admin.records(false).await?;
    assert_eq!((kept.records.len(), kept.dropped), (2, 3));
    assert_eq!(
        (kept.records[0].faults.as_slice(), kept.records[0].status),
        (["slowDown".to_owned()].as_slice(), Some(503))
    );
    assert!(kept.records[1].faults.is_empty());
    server.admin.set_recording(&RecordingRequest { enabled: false, capacity: None }).await?;
    assert!(recorded(&server).await?.is_empty());
    Ok(())
}
