//! Acknowledged changes survive a stop and a kill.

use std::io::Write;

use anyhow::Result;
use embedded_s3::{ServerError, bare::BareRequest, start};
use http::Method;

use crate::context::{TestServer, config, content, element, header};

/// A server with objects of every kind, and the id of a multipart upload that is under way.
async fn filled() -> Result<(TestServer, String)> {
    let server = TestServer::with_bucket().await?;
    server.expect(BareRequest::put("/bkt/stored", "these bytes").header("x-amz-meta-a", "1"), 200).await?;
    server.put("synthetic", content("synthetic", 100_000)).await?;
    server.declare("declared", 30 << 30).await?;
    server.put("gone", "gone").await?;
    server.expect(BareRequest::new(Method::DELETE, "/bkt/gone"), 204).await?;
    let upload = server.begin_upload("parts", &[]).await?;
    server.expect(BareRequest::put(format!("/bkt/parts?partNumber=1&uploadId={upload}"), "a part"), 200).await?;
    Ok((server, upload))
}

async fn check(server: &TestServer, upload: &str) -> Result<()> {
    let stored = server.expect(BareRequest::get("/bkt/stored"), 200).await?;
    assert_eq!(stored.body(), "these bytes");
    assert_eq!(header(&stored, "x-amz-meta-a"), Some("1"));
    assert!(server.get("synthetic").await? == content("synthetic", 100_000));
    let declared = server.expect(BareRequest::new(Method::HEAD, "/bkt/declared"), 200).await?;
    assert_eq!(header(&declared, "content-length"), Some((30_u64 << 30).to_string().as_str()));
    server.expect_error(BareRequest::get("/bkt/gone"), 404, "NoSuchKey").await?;
    let listed = server.expect(BareRequest::get(format!("/bkt/parts?uploadId={upload}")), 200).await?;
    let etag = element(std::str::from_utf8(listed.body())?, "ETag").expect("the part").replace("&quot;", "\"");
    let body = format!(
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>"
    );
    let complete = BareRequest::new(Method::POST, format!("/bkt/parts?uploadId={upload}"));
    server.expect(BareRequest { body: body.into(), ..complete }, 200).await?;
    assert_eq!(server.get("parts").await?, "a part");
    Ok(())
}

#[tokio::test]
async fn a_restart_keeps_everything() -> Result<()> {
    let (server, upload) = filled().await?;
    let server = server.restart().await?;
    check(&server, &upload).await?;
    let server = server.restart().await?;
    assert_eq!(server.get("parts").await?, "a part");
    Ok(())
}

#[tokio::test]
async fn a_kill_loses_nothing_that_was_acknowledged() -> Result<()> {
    let (server, upload) = filled().await?;
    check(&server.after_kill().await?, &upload).await
}

#[tokio::test]
async fn an_incomplete_line_and_an_orphan_are_removed() -> Result<()> {
    let (server, upload) = filled().await?;
    let state = server.state_dir();
    let mut journal = std::fs::OpenOptions::new().append(true).open(state.join("journal.jsonl"))?;
    journal.write_all(b"{\"put\":{\"bucket\":\"bkt\",\"key\":\"torn")?;
    std::fs::write(state.join("blobs/00000000000000aa.blob"), "half a body")?;
    let copy = server.after_kill().await?;
    assert!(!copy.state_dir().join("blobs/00000000000000aa.blob").exists());
    check(&copy, &upload).await?;
    copy.put("later", "still works").await?;
    assert_eq!(copy.restart().await?.get("later").await?, "still works");
    Ok(())
}

#[tokio::test]
async fn a_journal_of_mostly_replaced_entries_is_rewritten() -> Result<()> {
    let (server, upload) = filled().await?;
    for _ in 0..12 {
        let objects = (0..1000).map(|number| (format!("many/{number}"), 10)).collect::<Vec<_>>();
        for size in [10, 20] {
            let objects = objects.iter().map(|(key, _)| embedded_s3::admin::DeclaredObject {
                bucket: "bkt".into(),
                key: key.clone(),
                size,
                checksum: None,
            });
            let request = embedded_s3::admin::DeclareRequest { ensure_bucket: None, objects: objects.collect() };
            assert_eq!(server.admin.declare(&request).await?.declared, 1000);
        }
    }
    let before = std::fs::metadata(server.state_dir().join("journal.jsonl"))?.len();
    let server = server.restart().await?;
    let after = std::fs::metadata(server.state_dir().join("journal.jsonl"))?.len();
    assert!(after * 10 < before, "{before} bytes became {after}");
    check(&server, &upload).await?;
    assert_eq!(server.restart().await?.get("many/999").await?, content("many/999", 20));
    Ok(())
}

#[tokio::test]
async fn a_state_directory_has_one_server() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let second = start(config(server.state_dir())).await;
    assert!(matches!(&second, Err(ServerError::Locked(dir)) if *dir == server.state_dir()));
    let server = server.restart().await?;
    server.put("k", "x").await?;
    Ok(())
}
