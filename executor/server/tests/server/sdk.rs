//! The S3 API as aws-sdk-s3 uses it.

use anyhow::Result;
use aws_sdk_s3::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
    error::ProvideErrorMetadata,
    operation::head_bucket::HeadBucketError,
    presigning::PresigningConfig,
    primitives::ByteStream,
    types::{
        BucketLifecycleConfiguration, ChecksumAlgorithm, ChecksumMode, CompletedMultipartUpload, CompletedPart, Delete,
        ExpirationStatus, LifecycleExpiration, LifecycleRule, LifecycleRuleFilter, ObjectIdentifier,
    },
};
use aws_smithy_http_client::Builder;
use embedded_s3::admin::{FaultKind, FaultRule};

use crate::context::{ACCESS_KEY, REGION, SECRET_KEY, TestServer, content};

fn client(server: &TestServer) -> Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(Builder::new().build_http())
        .endpoint_url(server.server.endpoint())
        .region(Region::new(REGION))
        .credentials_provider(Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "test"))
        .force_path_style(true)
        .build();
    Client::from_conf(config)
}

async fn body(stream: ByteStream) -> Result<Vec<u8>> {
    Ok(stream.collect().await?.to_vec())
}

#[tokio::test]
async fn each_checksum_in_one_request_and_in_parts() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let client = client(&server);
    for algorithm in ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"].map(ChecksumAlgorithm::from) {
        let name = format!("one/{algorithm}");
        let put = client.put_object().bucket("bkt").key(&name).checksum_algorithm(algorithm.clone());
        put.body(ByteStream::from_static(b"some text")).send().await?;
        // The client validates what it gets.
        let got = client.get_object().bucket("bkt").key(&name).checksum_mode(ChecksumMode::Enabled).send().await?;
        assert_eq!(body(got.body).await?, b"some text");

        let key = format!("parts/{algorithm}");
        let begun = client.create_multipart_upload().bucket("bkt").key(&key).checksum_algorithm(algorithm.clone());
        let upload = begun.send().await?.upload_id.expect("an upload id");
        let data = content("anything", (5 << 20) + 100);
        let mut parts = Vec::new();
        for (number, part) in (1..).zip(data.chunks(5 << 20)) {
            let sent = client.upload_part().bucket("bkt").key(&key).upload_id(&upload).part_number(number);
            let sent = sent.checksum_algorithm(algorithm.clone()).body(part.to_vec().into()).send().await?;
            let part = CompletedPart::builder()
                .part_number(number)
                .set_e_tag(sent.e_tag)
                .set_checksum_crc32(sent.checksum_crc32)
                .set_checksum_crc32_c(sent.checksum_crc32_c)
                .set_checksum_crc64_nvme(sent.checksum_crc64_nvme)
                .set_checksum_sha1(sent.checksum_sha1)
                .set_checksum_sha256(sent.checksum_sha256);
            parts.push(part.build());
        }
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let complete = client.complete_multipart_upload().bucket("bkt").key(&key).upload_id(&upload);
        complete.multipart_upload(parts).send().await?;
        let got = client.get_object().bucket("bkt").key(&key).checksum_mode(ChecksumMode::Enabled).send().await?;
        assert!(body(got.body).await? == data);
    }
    Ok(())
}

#[tokio::test]
async fn the_usual_calls() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let client = client(&server);
    client.create_bucket().bucket("cbk").send().await?;
    let buckets = client.list_buckets().send().await?;
    assert_eq!(buckets.buckets().iter().filter_map(|bucket| bucket.name()).collect::<Vec<_>>(), ["bkt", "cbk"]);
    for number in 0..5 {
        client.put_object().bucket("cbk").key(format!("k/{number}")).body(b"x".to_vec().into()).send().await?;
    }
    let mut pages = client.list_objects_v2().bucket("cbk").max_keys(2).into_paginator().send();
    let mut keys = 0;
    while let Some(page) = pages.next().await {
        keys += page?.contents().len();
    }
    assert_eq!(keys, 5);
    let objects = (0..5).map(|number| ObjectIdentifier::builder().key(format!("k/{number}")).build());
    let delete = Delete::builder().set_objects(Some(objects.collect::<Result<_, _>>()?)).build()?;
    let deleted = client.delete_objects().bucket("cbk").delete(delete).send().await?;
    assert_eq!(deleted.deleted().len(), 5);
    client.delete_bucket().bucket("cbk").send().await?;
    let gone = client.head_bucket().bucket("cbk").send().await;
    assert!(gone.is_err_and(|error| error.as_service_error().is_some_and(HeadBucketError::is_not_found)));
    Ok(())
}

#[tokio::test]
async fn lifecycle_rules_come_back_as_given() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let client = client(&server);
    let rule = LifecycleRule::builder()
        .id("ours")
        .status(ExpirationStatus::Enabled)
        .filter(LifecycleRuleFilter::builder().prefix("upload/").build())
        .expiration(LifecycleExpiration::builder().days(1).build())
        .build()?;
    let configuration = BucketLifecycleConfiguration::builder().rules(rule.clone()).build()?;
    let put = client.put_bucket_lifecycle_configuration().bucket("bkt").lifecycle_configuration(configuration);
    put.send().await?;
    let got = client.get_bucket_lifecycle_configuration().bucket("bkt").send().await?;
    assert_eq!(got.rules(), [rule]);
    Ok(())
}

#[tokio::test]
async fn presigned_urls_work_until_they_are_changed() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    server.put("k", "text").await?;
    let expires = PresigningConfig::expires_in(std::time::Duration::from_mins(1))?;
    let signed = client(&server).get_object().bucket("bkt").key("k").presigned(expires).await?;
    let get = async |uri: &str| {
        let uri: http::Uri = uri.parse()?;
        let stream = tokio::net::TcpStream::connect(server.server.address()).await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(hyper_util::rt::TokioIo::new(stream)).await?;
        let driver = tokio::spawn(connection);
        let host = uri.authority().expect("an absolute URL").as_str().to_owned();
        let path = uri.path_and_query().expect("a path").as_str().to_owned();
        let request = http::Request::get(path).header("host", host).body(String::new())?;
        let status = sender.send_request(request).await?.status().as_u16();
        driver.abort();
        anyhow::Ok(status)
    };
    assert_eq!(get(signed.uri()).await?, 200);
    assert_eq!(get(&signed.uri().replace("/bkt/k?", "/bkt/other?")).await?, 403);
    Ok(())
}

#[tokio::test]
async fn the_sdk_retries_and_validates_when_there_are_faults() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let client = client(&server);
    client.put_object().bucket("bkt").key("k").body(content("k", 300_000).into()).send().await?;
    server.fault(FaultRule::always(FaultKind::SlowDown).first(1)).await?;
    let got = client.get_object().bucket("bkt").key("k").send().await?;
    assert_eq!(body(got.body).await?.len(), 300_000);
    assert_eq!(server.admin.faults().await?.rules[0].matched, 2, "one refused, one retried");
    for kind in [
        FaultKind::CorruptBody { offset: 200_000 },
        FaultKind::WrongChecksum,
        FaultKind::TruncateBody { after_bytes: 1000 },
    ] {
        server.fault(FaultRule::always(kind.clone())).await?;
        let got = client.get_object().bucket("bkt").key("k").checksum_mode(ChecksumMode::Enabled).send().await?;
        assert!(body(got.body).await.is_err(), "{kind:?} goes unnoticed");
    }
    Ok(())
}

#[tokio::test]
async fn errors_have_their_codes() -> Result<()> {
    let server = TestServer::with_bucket().await?;
    let client = client(&server);
    let absent = client.get_object().bucket("bkt").key("none").send().await.expect_err("is absent");
    assert_eq!(absent.code(), Some("NoSuchKey"));
    let absent = client.list_objects_v2().bucket("none").send().await.expect_err("is absent");
    assert_eq!(absent.code(), Some("NoSuchBucket"));
    Ok(())
}
