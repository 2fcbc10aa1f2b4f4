//! The gateway of the program that has a folder open.

use std::path::Path;
use std::time::Duration;

use nosmoke_composition::{gateway_address, gateway_token};
use nosmoke_ports::contract::AppError;
use reqwest::{Method, Response};
use serde_json::Value;

use crate::error::Failed;

/// How long a gateway may take to show that it is there.
const HERE: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Client {
    /// The gateway of the folder, where one answers.
    pub async fn find(folder: &Path) -> Result<Option<Self>, Failed> {
        let (Some(address), Some(token)) = (gateway_address(folder)?, gateway_token(folder)?) else { return Ok(None) };
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().map_err(failed)?;
        let client = Self { http, base: format!("http://{address}"), token };
        // After a crash another program may listen there: it doesn't know the token.
        let here = client.http.get(format!("{}/openapi.json", client.base)).bearer_auth(&client.token).timeout(HERE);
        let here = here.send().await.is_ok_and(|response| response.status().is_success());
        Ok(here.then_some(client))
    }

    /// Sends a request; a problem comes back as its JSON.
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
    serde_json::from_slice(&bytes).map_err(|error| Failed::Other(format!("the gateway answered no JSON: {error}")))
}

fn failed(error: reqwest::Error) -> Failed {
    Failed::Other(format!("the gateway isn't reached: {}", error.without_url()))
}

/// What the gateway refused, as an error of this program.
pub fn refused(problem: &Value) -> Failed {
    match serde_json::from_value(problem["code"].clone()) {
        Ok(code) => Failed::App(AppError::with(code, problem.clone())),
        Err(_) => Failed::Other(problem.to_string()),
    }
}
