//! A client for the gateway of a running program, which has a data folder open.

use std::path::Path;
use std::time::Duration;

use nosmoke_composition::{gateway_address, gateway_token};
use nosmoke_ports::contract::AppError;
use reqwest::{Method, Response};
use serde_json::Value;

use crate::error::Failed;

/// How long to wait for the gateway's first response; after that the gateway counts as not running.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Client {
    /// Finds the gateway of the program that has a folder open; `None` if none answers.
    pub async fn find(folder: &Path) -> Result<Option<Self>, Failed> {
        let (Some(address), Some(token)) = (gateway_address(folder)?, gateway_token(folder)?) else { return Ok(None) };
        let http = reqwest::Client::builder().no_proxy().timeout(REQUEST_TIMEOUT).build().map_err(failed)?;
        let client = Self { http, base: format!("http://{address}"), token };
        // After a crash another program may listen on the saved port; it wouldn't accept the token.
        let here =
            client.http.get(format!("{}/openapi.json", client.base)).bearer_auth(&client.token).timeout(PROBE_TIMEOUT);
        let here = here.send().await.is_ok_and(|response| response.status().is_success());
        Ok(here.then_some(client))
    }

    /// Sends a request. The inner error is a problem that the gateway returned, as JSON.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Result<Value, Value>, Failed> {
        let request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let response = request.send().await.map_err(failed)?;
        let good = response.status().is_success();
        let answer = json(response).await?;
        Ok(if good { Ok(answer) } else { Err(answer) })
    }
}

async fn json(response: Response) -> Result<Value, Failed> {
    let bytes = response.bytes().await.map_err(failed)?;
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&bytes).map_err(|error| Failed::Other(format!("the gateway's answer isn't JSON: {error}")))
}

fn failed(error: reqwest::Error) -> Failed {
    Failed::Other(format!("can't reach the gateway: {}", error.without_url()))
}

/// Converts a problem that the gateway returned to an error of this program.
pub fn refused(problem: &Value) -> Failed {
    match serde_json::from_value(problem["code"].clone()) {
        Ok(code) => Failed::App(AppError::with(code, problem.clone())),
        Err(_) => Failed::Other(problem.to_string()),
    }
}
