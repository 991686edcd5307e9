//! Watches which multipart uploads the manager opens and ends: it tells nobody, and a stopped task leaves its upload
//! open at the store.

use std::sync::Arc;

use aws_sdk_s3::config::Intercept;
use aws_sdk_s3::config::interceptors::FinalizerInterceptorContextRef;
use aws_sdk_s3::operation::create_multipart_upload::CreateMultipartUploadOutput;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::native::open_uploads::OpenUploads;

/// Keeps the open uploads up to date.
#[derive(Debug)]
pub struct OpenWatch(pub Arc<OpenUploads>);

#[dyn_dispatch_hint]
impl Intercept for OpenWatch {
    fn name(&self) -> &'static str {
        "OpenWatch"
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(Ok(output)) = context.output_or_error() else { return Ok(()) };
        if let Some(created) = output.downcast_ref::<CreateMultipartUploadOutput>() {
            if let (Some(upload_id), Some(key)) = (created.upload_id(), created.key()) {
                self.0.add(upload_id, key);
            }
        } else if let Some(upload_id) = context.request().and_then(|request| ended(request.method(), request.uri())) {
            self.0.remove(&upload_id);
        }
        Ok(())
    }
}

/// The upload that a request to complete or abort one ends.
fn ended(method: &str, uri: &str) -> Option<String> {
    let (_, query) = uri.split_once('?')?;
    let upload_id = query.split('&').find_map(|field| field.strip_prefix("uploadId="))?;
    let ends = matches!(method, "POST" | "DELETE");
    ends.then(|| percent_encoding::percent_decode_str(upload_id).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_an_upload_ends_it() {
        let uri = "http://127.0.0.1:1/bench/key?x-id=CompleteMultipartUpload&uploadId=a%2Fb";
        assert_eq!(ended("POST", uri).as_deref(), Some("a/b"));
        assert_eq!(ended("DELETE", uri).as_deref(), Some("a/b"));
        assert_eq!(ended("PUT", uri), None);
        assert_eq!(ended("POST", "http://127.0.0.1:1/bench/key?uploads"), None);
    }
}
