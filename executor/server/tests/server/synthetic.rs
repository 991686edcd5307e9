//! Synthetic content takes no disk space, and other content is stored exactly.

use anyhow::Result;
use embedded_s3::bare::{BareBody, BareRequest};
use http::Method;
use synthetic_content::Content;
use tokio::task::JoinSet;

use crate::context::{TestServer, content, header};

const PART: u64 = 8 << 20;

/// Uploads `size` bytes of a key's content in parts of 8 MiB, a few at a time, beginning with the last one.
async fn upload(server: &TestServer, key: &str, size: u64) -> Result<()> {
    let upload = server.begin_upload(key, &[]).await?;
    let count = size.div_ceil(PART);
    let mut tasks = JoinSet::new();
    let mut etags = vec![String::new(); usize::try_from(count)?];
    for number in (1..=count).rev() {
        if tasks.len() == 4 {
            let (number, etag): (u64, String) = tasks.join_next().await.expect("some are running")??;
            etags[usize::try_from(number)? - 1] = etag;
        }
        let offset = (number - 1) * PART;
        let body = BareBody::synthetic(Content::of_key(key), offset, PART.min(size - offset));
        let target = format!("/bkt/{key}?partNumber={number}&uploadId={upload}");
        let request = BareRequest { body, ..BareRequest::new(Method::PUT, target) };
        let client = server.bare.clone();
        tasks.spawn(async move {
            let answer = client.call(request).await?;
            anyhow::ensure!(answer.status().is_success(), "part {number}: {}", answer.status());
            Ok::<_, anyhow::Error>((number, header(&answer, "etag").expect("an ETag").to_owned()))
        });
    }
    while let Some(done) = tasks.join_next().await {
        let (number, etag) = done??;
        etags[usize::try_from(number)? - 1] = etag;
    }
    let part = |(number, etag): (usize, &String)| {
        format!("<Part><PartNumber>{}</PartNumber><ETag>{etag}</ETag></Part>", number + 1)
    };
    let listed: String = etags.iter().enumerate().map(part).collect();
    let body = format!("<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>");
    let complete =
        BareRequest { body: body.into(), ..BareRequest::new(Method::POST, format!("/bkt/{key}?uploadId={upload}")) };
    server.expect(complete, 200).await?;
    Ok(())
}

#[tokio::test]
async fn a_gibibyte_in_parts_stores_no_bytes() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let size = (1 << 30) + 12_345;
    upload(&server, "large", size).await?;
    assert!(server.blob_sizes()?.is_empty());
    let head = server.expect(BareRequest::new(Method::HEAD, "/bkt/large"), 200).await?;
    assert_eq!(header(&head, "content-length"), Some(size.to_string().as_str()));
    let first = (1 << 30) - 1000;
    let slice = BareRequest::get("/bkt/large").header("range", format!("bytes={first}-"));
    let got = server.expect(slice, 206).await?;
    assert_eq!(got.body().len(), 13_345);
    assert_eq!(Content::of_key("large").mismatch(first, got.body()), None);
    let journal = std::fs::metadata(server.state_dir().join("journal.jsonl"))?.len();
    assert!(journal < 200_000, "{journal} bytes of journal for 129 parts");
    Ok(())
}

#[tokio::test]
async fn a_changed_byte_is_kept_exactly() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let mut data = content("k", 3 << 20);
    data[2_000_000] ^= 0x40;
    server.put("k", data.clone()).await?;
    assert_eq!(server.blob_sizes()?, [(3 << 20) - 2_000_000], "only the bytes after the difference are stored");
    assert!(server.get("k").await? == data);
    server.put("other", content("k", 1000)).await?;
    assert!(server.get("other").await? == content("k", 1000), "another key's content is just bytes");
    Ok(())
}

#[tokio::test]
async fn small_objects_and_shorter_ones_of_the_same_content() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    for len in [1, 31, 32, 33, 70_000] {
        server.put("k", content("k", len)).await?;
        assert!(server.get("k").await? == content("k", len));
    }
    assert!(server.blob_sizes()?.is_empty());
    Ok(())
}
