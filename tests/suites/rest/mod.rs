//! The gateway over real HTTP, on a terminal whose clock, disk and contexts the tests control.

mod check_ins;
mod keys;
mod penalties;
mod refusals;
mod strangers;
mod tokens;

use std::sync::Arc;

use nosmoke_application::terminal::Terminal;
use nosmoke_application::tokens::Tokens;
use nosmoke_gateway::{Limits, RunningGateway, Served, bind, serve};
use nosmoke_tests::doubles::MemoryTokens;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

const TOKEN: &str = "a token of this test";

/// A running gateway of a terminal, and an HTTP client for it.
pub(crate) struct Rest {
    http: reqwest::Client,
    base: String,
    running: RunningGateway,
    tokens: Arc<Tokens>,
}

impl Rest {
    pub(crate) async fn serve(terminal: &Terminal) -> Self {
        Self::serve_within(terminal, Limits::default()).await
    }

    pub(crate) async fn serve_within(terminal: &Terminal, limits: Limits) -> Self {
        let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let tokens = MemoryTokens::owned(terminal, TOKEN);
        let served = Served::new(Arc::new(terminal.clone()), tokens.clone(), limits);
        let running = serve(listener, served).unwrap();
        Self { http: reqwest::Client::new(), base: format!("http://{}", running.address), running, tokens }
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await;
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).bearer_auth(TOKEN)
    }

    pub(crate) async fn metrics(&self) -> String {
        self.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        answer(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        answer(self.request(Method::POST, path).json(&body)).await
    }

    async fn post_with_key(&self, key: &str, path: &str, body: Value) -> (u16, Value) {
        answer(self.request(Method::POST, path).header("Idempotency-Key", key).json(&body)).await
    }
}

/// Sends a request. Returns the status, and the body as JSON, or null if the body is empty.
async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let (status, bytes) = (response.status().as_u16(), response.bytes().await.unwrap());
    (status, if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() })
}
