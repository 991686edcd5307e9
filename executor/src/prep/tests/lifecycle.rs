//! Our lifecycle rules among those of others.

use aws_sdk_s3::types::{
    BucketLifecycleConfiguration, ExpirationStatus, LifecycleExpiration, LifecycleRule, LifecycleRuleFilter,
};

use super::fixture::{Fixture, Plain};
use crate::prep::{Part, PrepArgs};

async fn rules(fixture: &Fixture) -> Vec<LifecycleRule> {
    let request = fixture.store.s3.get_bucket_lifecycle_configuration().bucket(fixture.store.bucket.as_str());
    request.send().await.unwrap().rules.unwrap()
}

async fn put_rules(fixture: &Fixture, rules: Vec<LifecycleRule>) {
    let configuration = BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build().unwrap();
    let request = fixture.store.s3.put_bucket_lifecycle_configuration().bucket(fixture.store.bucket.as_str());
    request.lifecycle_configuration(configuration).send().await.unwrap();
}

fn theirs(id: &str) -> LifecycleRule {
    LifecycleRule::builder()
        .id(id)
        .filter(LifecycleRuleFilter::builder().prefix("logs/").build())
        .expiration(LifecycleExpiration::builder().days(365).build())
        .status(ExpirationStatus::Disabled)
        .build()
        .unwrap()
}

#[tokio::test]
async fn rules_of_others_stay_as_they_are_and_ours_are_put_right() {
    let fixture = Fixture::new().await;
    fixture.create_bucket().await;
    let mut spoilt = theirs("wlx-expire-uploads");
    spoilt.status = ExpirationStatus::Enabled;
    put_rules(&fixture, vec![theirs("theirs"), spoilt, theirs("also theirs")]).await;
    let workloads = [fixture.workload(Plain::upload("u", "upload/x", 1, 1))];
    fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    let found = rules(&fixture).await;
    let ids: Vec<&str> = found.iter().filter_map(LifecycleRule::id).collect();
    assert_eq!(ids, ["theirs", "also theirs", "wlx-abort-incomplete-multipart-uploads", "wlx-expire-uploads"]);
    assert_eq!(found[..2], [theirs("theirs"), theirs("also theirs")]);
    assert_eq!(found[2].abort_incomplete_multipart_upload().unwrap().days_after_initiation(), Some(1));
    assert_eq!(found[3].filter().unwrap().prefix(), Some("upload/"));
    assert_eq!(found[3].expiration().unwrap().days(), Some(1));
}

#[tokio::test]
async fn beside_rules_of_the_older_form_ours_have_it_too() {
    let fixture = Fixture::new().await;
    fixture.create_bucket().await;
    #[expect(deprecated, reason = "the older form is what is tested")]
    let older = LifecycleRule::builder()
        .id("older")
        .prefix("logs/")
        .expiration(LifecycleExpiration::builder().days(365).build())
        .status(ExpirationStatus::Enabled)
        .build()
        .unwrap();
    put_rules(&fixture, vec![older]).await;
    let workloads = [fixture.workload(Plain::upload("u", "upload/x", 1, 1))];
    fixture.prep(Part::Bucket, PrepArgs::default(), &workloads).await.unwrap();
    assert!(rules(&fixture).await.iter().all(|rule| rule.filter().is_none()), "{:?}", rules(&fixture).await);
}
