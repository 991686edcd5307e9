//! Interrupts and failures on the way: nothing half done stays, and what was finished does.

use std::time::Duration;

use embedded_s3::admin::{AdminClient, FaultKind, FaultRule};

use super::fixture::{Fixture, Plain};
use crate::prep::{Part, PrepArgs, PrepError};
use workload_library::LoadedWorkload;

impl Fixture {
    async fn misbehave(&self, rules: Vec<FaultRule>) {
        let admin = AdminClient::new(&self.ready.endpoint, &self.ready.admin_token).unwrap();
        admin.set_faults(rules).await.unwrap();
    }
}

fn small_and_large(fixture: &Fixture) -> [LoadedWorkload; 2] {
    [
        fixture.workload(Plain::download("small", "download/small", 5, 1000)),
        fixture.workload(Plain::download("large", "download/large", 2, 17 << 20)),
    ]
}

#[tokio::test]
async fn an_interrupt_aborts_open_uploads_and_a_second_prep_continues() {
    let fixture = Fixture::new().await;
    let workloads = small_and_large(&fixture);
    let an_hour = FaultKind::Latency { nanoseconds: 3_600_000_000_000 };
    fixture.misbehave(vec![FaultRule::always(an_hour).on("UploadPart")]).await;
    let interrupt_when_uploading = async {
        while fixture.open_uploads().await.len() < 2 {
            tokio::task::yield_now().await;
        }
        fixture.stop.cancel();
    };
    let prep = fixture.prep(Part::Bucket, PrepArgs::default(), &workloads);
    let both = async { tokio::join!(prep, interrupt_when_uploading) };
    let (interrupted, ()) = tokio::time::timeout(Duration::from_mins(1), Box::pin(both)).await.unwrap();
    assert!(matches!(interrupted, Err(PrepError::Interrupted)), "{interrupted:?}");
    assert_eq!(fixture.open_uploads().await, [""; 0], "aborted");
    assert_eq!(fixture.objects().await.len(), 5, "what was finished stays");
    fixture.misbehave(Vec::new()).await;
    let again = fixture.without_interrupt();
    again.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    assert_eq!(again.objects().await.len(), 7);
    insta::assert_snapshot!(again.last_shown(), @r#"
        bucket wlx-test at ENDPOINT: is ours; lifecycle rules: are right
        WHAT     ACTION  COUNT     BYTES
        objects  keep        5  4.88 KiB
        objects  upload      2    34 MiB
        "#);
}

#[tokio::test]
async fn a_part_that_fails_aborts_its_upload_and_names_the_object() {
    let fixture = Fixture::new().await;
    let workloads = small_and_large(&fixture);
    fixture.misbehave(vec![FaultRule::always(FaultKind::InternalError).on("UploadPart")]).await;
    let failed = fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap_err();
    assert!(failed.to_string().starts_with("upload a part of download/large/000"), "{failed}");
    assert_eq!(failed.exit_code(), 1);
    assert_eq!((fixture.open_uploads().await.len(), fixture.objects().await.len()), (0, 5));
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    let fixture = Fixture::new().await;
    let workloads = small_and_large(&fixture);
    let rules = [("PutObject", FaultKind::SlowDown), ("UploadPart", FaultKind::Reset { after_bytes: None })];
    let rules = rules.map(|(operation, kind)| FaultRule::always(kind).on(operation).first(1));
    fixture.misbehave(rules.into()).await;
    fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    fixture.misbehave(Vec::new()).await;
    let verify = PrepArgs { verify: true, dry_run: true, ..PrepArgs::default() };
    fixture.prep(Part::Bucket, verify, &workloads).await.unwrap();
}
