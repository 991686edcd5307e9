//! A client made of requests.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use workload_schema::Operation;
use workload_schema::event::Hello;

use super::Requests;
use super::download::download;
use super::shared::Shared;
use super::upload::upload;
use crate::endpoint::Counters;
use crate::native::{Client, ClientSettings, Job, Moved, TaskFuture};

/// A client whose objects are cut into parts and ranges by the rules of this module.
#[derive(Debug)]
pub struct TransferClient<R> {
    pub(in crate::native) shared: Arc<Shared<R>>,
    hello: Hello,
}

impl<R> TransferClient<R> {
    /// A client that sends `requests` with the part size and concurrency of `settings`, and says `hello`.
    pub fn of(requests: R, settings: &ClientSettings, hello: Hello) -> Self {
        Self { shared: Arc::new(Shared::new(requests, settings)), hello }
    }
}

impl<R: Requests> Client for TransferClient<R> {
    fn hello(&self) -> Hello {
        self.hello.clone()
    }

    fn counters(&self) -> Counters {
        self.shared.requests.counters()
    }

    fn run<'a>(&'a self, job: &'a Job, moved: &'a Arc<Moved>) -> TaskFuture<'a> {
        match job.operation {
            Operation::Upload => upload(&self.shared, job, moved).boxed(),
            Operation::Download => download(&self.shared, job, moved).boxed(),
        }
    }

    fn abort(&self) -> BoxFuture<'_, usize> {
        let abort = async |upload_id: String, key: String| self.shared.requests.abort_upload(&key, &upload_id).await;
        self.shared.open_uploads.abort_all(abort).boxed()
    }
}
