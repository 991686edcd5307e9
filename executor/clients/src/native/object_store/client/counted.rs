//! Counts the requests that the crate really sends: it retries above this, so each attempt comes by here.

use async_trait::async_trait;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService, ReqwestConnector,
};

use crate::endpoint::RequestCounter;

/// Makes the crate's own HTTP client, and counts in front of it.
#[derive(Debug)]
pub struct CountedConnector(pub RequestCounter);

impl HttpConnector for CountedConnector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = ReqwestConnector::default().connect(options)?;
        Ok(HttpClient::new(Counted { client, counter: self.0.clone() }))
    }
}

#[derive(Debug)]
struct Counted {
    client: HttpClient,
    counter: RequestCounter,
}

#[async_trait]
impl HttpService for Counted {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.counter.add_attempt();
        self.client.execute(request).await
    }
}
