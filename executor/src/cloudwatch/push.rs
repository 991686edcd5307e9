//! Batches sent to CloudWatch.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::error::DisplayErrorContext;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit};
use aws_smithy_http_client::{Builder, tls};

use super::batch::{Batch, Sample};
use crate::settings::Settings;

/// The variable that names another endpoint. `AWS_ENDPOINT_URL` does not count: in front of wlx it names an S3 store.
pub const ENDPOINT_VARIABLE: &str = "AWS_ENDPOINT_URL_CLOUDWATCH";
/// Contract 7.
const NAMESPACE: &str = "S3Benchmarks";
/// What CloudWatch takes in one request is 1000; this is far below its limit in bytes as well.
const DATA_PER_REQUEST: usize = 500;
/// For one push with all its attempts. Nothing is lost that is not pushed.
const LIMIT: Duration = Duration::from_secs(30);

/// A push that failed.
#[derive(Debug, thiserror::Error)]
#[error("cannot push {data} metrics to CloudWatch: {reason}")]
pub struct PushError {
    /// Metrics that were not pushed.
    data: usize,
    /// The service's words, or the network's.
    reason: String,
}

/// Pushes to one account and region, found by the usual AWS chain.
#[derive(Debug)]
pub struct Pusher {
    client: Client,
}

impl Pusher {
    /// Asks nobody yet. `endpoint` replaces that of the region.
    pub async fn new(settings: &Settings, endpoint: Option<&str>) -> Self {
        let https = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
        let http_client = match endpoint {
            Some(url) if url.starts_with("http://") => Builder::new().build_http(),
            _ => Builder::new().tls_provider(https).build_https(),
        };
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http_client)
            .timeout_config(TimeoutConfig::builder().operation_timeout(LIMIT).build())
            .region(Region::new(settings.region.value.clone()));
        if let Some(profile) = &settings.profile.value {
            loader = loader.profile_name(profile);
        }
        let mut config = aws_sdk_cloudwatch::config::Builder::from(&loader.load().await);
        // Whatever else is configured is the endpoint of an S3 store.
        config.set_endpoint_url(endpoint.map(str::to_owned));
        Self { client: Client::from_conf(config.build()) }
    }

    /// Pushes two metrics for each sample.
    pub async fn push(&self, batch: &Batch) -> Result<(), PushError> {
        let data = data(batch);
        for (index, chunk) in data.chunks(DATA_PER_REQUEST).enumerate() {
            let request = self.client.put_metric_data().namespace(NAMESPACE).set_metric_data(Some(chunk.to_vec()));
            request.send().await.map_err(|error| PushError {
                data: data.len() - index * DATA_PER_REQUEST,
                reason: DisplayErrorContext(error).to_string(),
            })?;
        }
        Ok(())
    }
}

fn data(batch: &Batch) -> Vec<MetricDatum> {
    let dimensions: Vec<Dimension> =
        batch.dimensions.iter().map(|(name, value)| Dimension::builder().name(*name).value(value).build()).collect();
    let datum = |name: &str, unit: StandardUnit, value: f64, sample: &Sample| {
        MetricDatum::builder()
            .metric_name(name)
            .set_dimensions(Some(dimensions.clone()))
            .timestamp(DateTime::from(sample.at))
            .unit(unit)
            .value(value)
            .build()
    };
    let both = |sample: &Sample| {
        [
            datum("Throughput", StandardUnit::GigabitsSecond, sample.gbps, sample),
            datum("Duration", StandardUnit::Seconds, sample.seconds, sample),
        ]
    };
    batch.samples.iter().flat_map(both).collect()
}
