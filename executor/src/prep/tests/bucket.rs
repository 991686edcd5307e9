//! Whose bucket it is.

use super::fixture::{Fixture, Plain};
use crate::prep::bucket::{BucketState, Origin, state};
use crate::prep::{Part, PlanFormat, PrepArgs, PrepError};

#[tokio::test]
async fn a_missing_bucket_is_made_and_marked_and_a_second_prep_sends_no_write() {
    let fixture = Fixture::new().await;
    let workloads = [fixture.workload(Plain::download("d", "download/x", 3, 1000))];
    fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    assert_eq!(state(&fixture.store).await.unwrap(), BucketState::Ours(Origin::Created));
    let before = fixture.store.counter.requests();
    fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    let requests = fixture.store.counter.requests() - before;
    assert_eq!(requests, 4, "HEAD bucket, GET marker, GET lifecycle, LIST");
}

#[tokio::test]
async fn an_empty_bucket_is_taken() {
    let fixture = Fixture::new().await;
    fixture.create_bucket().await;
    let workloads = [fixture.workload(Plain::download("d", "download/x", 1, 0))];
    fixture.prep(Part::All, PrepArgs::default(), &workloads).await.unwrap();
    assert_eq!(state(&fixture.store).await.unwrap(), BucketState::Ours(Origin::FoundEmpty));
    assert_eq!(fixture.objects().await, [("download/x/0001".to_owned(), 0)]);
}

#[tokio::test]
async fn a_bucket_of_somebody_else_is_refused_unless_adopted() {
    let fixture = Fixture::new().await;
    fixture.create_bucket().await;
    fixture.put("their/data", b"precious").await;
    let workloads = [fixture.workload(Plain::download("d", "download/x", 2, 10))];
    let refused = fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap_err();
    assert!(matches!(refused, PrepError::ForeignBucket { .. }));
    insta::assert_snapshot!(refused, @r"
        bucket wlx-test is not empty and was not made by wlx; nothing was changed
        hint: name another bucket with --bucket, or let wlx work in this one with --adopt (after a day, objects below upload/ then expire and incomplete uploads are aborted)
        ");
    assert_eq!(fixture.objects().await, [("their/data".to_owned(), 8)], "nothing was changed");
    let adopt = PrepArgs { adopt: true, ..PrepArgs::default() };
    fixture.prep(Part::Bucket, adopt, &workloads).await.unwrap();
    fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    assert_eq!(fixture.objects().await.len(), 3);
    assert_eq!(state(&fixture.store).await.unwrap(), BucketState::Ours(Origin::Adopted));
}

#[tokio::test]
async fn a_marker_of_a_later_release_is_not_overwritten() {
    let fixture = Fixture::new().await;
    fixture.create_bucket().await;
    fixture.put(".wlx-bucket.json", br#"{"version":2,"origin":"somehow","more":1}"#).await;
    let adopt = PrepArgs { adopt: true, ..PrepArgs::default() };
    let refused = fixture.prep(Part::Bucket, adopt, &[]).await.unwrap_err();
    assert!(matches!(refused, PrepError::NewerBucket { version: 2, .. }), "{refused}");
}

#[tokio::test]
async fn wrong_credentials_are_told_with_what_to_do() {
    let fixture = Fixture::new().await;
    let store = Fixture::store_at(&fixture.ready, "wlx-test", "wrong", None).await;
    let error = state(&store).await.unwrap_err();
    assert_eq!(error.exit_code(), 1);
    insta::assert_snapshot!(error, @r"
        look up bucket wlx-test: 403
        hint: check the credentials and that they may use this bucket: wlx config
        ");
}

#[tokio::test]
async fn a_dry_run_touches_nothing() {
    let fixture = Fixture::new().await;
    let workloads = [
        fixture.workload(Plain::download("d", "download/x", 2, 10)),
        fixture.workload(Plain::upload("u", "upload/x", 2, 10)),
    ];
    let dry = PrepArgs { dry_run: true, ..PrepArgs::default() };
    fixture.prep(Part::All, dry, &workloads).await.unwrap();
    assert_eq!(state(&fixture.store).await.unwrap(), BucketState::Missing);
    assert!(!fixture.files_dir().exists());
    insta::assert_snapshot!(fixture.last_shown(), @r#"
        bucket wlx-test at ENDPOINT: make it; lifecycle rules: write 2
        WHAT     ACTION  COUNT     BYTES
        objects  upload      2  20 bytes
        files    make        2  20 bytes
        folders  make        1
        "#);
    let json = PrepArgs { dry_run: true, format: PlanFormat::Json, ..PrepArgs::default() };
    fixture.prep(Part::All, json, &workloads).await.unwrap();
    insta::assert_snapshot!(fixture.last_shown(), @r#"
        {
          "version": 1,
          "workloads": [
            "d",
            "u"
          ],
          "applied": false,
          "bucket": {
            "name": "wlx-test",
            "store": "ENDPOINT",
            "state": "missing",
            "creates": true,
            "marks": true,
            "lifecycleRules": "write"
          },
          "objects": {
            "keep": {
              "count": 0,
              "bytes": 0
            },
            "make": {
              "count": 2,
              "bytes": 20
            },
            "replace": {
              "count": 0,
              "bytes": 0
            },
            "wrongBytes": []
          },
          "files": {
            "keep": {
              "count": 0,
              "bytes": 0
            },
            "make": {
              "count": 2,
              "bytes": 20
            },
            "replace": {
              "count": 0,
              "bytes": 0
            },
            "makeFolders": 1,
            "wrongBytes": []
          }
        }
        "#);
}
