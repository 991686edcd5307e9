//! Objects are found by few requests, kept if they are correct, and otherwise uploaded.

use std::time::Instant;
use workload_schema::Task;

use aws_sdk_s3::types::ChecksumMode;
use synthetic_content::Content;
use workload_schema::Checksum;

use super::fixture::{Fixture, Plain};
use crate::prep::{Part, PrepArgs, PrepError};

async fn content_of(fixture: &Fixture, key: &str) -> Vec<u8> {
    let get = fixture.store.s3.get_object().bucket(fixture.store.bucket.as_str()).key(key);
    get.send().await.unwrap().body.collect().await.unwrap().to_vec()
}

#[tokio::test]
async fn objects_have_the_content_of_their_key_whole_or_in_parts() {
    let fixture = Fixture::new().await;
    let large = (16 << 20) + 12345;
    let workloads = [
        fixture.workload(Plain::download("empty", "download/empty", 1, 0)),
        fixture.workload(Plain::download("small", "download/small", 3, 100_000)),
        fixture.workload(Plain::download("large", "download/large", 2, large)),
    ];
    fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    assert_eq!(fixture.objects().await.len(), 6);
    for (key, size) in fixture.objects().await {
        let body = content_of(&fixture, &key).await;
        assert_eq!(i64::try_from(body.len()).unwrap(), size);
        assert_eq!(Content::of_key(&key).mismatch(0, &body), None, "{key}");
    }
}

#[tokio::test]
async fn checksums_are_stored_and_kept_when_right() {
    let fixture = Fixture::new().await;
    let workload = |checksum: Checksum, folder: &str| {
        let name = checksum.as_str().to_lowercase();
        let plain = Plain::download(&name, folder, 2, 1000);
        fixture.workload(Plain { checksum: Some(checksum), ..plain })
    };
    let workloads = Checksum::ALL.map(|checksum| workload(checksum, &format!("download/{checksum}")));
    fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    for checksum in Checksum::ALL {
        let head = fixture.store.s3.head_object().bucket("wlx-test").key(format!("download/{checksum}/0001"));
        let head = head.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
        let has = [
            head.checksum_crc32(),
            head.checksum_crc32_c(),
            head.checksum_sha1(),
            head.checksum_sha256(),
            head.checksum_crc64_nvme(),
        ];
        assert_eq!(has.map(|value| value.is_some()), Checksum::ALL.map(|other| other == checksum), "{checksum}");
    }
    let before = fixture.store.counter.requests();
    fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    assert_eq!(fixture.store.counter.requests() - before, 4, "the listing tells the algorithms");
    // Another algorithm is wanted: the object is uploaded again.
    let other = [workload(Checksum::Sha256, "download/CRC32")];
    fixture.prep(Part::Bucket, PrepArgs::default(), &other).await.unwrap();
    let head = fixture.store.s3.head_object().bucket("wlx-test").key("download/CRC32/0002");
    let head = head.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert!(head.checksum_sha256().is_some() && head.checksum_crc32().is_none());
}

#[tokio::test]
async fn another_size_is_uploaded_again_and_a_right_object_stays() {
    let fixture = Fixture::new().await;
    let workloads = [fixture.workload(Plain::download("d", "download/x", 3, 8))];
    fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    fixture.put("download/x/0001", b"too long by far").await;
    fixture.put("download/x/0002", b"8 bytes!").await;
    fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    assert_eq!(Content::of_key("download/x/0001").mismatch(0, &content_of(&fixture, "download/x/0001").await), None);
    assert_eq!(content_of(&fixture, "download/x/0002").await, b"8 bytes!", "only --verify looks at contents");
    let dry = PrepArgs { verify: true, dry_run: true, ..PrepArgs::default() };
    let wrong = fixture.prep(Part::Bucket, dry, &workloads).await.unwrap_err();
    assert!(
        matches!(&wrong, PrepError::WrongBytes { count: 1, first } if first == "object download/x/0002"),
        "{wrong}"
    );
    let verify = PrepArgs { verify: true, ..PrepArgs::default() };
    fixture.prep(Part::Bucket, verify, &workloads).await.unwrap();
    assert_eq!(Content::of_key("download/x/0002").mismatch(0, &content_of(&fixture, "download/x/0002").await), None);
}

#[tokio::test]
async fn listing_and_asking_one_by_one_send_as_many_requests_as_they_must() {
    let fixture = Fixture::declaring().await;
    let many = [fixture.workload(Plain::download("many", "download/many", 2500, 1))];
    fixture.prep(Part::Bucket, PrepArgs::default(), &many).await.unwrap();
    let base = 3;
    let requests = async |workloads: &[_]| {
        let before = fixture.store.counter.requests();
        fixture.prep(Part::Bucket, PrepArgs::default(), workloads).await.unwrap();
        fixture.store.counter.requests() - before - base
    };
    assert_eq!(requests(&many).await, 3, "three pages");
    let one = [fixture.workload(Plain::download("one", "download/many", 1, 1))];
    assert_eq!(requests(&one).await, 1, "one HEAD");
    // Two keys in a folder of thousands, at its end: one page does not reach them, so they are asked for.
    let mut last = fixture.workload(Plain::download("last", "download/many", 2500, 1));
    last.workload = last.workload.with_tasks(last.workload.tasks().skip(2498).map(Task::from)).unwrap();
    assert_eq!(requests(&[last]).await, 4, "two pages, then HEADs");
}

#[tokio::test]
async fn the_standard_set_is_declared_in_no_time() {
    let fixture = Fixture::declaring().await;
    let workloads = [
        fixture.workload(Plain::download("a", "download/256KiB-10_000x", 10_000, 256 << 10)),
        fixture.workload(Plain::download("b", "download/64KiB-1_000x", 1000, 64 << 10)),
        fixture.workload(Plain::download("c", "download/5GiB-20x", 20, 5 << 30)),
        fixture.workload(Plain::download("d", "download/30GiB-1x", 1, 30 << 30)),
    ];
    let started = Instant::now();
    fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    assert!(started.elapsed().as_secs() < 20, "declaring moves no bytes: {:?}", started.elapsed());
    assert_eq!(fixture.objects().await.len(), 11_021);
    let before = fixture.store.counter.requests();
    fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    assert_eq!(fixture.store.counter.requests() - before, 3 + 12, "pages of all folders together, in two stretches");
    assert!(fixture.last_shown().lines().last().unwrap().starts_with("objects  keep    11021"));
    let range = fixture.store.s3.get_object().bucket("wlx-test").key("download/30GiB-1x/0001");
    let body = range.range("bytes=32212254710-").send().await.unwrap().body.collect().await.unwrap().to_vec();
    assert_eq!((body.len(), Content::of_key("download/30GiB-1x/0001").mismatch(32_212_254_710, &body)), (10, None));
}
