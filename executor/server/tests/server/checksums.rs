//! Checksums and digests of uploads, right and wrong, in headers and in trailers.

use std::fmt::Write;

use anyhow::Result;
use base64_simd::STANDARD as BASE64;
use crc_fast::CrcAlgorithm;
use embedded_s3::{ChecksumAlgorithm, bare::BareRequest};
use sha2::Digest;

use crate::context::{TestServer, header};

const BODY: &str = "the body of the upload";

/// The checksum of `data`, computed without the server's own code.
fn value(algorithm: ChecksumAlgorithm, data: &[u8]) -> String {
    let crc = |name, width: usize| crc_fast::checksum(name, data).to_be_bytes()[8 - width..].to_vec();
    BASE64.encode_to_string(match algorithm {
        ChecksumAlgorithm::Crc32 => crc(CrcAlgorithm::Crc32IsoHdlc, 4),
        ChecksumAlgorithm::Crc32c => crc(CrcAlgorithm::Crc32Iscsi, 4),
        ChecksumAlgorithm::Crc64Nvme => crc(CrcAlgorithm::Crc64Nvme, 8),
        ChecksumAlgorithm::Sha1 => sha1::Sha1::digest(data).to_vec(),
        ChecksumAlgorithm::Sha256 => sha2::Sha256::digest(data).to_vec(),
    })
}

/// An upload in unsigned chunks, with the checksum in a trailer.
fn trailing(key: &str, algorithm: ChecksumAlgorithm, value: &str) -> BareRequest {
    let (head, tail) = BODY.split_at(7);
    let body = format!(
        "{:x}\r\n{head}\r\n{:x}\r\n{tail}\r\n0\r\n{}:{value}\r\n\r\n",
        head.len(),
        tail.len(),
        algorithm.header()
    );
    BareRequest::put(format!("/bkt/{key}"), body)
        .header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
        .header("content-encoding", "aws-chunked")
        .header("x-amz-trailer", algorithm.header())
        .header("x-amz-decoded-content-length", BODY.len().to_string())
}

#[tokio::test]
async fn right_checksums_are_stored_and_sent_when_asked_for() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    for algorithm in ChecksumAlgorithm::ALL {
        let right = value(algorithm, BODY.as_bytes());
        let in_header = BareRequest::put("/bkt/header", BODY).header(algorithm.header(), right.clone());
        let in_trailer = trailing("trailer", algorithm, &right);
        for (key, put) in [("header", in_header), ("trailer", in_trailer)] {
            let answer = server.expect(put, 200).await?;
            assert_eq!(header(&answer, algorithm.header()), Some(right.as_str()), "{algorithm:?} {key}");
            let get = || BareRequest::get(format!("/bkt/{key}"));
            let got = server.expect(get().header("x-amz-checksum-mode", "ENABLED"), 200).await?;
            assert_eq!(got.body(), BODY);
            assert_eq!(header(&got, algorithm.header()), Some(right.as_str()));
            assert_eq!(header(&got, "x-amz-checksum-type"), Some("FULL_OBJECT"));
            assert_eq!(header(&got, "content-encoding"), None, "aws-chunked is not an encoding of the object");
            assert_eq!(header(&server.expect(get(), 200).await?, algorithm.header()), None);
            let slice = get().header("x-amz-checksum-mode", "ENABLED").header("range", "bytes=0-3");
            assert_eq!(header(&server.expect(slice, 206).await?, algorithm.header()), None);
        }
    }
    Ok(())
}

#[tokio::test]
async fn wrong_checksums_are_refused_and_nothing_is_stored() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    for algorithm in ChecksumAlgorithm::ALL {
        let wrong = value(algorithm, b"another body");
        let put = || BareRequest::put("/bkt/k", BODY);
        server.expect_error(put().header(algorithm.header(), wrong.clone()), 400, "BadDigest").await?;
        server.expect_error(trailing("k", algorithm, &wrong), 400, "BadDigest").await?;
        server.expect_error(put().header(algorithm.header(), "AAA="), 400, "InvalidRequest").await?;
        let announced = put().header("x-amz-sdk-checksum-algorithm", algorithm.name());
        server.expect_error(announced, 400, "InvalidRequest").await?;
    }
    server.expect_error(BareRequest::get("/bkt/k"), 404, "NoSuchKey").await?;
    assert!(server.blob_sizes()?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_body_shorter_than_its_stated_length_is_refused() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let right = value(ChecksumAlgorithm::Crc32, BODY.as_bytes());
    let mut short = trailing("k", ChecksumAlgorithm::Crc32, &right);
    short.headers.retain(|(name, _)| *name != "x-amz-decoded-content-length");
    let short = short.header("x-amz-decoded-content-length", (BODY.len() + 1).to_string());
    server.expect_error(short, 400, "IncompleteBody").await?;
    Ok(())
}

#[tokio::test]
async fn content_md5_and_the_signed_digest_are_verified() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let md5 = |data: &[u8]| BASE64.encode_to_string(md5::Md5::digest(data));
    let put = || BareRequest::put("/bkt/k", BODY);
    server.expect(put().header("content-md5", md5(BODY.as_bytes())), 200).await?;
    server.expect_error(put().header("content-md5", md5(b"other")), 400, "BadDigest").await?;
    server.expect_error(put().header("content-md5", "rubbish"), 400, "InvalidDigest").await?;
    let hex = |data: &[u8]| {
        let mut text = String::new();
        sha2::Sha256::digest(data).iter().try_for_each(|byte| write!(text, "{byte:02x}")).map(|()| text)
    };
    server.expect(put().header("x-amz-content-sha256", hex(BODY.as_bytes())?), 200).await?;
    let wrong = put().header("x-amz-content-sha256", hex(b"other")?);
    server.expect_error(wrong, 400, "XAmzContentSHA256Mismatch").await?;
    Ok(())
}

#[tokio::test]
async fn parts_make_composite_and_full_checksums() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let data: Vec<u8> = (0..(5 << 20) + 1000_u32).map(|number| u8::try_from(number % 251).unwrap_or(0)).collect();
    let parts = [&data[..5 << 20], &data[5 << 20..]];
    for (algorithm, kind) in [
        (ChecksumAlgorithm::Crc32, "COMPOSITE"),
        (ChecksumAlgorithm::Crc32, "FULL_OBJECT"),
        (ChecksumAlgorithm::Crc64Nvme, "FULL_OBJECT"),
        (ChecksumAlgorithm::Sha256, "COMPOSITE"),
    ] {
        let started = [("x-amz-checksum-algorithm", algorithm.name()), ("x-amz-checksum-type", kind)];
        let upload = server.begin_upload("k", &started).await?;
        let mut listed = String::new();
        let mut digests = Vec::new();
        for (number, part) in (1..).zip(parts) {
            let sum = value(algorithm, part);
            digests.extend(BASE64.decode_to_vec(&sum)?);
            let target = format!("/bkt/k?partNumber={number}&uploadId={upload}");
            let put = BareRequest::put(target, part.to_vec()).header(algorithm.header(), sum.clone());
            let etag = header(&server.expect(put, 200).await?, "etag").expect("an ETag").to_owned();
            let name = algorithm.name();
            write!(
                listed,
                "<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag><Checksum{name}>{sum}</Checksum{name}></Part>"
            )?;
        }
        let list = format!("<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>");
        let complete = || BareRequest {
            body: list.clone().into(),
            ..BareRequest::new(http::Method::POST, format!("/bkt/k?uploadId={upload}"))
        };
        let expected = match kind {
            "COMPOSITE" => format!("{}-2", value(algorithm, &digests)),
            _ => value(algorithm, &data),
        };
        let wrong = complete().header(algorithm.header(), value(algorithm, b"wrong"));
        server.expect_error(wrong, 400, "BadDigest").await?;
        server.expect(complete().header(algorithm.header(), expected.clone()), 200).await?;
        let got = server.expect(BareRequest::get("/bkt/k").header("x-amz-checksum-mode", "ENABLED"), 200).await?;
        assert_eq!(header(&got, algorithm.header()), Some(expected.as_str()));
        assert_eq!(header(&got, "x-amz-checksum-type"), Some(kind));
        assert!(got.body() == &data);
    }
    Ok(())
}
