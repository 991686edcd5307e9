//! Clean removes exactly what the plans name.

use aws_sdk_s3::error::ProvideErrorMetadata;

use super::{CleanArgs, command::Cleaning};
use crate::prep::bucket::{BucketState, Origin, state};
use crate::prep::tests::fixture::{Fixture, Plain, files_below};
use crate::prep::{Part, PrepArgs, PrepError, PrepWork};
use workload_library::LoadedWorkload;

impl Fixture {
    async fn clean(&self, part: Part, args: CleanArgs, workloads: &[LoadedWorkload]) -> Result<(), PrepError> {
        let work = PrepWork::of(workloads)?;
        let cleaning =
            Cleaning { args: &args, part, work: &work, files_dir: &self.files_dir(), store: Some(&self.store) };
        cleaning.run(&self.stop, |text| self.shown.lock().unwrap().push(text.to_owned())).await
    }

    async fn open_upload(&self, key: &str) {
        let request = self.store.s3.create_multipart_upload().bucket(self.store.bucket.as_str()).key(key);
        request.send().await.unwrap();
    }
}

fn workloads(fixture: &Fixture) -> [LoadedWorkload; 3] {
    [
        fixture.workload(Plain::download("d", "download/x", 3, 1000)),
        fixture.workload(Plain::upload("u", "upload/x", 2, 500)),
        fixture.workload(Plain::download("other", "download/y", 2, 10)),
    ]
}

#[tokio::test]
async fn what_the_plans_name_goes_and_nothing_else() {
    let fixture = Fixture::new().await;
    let all = workloads(&fixture);
    fixture.prep(Part::All, PrepArgs::default(), &all).await.unwrap();
    // What a run leaves behind, and what belongs to others.
    fixture.put("upload/x/0001", b"uploaded").await;
    fixture.put("upload/x/0001-of-somebody-else", b"stays").await;
    fixture.put("download/x", b"stays").await;
    fixture.open_upload("upload/x/0002").await;
    fixture.open_upload("upload/x/0003").await;
    std::fs::write(fixture.files_dir().join("download/x/0002"), "downloaded").unwrap();
    std::fs::write(fixture.files_dir().join("upload/x/mine"), "stays").unwrap();
    let dry = CleanArgs { dry_run: true, ..CleanArgs::default() };
    fixture.clean(Part::All, dry, &all[..2]).await.unwrap();
    insta::assert_snapshot!(fixture.last_shown(), @r#"
        bucket wlx-test at ENDPOINT
        WHAT                ACTION  COUNT       BYTES
        objects             remove      4    2.94 KiB
        unfinished uploads  remove      1
        files               remove      3  1010 bytes
        "#);
    assert_eq!((fixture.objects().await.len(), files_below(&fixture.files_dir()).len()), (8, 4), "a dry run");
    fixture.clean(Part::All, CleanArgs::default(), &all[..2]).await.unwrap();
    let left: Vec<String> = fixture.objects().await.into_iter().map(|(key, _)| key).collect();
    assert_eq!(left, ["download/x", "download/y/0001", "download/y/0002", "upload/x/0001-of-somebody-else"]);
    assert_eq!(fixture.open_uploads().await, ["upload/x/0003"]);
    assert_eq!(files_below(&fixture.files_dir()), [("upload/x/mine".to_owned(), 5)]);
    assert!(!fixture.files_dir().join("download/x").exists(), "left empty");
    assert!(fixture.files_dir().join("download/y").exists(), "of a workload that was not selected");
    let json = CleanArgs { format: crate::prep::PlanFormat::Json, ..CleanArgs::default() };
    fixture.clean(Part::All, json, &all[..2]).await.unwrap();
    insta::assert_snapshot!(fixture.last_shown(), @r#"
        {
          "version": 1,
          "applied": true,
          "objects": {
            "count": 0,
            "bytes": 0
          },
          "unfinishedUploads": 0,
          "files": {
            "count": 0,
            "bytes": 0
          },
          "folders": 0,
          "bucketRemoved": false
        }
        "#);
}

#[tokio::test]
async fn more_than_one_batch_goes() {
    let fixture = Fixture::declaring().await;
    let many = [fixture.workload(Plain::download("many", "download/many", 2345, 1))];
    fixture.prep(Part::Bucket, PrepArgs::default(), &many).await.unwrap();
    let before = fixture.store.counter.requests();
    fixture.clean(Part::Bucket, CleanArgs::default(), &many).await.unwrap();
    assert_eq!(fixture.store.counter.requests() - before, 2 + 3 + 1 + 3, "state, pages, open uploads, batches");
    assert_eq!(fixture.objects().await, []);
}

#[tokio::test]
async fn the_bucket_goes_only_if_asked_for_and_empty() {
    let fixture = Fixture::new().await;
    let all = workloads(&fixture);
    fixture.prep(Part::Bucket, PrepArgs::default(), &all).await.unwrap();
    let too = || CleanArgs { bucket_too: true, ..CleanArgs::default() };
    fixture.clean(Part::Bucket, too(), &all[..2]).await.unwrap();
    assert_eq!(state(&fixture.store).await.unwrap(), BucketState::Ours(Origin::Created), "y is still there");
    fixture.clean(Part::Bucket, CleanArgs::default(), &all).await.unwrap();
    assert_eq!(state(&fixture.store).await.unwrap(), BucketState::Ours(Origin::Created), "was not asked for");
    fixture.clean(Part::Bucket, too(), &all).await.unwrap();
    assert_eq!(state(&fixture.store).await.unwrap(), BucketState::Missing);
    fixture.clean(Part::Bucket, too(), &all).await.unwrap();
}

#[tokio::test]
async fn a_bucket_of_somebody_else_is_left_alone_and_an_adopted_one_given_back() {
    let fixture = Fixture::new().await;
    let all = workloads(&fixture);
    fixture.create_bucket().await;
    fixture.put("download/x/0001", b"theirs").await;
    let refused = fixture.clean(Part::Bucket, CleanArgs::default(), &all).await.unwrap_err();
    assert!(matches!(refused, PrepError::ForeignBucket { .. }));
    fixture.put("theirs", b"theirs").await;
    fixture.prep(Part::Bucket, PrepArgs { adopt: true, ..PrepArgs::default() }, &all).await.unwrap();
    let too = CleanArgs { bucket_too: true, ..CleanArgs::default() };
    fixture.clean(Part::Bucket, too, &all).await.unwrap();
    assert_eq!(fixture.objects().await, [("theirs".to_owned(), 6)]);
    assert_eq!(state(&fixture.store).await.unwrap(), BucketState::Foreign);
    let rules = fixture.store.s3.get_bucket_lifecycle_configuration().bucket("wlx-test").send().await;
    assert_eq!(rules.unwrap_err().code(), Some("NoSuchLifecycleConfiguration"));
}
