//! The way of one request: an admin call, or an S3 request that is passed straight on or observed on its way.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use http::{HeaderMap, HeaderValue, Method, Request, Response, header};
use hyper::body::Incoming;
use s3s::{Body, HttpError, service::S3Service};

use super::{
    admin_calls::AdminCalls,
    connection::Connection,
    fault_answers::{falsify_checksum, refusal},
    lent_body,
    open_record::OpenRecord,
    request_body::ObservedRequestBody,
    response_body::{Finish, ObservedResponseBody},
    target::Target,
};
use crate::{
    admin,
    faults::{Faults, Plan},
    recorder::Recorder,
    s3::Plain,
};

/// Everything that the connections of a server share.
pub(crate) struct HttpService {
    plain: Plain,
    s3: S3Service,
    admin: AdminCalls,
    recorder: Arc<Recorder>,
    faults: Arc<Faults>,
    /// The `x-amz-request-id` of the next answer.
    next_request_id: AtomicU64,
}

impl HttpService {
    /// S3 requests that `plain` does not answer go to `s3`.
    pub(crate) fn new(admin: AdminCalls, plain: Plain, s3: S3Service) -> Self {
        let (recorder, faults) = (Arc::clone(&admin.recorder), Arc::clone(&admin.faults));
        Self { plain, s3, admin, recorder, faults, next_request_id: AtomicU64::new(1) }
    }

    /// Answers one request. An error ends the connection without an answer.
    pub(super) async fn handle(
        &self,
        connection: &Arc<Connection>,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, HttpError> {
        if request.uri().path().starts_with(admin::PREFIX) {
            return Ok(self.admin.answer(request).await);
        }
        let (head, body) = request.into_parts();
        let (body, rest) = lent_body::lend(&head.headers, body);
        let request = Request::from_parts(head, body);
        let mut response = if self.recorder.is_on() || self.faults.is_on() {
            self.observe(connection, request).await?
        } else {
            self.answer(request).await?
        };
        if !rest.drain().await {
            // The connection closes after this answer. The header keeps the client from sending its next request on it.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        self.add_request_id(response.headers_mut());
        Ok(response)
    }

    /// Answers an S3 request.
    async fn answer(&self, request: Request<Body>) -> Result<Response<Body>, HttpError> {
        match self.plain.answer(request).await {
            Ok(response) => Ok(response),
            Err(request) => self.s3.call(request).await,
        }
    }

    /// Answers an S3 request, records it if the recorder is on, and applies the fault rules that match it.
    async fn observe(&self, connection: &Arc<Connection>, request: Request<Body>) -> Result<Response<Body>, HttpError> {
        let began = Instant::now();
        let (head, body) = request.into_parts();
        let target = Target::of(&head);
        let plan = self.faults.plan(target.operation, target.key.as_deref());
        let received = Arc::new(AtomicU64::new(0));
        let mut record = self
            .recorder
            .is_on()
            .then(|| OpenRecord::begin(&self.recorder, &head, target, &plan, connection.id, &received));
        if !plan.latency.is_zero() {
            tokio::time::sleep(plan.latency).await;
        }
        if plan.reset_at_once {
            connection.reset();
            if let Some(record) = record {
                record.finish(0, false);
            }
            return Err(HttpError::new("reset by a fault rule".into()));
        }
        let is_head = head.method == Method::HEAD;
        let body = Body::http_body_unsync(ObservedRequestBody::new(body, received, &plan.body));
        let response = self.answer_or_refuse(Request::from_parts(head, body), &plan).await?;
        if let Some(record) = &mut record {
            record.set_status(response.status());
        }
        let finish: Finish = Box::new(move |sent, ended| {
            if let Some(record) = record {
                record.finish(sent, ended || is_head);
            }
        });
        let connection = Arc::clone(connection);
        Ok(response
            .map(|body| Body::http_body_unsync(ObservedResponseBody::new(body, plan.body, connection, began, finish))))
    }

    /// Answers the request, unless `plan` refuses it. The faults of the response's body are applied later.
    async fn answer_or_refuse(&self, request: Request<Body>, plan: &Plan) -> Result<Response<Body>, HttpError> {
        let mut response = match plan.refusal {
            Some(refused) => refusal(refused).to_http_response().map_err(|error| HttpError::new(Box::new(error)))?,
            None => self.answer(request).await?,
        };
        if plan.wrong_checksum {
            falsify_checksum(response.headers_mut());
        }
        Ok(response)
    }

    /// Adds `x-amz-request-id`, which clients quote in their error messages.
    fn add_request_id(&self, headers: &mut HeaderMap) {
        let number = self.next_request_id.fetch_add(1, Ordering::Relaxed);
        if let Ok(value) = HeaderValue::try_from(format!("{number:016X}")) {
            headers.insert("x-amz-request-id", value);
        }
    }
}
