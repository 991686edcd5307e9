//! Makes the bucket, marks it as ours and adds the lifecycle rules.

use aws_sdk_s3::operation::create_bucket::CreateBucketError;
use aws_sdk_s3::types::{
    BucketInfo, BucketLocationConstraint, BucketType, CreateBucketConfiguration, DataRedundancy, LocationInfo,
    LocationType,
};

use super::{BucketSurvey, lifecycle, marker};
use crate::prep::{BucketClient, PrepError};
use s3_clients::endpoint::failure_of;

/// The region that a request to make a bucket must not name.
const DEFAULT_REGION: &str = "us-east-1";

/// Makes what `survey` found missing.
pub async fn apply(survey: &BucketSurvey, store: &BucketClient) -> Result<(), PrepError> {
    if survey.creates() {
        create(store).await?;
    }
    if let Some(origin) = survey.marks() {
        marker::write(store, origin).await?;
    }
    lifecycle::apply(store, &survey.rules).await
}

async fn create(store: &BucketClient) -> Result<(), PrepError> {
    let request = store.s3.create_bucket().bucket(store.bucket.as_str());
    let created = request.set_create_bucket_configuration(configuration(store)).send().await;
    match created {
        Err(error) if error.as_service_error().is_some_and(CreateBucketError::is_bucket_already_owned_by_you) => Ok(()),
        Err(error) => Err(failure_of("make bucket", store.bucket.as_str(), &error).into()),
        Ok(_) => Ok(()),
    }
}

fn configuration(store: &BucketClient) -> Option<CreateBucketConfiguration> {
    let configuration = CreateBucketConfiguration::builder();
    if let Some(zone) = store.bucket.availability_zone() {
        let location = LocationInfo::builder().r#type(LocationType::AvailabilityZone).name(zone).build();
        let bucket = BucketInfo::builder()
            .r#type(BucketType::Directory)
            .data_redundancy(DataRedundancy::SingleAvailabilityZone)
            .build();
        return Some(configuration.location(location).bucket(bucket).build());
    }
    if store.region == DEFAULT_REGION {
        return None;
    }
    let constraint = BucketLocationConstraint::from(store.region.as_str());
    Some(configuration.location_constraint(constraint).build())
}

#[cfg(test)]
mod tests {
    use workload_schema::{BucketName, Gbps};

    use super::*;
    use s3_clients::endpoint::Connection;

    async fn made_in(region: &str, bucket: &str) -> Option<CreateBucketConfiguration> {
        let connection = Connection {
            endpoint_url: Some("http://127.0.0.1:1".to_owned()),
            region: region.to_owned(),
            profile: None,
            credentials: None,
        };
        let bucket = BucketName::new(bucket).unwrap();
        configuration(&BucketClient::at(&connection, bucket, Gbps::new(1.0).unwrap(), None).await)
    }

    #[tokio::test]
    async fn a_bucket_is_told_its_place_as_s3_wants_it() {
        assert_eq!(made_in("us-east-1", "bench").await, None, "refused by S3 if it is said");
        let elsewhere = made_in("eu-west-1", "bench").await.unwrap();
        assert_eq!(elsewhere.location_constraint(), Some(&BucketLocationConstraint::EuWest1));
        let express = made_in("us-west-2", "bench--usw2-az1--x-s3").await.unwrap();
        assert_eq!(express.location_constraint(), None);
        let location = express.location().unwrap();
        assert_eq!((location.r#type(), location.name()), (Some(&LocationType::AvailabilityZone), Some("usw2-az1")));
        assert_eq!(express.bucket().unwrap().data_redundancy(), Some(&DataRedundancy::SingleAvailabilityZone));
    }
}
