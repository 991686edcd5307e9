//! On the embedded server objects are declared instead of uploaded: they exist at once, with the same bytes.

use embedded_s3::ChecksumAlgorithm;
use embedded_s3::admin::{AdminClient, AdminError, DeclareRequest, DeclaredObject};
use tokio_util::sync::CancellationToken;
use workload_schema::Checksum;

use super::{ObjectSurvey, Wanted};
use crate::prep::{BucketClient, Meter, PrepError, Tally, UntilCancelled};
use crate::store::Ready;

/// Objects per call: few enough that an interrupt is soon noticed.
const BATCH: usize = 10_000;

/// Declares the objects that `survey` found missing.
pub(crate) async fn declare(
    survey: &ObjectSurvey,
    store: &BucketClient,
    server: &Ready,
    stop: &CancellationToken,
) -> Result<(), PrepError> {
    let client = AdminClient::new(&server.endpoint, &server.admin_token).map_err(refused)?;
    let meter = Meter::new("objects", survey.to_upload().bytes);
    for batch in survey.upload.chunks(BATCH) {
        let objects = batch.iter().map(|wanted| declared(wanted, store)).collect();
        let request = DeclareRequest { ensure_bucket: None, objects };
        stop.unless(async { client.declare(&request).await.map_err(refused) }).await?;
        meter.add(Tally::of(batch.iter().map(|wanted| wanted.need.size)).bytes);
    }
    Ok(())
}

fn declared(wanted: &Wanted, store: &BucketClient) -> DeclaredObject {
    DeclaredObject {
        bucket: store.bucket.to_string(),
        key: wanted.key.to_string(),
        size: wanted.need.size,
        checksum: wanted.need.checksum.map(algorithm),
    }
}

fn algorithm(checksum: Checksum) -> ChecksumAlgorithm {
    match checksum {
        Checksum::Crc32 => ChecksumAlgorithm::Crc32,
        Checksum::Crc32c => ChecksumAlgorithm::Crc32c,
        Checksum::Sha1 => ChecksumAlgorithm::Sha1,
        Checksum::Sha256 => ChecksumAlgorithm::Sha256,
        Checksum::Crc64nvme => ChecksumAlgorithm::Crc64Nvme,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function of map_err")]
fn refused(error: AdminError) -> PrepError {
    PrepError::Declare(error.to_string())
}
