//! Fault injection.

use std::time::{Duration, Instant};

use anyhow::Result;
use crc_fast::CrcAlgorithm;
use embedded_s3::{
    admin::{FaultKind, FaultRule},
    bare::{BareError, BareRequest},
};

use crate::context::{TestServer, content, header};

async fn with_object(kind: FaultKind) -> Result<TestServer> {
    let server = TestServer::with_bucket().await?;
    server.put("k", content("k", 1_000_000)).await?;
    server.fault(FaultRule::always(kind).on("GetObject")).await?;
    Ok(server)
}

#[tokio::test]
async fn the_first_two_requests_of_an_operation_get_slow_down() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    server.fault(FaultRule::always(FaultKind::SlowDown).on("PutObject").first(2)).await?;
    for _ in 0..2 {
        server.expect_error(BareRequest::put("/bkt/k", "x"), 503, "SlowDown").await?;
        server.expect_error(BareRequest::get("/bkt/k"), 404, "NoSuchKey").await?;
    }
    server.put("k", "x").await?;
    let hits = &server.admin.faults().await?.rules[0];
    assert_eq!((hits.matched, hits.done), (3, 2));
    server.admin.set_faults(Vec::new()).await?;
    assert!(server.admin.faults().await?.rules.is_empty());
    Ok(())
}

#[tokio::test]
async fn the_same_seed_chooses_the_same_requests() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let mut runs = Vec::new();
    for _ in 0..2 {
        server.fault(FaultRule { rate: 0.3, seed: 5, ..FaultRule::always(FaultKind::SlowDown) }).await?;
        let mut connection = server.bare.connect().await?;
        let mut statuses = Vec::new();
        for _ in 0..60 {
            statuses.push(connection.call(BareRequest::get("/bkt/none")).await?.status().as_u16());
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].contains(&503) && runs[0].contains(&404));
    Ok(())
}

#[tokio::test]
async fn truncated_bodies_end_early() -> Result<()> {
    let server = with_object(FaultKind::TruncateBody { after_bytes: 5000 }).await?;
    let mut connection = server.bare.connect().await?;
    let answer = connection.send(BareRequest::get("/bkt/k")).await?;
    assert_eq!(header(&answer, "content-length"), Some("1000000"));
    let mut body = answer.into_body();
    let mut received = 0;
    let ended = loop {
        match http_body_util::BodyExt::frame(&mut body).await {
            Some(Ok(frame)) => received += frame.data_ref().map_or(0, bytes::Bytes::len),
            ended => break ended,
        }
    };
    assert!(matches!(ended, Some(Err(_))), "the connection ended before the body");
    assert_eq!(received, 5000);
    Ok(())
}

#[tokio::test]
async fn connections_are_reset_at_once_and_later() -> Result<()> {
    let server = with_object(FaultKind::Reset { after_bytes: None }).await?;
    let refused = server.bare.call(BareRequest::get("/bkt/k")).await;
    assert!(matches!(refused, Err(BareError::Transfer(_))), "{refused:?}");
    server.fault(FaultRule::always(FaultKind::Reset { after_bytes: Some(2000) })).await?;
    let mut connection = server.bare.connect().await?;
    let answer = connection.send(BareRequest::get("/bkt/k")).await?;
    assert_eq!(answer.status(), 200);
    let read = http_body_util::BodyExt::collect(answer.into_body()).await;
    assert!(read.is_err());
    Ok(())
}

#[tokio::test]
async fn one_byte_is_corrupted() -> Result<()> {
    let server = with_object(FaultKind::CorruptBody { offset: 300_000 }).await?;
    let got = server.get("k").await?;
    let differing: Vec<_> =
        content("k", 1_000_000).iter().zip(&got).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect();
    assert_eq!(differing, [300_000]);
    Ok(())
}

#[tokio::test]
async fn a_wrong_checksum_is_well_formed() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let sum = u32::try_from(crc_fast::checksum(CrcAlgorithm::Crc32IsoHdlc, b"body"))?;
    let right = base64_simd::STANDARD.encode_to_string(sum.to_be_bytes());
    let put = BareRequest::put("/bkt/k", "body").header("x-amz-checksum-crc32", right.clone());
    server.expect(put, 200).await?;
    server.fault(FaultRule::always(FaultKind::WrongChecksum)).await?;
    let get = BareRequest::get("/bkt/k").header("x-amz-checksum-mode", "ENABLED");
    let got = server.expect(get, 200).await?;
    let wrong = header(&got, "x-amz-checksum-crc32").expect("a checksum");
    assert_ne!(wrong, right);
    assert_eq!(base64_simd::STANDARD.decode_to_vec(wrong)?.len(), 4);
    assert_eq!(got.body(), "body");
    Ok(())
}

#[tokio::test]
async fn latency_and_bandwidth_take_their_time() -> Result<()> {
    let server = with_object(FaultKind::Latency { nanoseconds: 50_000_000 }).await?;
    let began = Instant::now();
    server.get("k").await?;
    assert!(began.elapsed() >= Duration::from_millis(50));
    server.fault(FaultRule::always(FaultKind::Bandwidth { bytes_per_second: 10_000_000 })).await?;
    let began = Instant::now();
    assert_eq!(server.get("k").await?.len(), 1_000_000);
    // The last piece is sent before its time is up, so the bound is half of the whole time.
    assert!(began.elapsed() >= Duration::from_millis(50), "{:?}", began.elapsed());
    server
        .admin
        .set_faults(vec![
            FaultRule::always(FaultKind::Latency { nanoseconds: 40_000_000 }),
            FaultRule::always(FaultKind::SlowBy { percent: 100.0 }),
        ])
        .await?;
    let began = Instant::now();
    server.get("k").await?;
    assert!(began.elapsed() >= Duration::from_millis(80), "{:?}", began.elapsed());
    Ok(())
}

#[tokio::test]
async fn a_refused_upload_gets_its_answer() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let large = || BareRequest::put("/bkt/k", vec![7; 16 << 20]);
    let mut connection = server.bare.connect().await?;
    server.fault(FaultRule::always(FaultKind::SlowDown).on("PutObject")).await?;
    assert_eq!(connection.call(large()).await?.status(), 503);
    server.admin.set_faults(Vec::new()).await?;
    let absent = BareRequest { target: "/none/k".into(), ..large() };
    assert_eq!(connection.call(absent).await?.status(), 404, "on the same connection");
    assert_eq!(connection.call(large()).await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn invalid_rules_are_refused() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let refused = server.fault(FaultRule { rate: 2.0, ..FaultRule::always(FaultKind::SlowDown) }).await;
    assert!(refused.is_err());
    let unknown = server.fault(FaultRule::always(FaultKind::SlowDown).on("PutEverything")).await;
    assert!(unknown.is_err(), "an operation that does not exist");
    server.put("k", "x").await?;
    Ok(())
}
