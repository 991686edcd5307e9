//! From the manager's errors to [`Failure`]: most of them wrap one of the SDK.

use std::error::Error as _;

use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::complete_multipart_upload::CompleteMultipartUploadError;
use aws_sdk_s3::operation::create_multipart_upload::CreateMultipartUploadError;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_sdk_s3::operation::upload_part::UploadPartError;
use aws_sdk_s3_transfer_manager::error::{Error, ErrorKind as ManagerKind};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use workload_schema::ErrorKind;

use crate::endpoint::{Failure, error_chain, failure_of};
use crate::native::{DataPlace, Job};

/// What `error` of `doing` (an upload or a download) the object of `job` comes to.
pub fn of(doing: &str, job: &Job, error: &Error) -> Failure {
    if let Some(failure) = of_request(job, error) {
        return failure;
    }
    let kind = match error.kind() {
        ManagerKind::IntegrityError(_) => ErrorKind::Integrity,
        // With a chunk it is its body that broke off, else the file.
        ManagerKind::IOError if error.chunk().is_none() && job.place != DataPlace::Memory => ErrorKind::Disk,
        ManagerKind::IOError | ManagerKind::ServiceError => ErrorKind::Connection,
        _ => ErrorKind::Other,
    };
    Failure::local(kind, format!("{doing} {}: {}", job.key, error_chain(error)))
}

/// The failure of a single request, if that is what `error` tells of.
fn of_request(job: &Job, error: &Error) -> Option<Failure> {
    let (operation, source, key) = (error.operation_name()?, error.source()?, job.key.as_str());
    macro_rules! request {
        ($($of:ty),*) => {
            $(if let Some(error) = source.downcast_ref::<SdkError<$of, HttpResponse>>() {
                return Some(failure_of(operation, key, error));
            })*
        };
    }
    request!(
        GetObjectError,
        HeadObjectError,
        PutObjectError,
        CreateMultipartUploadError,
        UploadPartError,
        CompleteMultipartUploadError
    );
    None
}
