//! Our lifecycle rules, under ids of our own among other people's rules, which are written back as they were read.

use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, ExpirationStatus, LifecycleExpiration, LifecycleRule,
    LifecycleRuleFilter, TransitionDefaultMinimumObjectSize,
};
use workload_schema::ErrorKind;
use workload_schema::plan::BucketRules;

use crate::prep::{BucketClient, PrepError};
use s3_clients::endpoint::{Failure, failure_of};
use wlx_terminal as terminal;

const ABORT_ID: &str = "wlx-abort-incomplete-multipart-uploads";
const EXPIRE_ID: &str = "wlx-expire-uploads";

/// What is to be done to the lifecycle rules.
#[derive(Debug, Clone)]
pub enum RulesPlan {
    /// Our rules are there and correct.
    Right,
    /// Our rules are added to those of others, or replaced among them.
    Write(Box<Rules>),
    /// The store has no lifecycle rules, or these credentials may not see them. Holds the store's message.
    Unsupported(String),
}

/// A whole lifecycle configuration, as the API only writes it whole.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    rules: Vec<LifecycleRule>,
    transition_default: Option<TransitionDefaultMinimumObjectSize>,
}

impl Rules {
    /// How many rules of others there are.
    pub fn others(&self) -> usize {
        self.rules.iter().filter(|rule| !is_ours(rule)).count()
    }

    /// The configuration without our rules.
    fn without_ours(mut self) -> Self {
        self.rules.retain(|rule| !is_ours(rule));
        self
    }
}

/// Reads the rules and finds out whether ours must be written. A bucket that is `missing` has none.
pub(super) async fn plan(store: &BucketClient, wanted: &BucketRules, missing: bool) -> Result<RulesPlan, PrepError> {
    let current = if missing {
        Rules::default()
    } else {
        match read(store).await? {
            Ok(rules) => rules,
            Err(words) => return Ok(RulesPlan::Unsupported(words)),
        }
    };
    // S3 refuses a configuration that mixes the older form (a prefix beside the rule) with the newer.
    let older_form = current.rules.iter().any(|rule| !is_ours(rule) && older_prefix(rule).is_some());
    let ours = [
        rule(ABORT_ID, "", older_form, Some(wanted.abort_incomplete_multipart_days), None),
        rule(EXPIRE_ID, &wanted.expire_prefix, older_form, None, Some(wanted.expire_days)),
    ];
    let has = |ours: &LifecycleRule| current.rules.iter().any(|rule| is_same(rule, ours));
    if ours.iter().all(has) && current.rules.iter().filter(|rule| is_ours(rule)).count() == ours.len() {
        return Ok(RulesPlan::Right);
    }
    let mut merged = current.without_ours();
    merged.rules.extend(ours);
    Ok(RulesPlan::Write(Box::new(merged)))
}

/// Writes the rules of `plan`. If the store refuses them, it is left without them and the user is warned.
pub(super) async fn apply(store: &BucketClient, plan: &RulesPlan) -> Result<(), PrepError> {
    let warning = match plan {
        RulesPlan::Right => return Ok(()),
        RulesPlan::Unsupported(words) => words.clone(),
        RulesPlan::Write(rules) => match write(store, rules).await? {
            Ok(()) => return Ok(()),
            Err(words) => words,
        },
    };
    terminal::warning(&format!(
        "the bucket has no lifecycle rules ({warning}): what runs upload stays until wlx clean bucket removes it"
    ));
    Ok(())
}

/// The rules of others, if the bucket has ours too.
pub(crate) async fn rules_without_ours(store: &BucketClient) -> Result<Option<Rules>, PrepError> {
    let rules = read(store).await?.unwrap_or_default();
    Ok(rules.rules.iter().any(is_ours).then(|| rules.without_ours()))
}

/// Leaves the bucket with `others` only.
pub(crate) async fn remove_ours(store: &BucketClient, others: &Rules) -> Result<(), PrepError> {
    if others.rules.is_empty() {
        let request = store.s3.delete_bucket_lifecycle().bucket(store.bucket.as_str());
        request.send().await.map_err(|error| failure_of("remove the lifecycle of", store.bucket.as_str(), &error))?;
        return Ok(());
    }
    match write(store, others).await? {
        Ok(()) => Ok(()),
        Err(words) => Err(Failure::local(ErrorKind::Refused, words).into()),
    }
}

/// The inner error is why the store has no rules.
async fn read(store: &BucketClient) -> Result<Result<Rules, String>, PrepError> {
    let answer = store.s3.get_bucket_lifecycle_configuration().bucket(store.bucket.as_str()).send().await;
    match answer {
        Ok(answer) => Ok(Ok(Rules {
            transition_default: answer.transition_default_minimum_object_size,
            rules: answer.rules.unwrap_or_default(),
        })),
        Err(error) => {
            let failure = failure_of("read the lifecycle of", store.bucket.as_str(), &error);
            if failure.s3_code.as_deref() == Some("NoSuchLifecycleConfiguration") {
                return Ok(Ok(Rules::default()));
            }
            unsupported(failure).map(Err)
        }
    }
}

async fn write(store: &BucketClient, rules: &Rules) -> Result<Result<(), String>, PrepError> {
    let configuration = BucketLifecycleConfiguration::builder().set_rules(Some(rules.rules.clone()));
    let request = store.s3.put_bucket_lifecycle_configuration().bucket(store.bucket.as_str());
    let written = request
        .set_transition_default_minimum_object_size(rules.transition_default.clone())
        .lifecycle_configuration(configuration.build().expect("rules are set"))
        .send()
        .await;
    match written {
        Ok(_) => Ok(Ok(())),
        Err(error) => unsupported(failure_of("write the lifecycle of", store.bucket.as_str(), &error)).map(Err),
    }
}

/// A store without lifecycle rules is usable; one that cannot be reached is not.
fn unsupported(failure: Failure) -> Result<String, PrepError> {
    let not_implemented = matches!(failure.http_status, Some(501 | 405));
    if not_implemented || matches!(failure.kind, ErrorKind::Refused | ErrorKind::Denied) {
        return Ok(failure.message);
    }
    Err(failure.into())
}

fn rule(id: &str, prefix: &str, older_form: bool, abort: Option<u32>, expire: Option<u32>) -> LifecycleRule {
    let days = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
    let rule = LifecycleRule::builder().id(id).status(ExpirationStatus::Enabled);
    let rule = if older_form {
        #[expect(deprecated, reason = "only beside rules of the same form")]
        rule.prefix(prefix)
    } else {
        rule.filter(LifecycleRuleFilter::builder().prefix(prefix).build())
    };
    let abort = abort.map(|abort| AbortIncompleteMultipartUpload::builder().days_after_initiation(days(abort)).build());
    let expire = expire.map(|expire| LifecycleExpiration::builder().days(days(expire)).build());
    rule.set_abort_incomplete_multipart_upload(abort).set_expiration(expire).build().expect("a status is set")
}

fn is_ours(rule: &LifecycleRule) -> bool {
    matches!(rule.id(), Some(ABORT_ID | EXPIRE_ID))
}

/// Whether two rules do the same. Stores add and drop empty fields, so the fields themselves are not compared.
fn is_same(a: &LifecycleRule, b: &LifecycleRule) -> bool {
    let does = |rule: &LifecycleRule| {
        let prefix = rule.filter().and_then(LifecycleRuleFilter::prefix).or(older_prefix(rule)).unwrap_or_default();
        let expire = rule.expiration().and_then(LifecycleExpiration::days);
        let abort =
            rule.abort_incomplete_multipart_upload().and_then(AbortIncompleteMultipartUpload::days_after_initiation);
        (rule.id().map(str::to_owned), rule.status().clone(), prefix.to_owned(), expire, abort)
    };
    does(a) == does(b)
}

#[expect(deprecated, reason = "rules of others may have the older form")]
fn older_prefix(rule: &LifecycleRule) -> Option<&str> {
    rule.prefix()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_without_lifecycle_rules_is_usable_and_one_that_fails_is_not() {
        let failure = |kind, http_status| Failure { http_status, ..Failure::local(kind, "words") };
        assert_eq!(unsupported(failure(ErrorKind::Server, Some(501))).unwrap(), "words");
        assert_eq!(unsupported(failure(ErrorKind::Refused, Some(405))).unwrap(), "words");
        assert_eq!(unsupported(failure(ErrorKind::Denied, Some(403))).unwrap(), "words");
        assert!(unsupported(failure(ErrorKind::Server, Some(500))).is_err());
        assert!(unsupported(failure(ErrorKind::Connection, None)).is_err());
    }

    #[test]
    fn rules_are_compared_by_what_they_do() {
        let ours = rule(EXPIRE_ID, "upload/", false, None, Some(1));
        assert!(is_same(&ours, &rule(EXPIRE_ID, "upload/", true, None, Some(1))));
        for other in [
            rule(ABORT_ID, "upload/", false, None, Some(1)),
            rule(EXPIRE_ID, "uploads/", false, None, Some(1)),
            rule(EXPIRE_ID, "upload/", false, Some(1), Some(1)),
            rule(EXPIRE_ID, "upload/", false, None, Some(2)),
        ] {
            assert!(!is_same(&ours, &other), "{other:?}");
        }
    }
}
