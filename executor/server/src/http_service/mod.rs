//! The HTTP service on each connection. It answers the admin calls, records S3 requests and applies faults to them
//! when asked to, and passes every other request straight on to the S3 API.

mod admin_calls;
mod connection;
mod fault_answers;
mod lent_body;
mod open_record;
mod pace;
mod request_body;
mod response_body;
mod serve;
mod service;
mod target;

pub(crate) use admin_calls::AdminCalls;
pub(crate) use serve::serve_connection;
pub(crate) use service::HttpService;
