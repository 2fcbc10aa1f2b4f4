//! The inbound REST adapter: one entry to every context (S6), on loopback only, for kiosks, turnstiles, scripts and a hub.
//! A request becomes a command or a query of the application, which alone decides; what it answers is shaped here.

mod answer;
mod auth;
mod body;
mod limits;
mod metrics;
mod open_api;
mod problem;
mod routes;
mod server;
mod traces;

use std::sync::Arc;

use nosmoke_application::commands::Gateway;
use nosmoke_application::queries::Queries;
use nosmoke_application::terminal::Terminal;
use nosmoke_ports::contract::{AppError, Command, ErrorCode, Outcome, Request};
use nosmoke_runtime::measures::Node;
use opentelemetry::context::FutureExt as _;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

pub use limits::Limits;
pub use open_api::{document, router};
pub use server::{Bind, Running, bind, serve};

use answer::{Answered, IdempotencyKey};
use metrics::Metrics;
use problem::Problem;

/// What every request has at hand; cheap to clone.
#[derive(Debug, Clone)]
pub struct Served {
    terminal: Arc<Terminal>,
    gateway: Gateway,
    queries: Queries,
    token: Arc<str>,
    limits: Arc<limits::Open>,
    metrics: Arc<Metrics>,
}

impl Served {
    /// `token` lets whoever has it do everything.
    pub fn new(terminal: Arc<Terminal>, token: &str, limits: Limits) -> Self {
        Self {
            gateway: terminal.gateway.called_by(Node::Rest),
            queries: terminal.queries.called_by(Node::Rest),
            terminal,
            token: token.into(),
            limits: Arc::new(limits::Open::new(limits)),
            metrics: Arc::default(),
        }
    }

    /// Records a command as whoever works at this terminal.
    ///
    /// # Errors
    /// The application's; nothing is recorded then.
    async fn record(&self, key: IdempotencyKey, command: Command) -> Result<Outcome, Problem> {
        let (queries, gateway) = (self.queries.clone(), self.gateway.clone());
        let idempotency_key = key.0.unwrap_or_else(|| Uuid::new_v4().to_string());
        to_its_end(async move {
            let recorder = queries.recorder().await?;
            gateway.run(recorder, Request { idempotency_key, command }).await
        })
        .await
    }

    /// Does what isn't a command: once for a key, where the caller gives one. Without a key it needs no disk.
    ///
    /// # Errors
    /// The application's.
    async fn once<T: Serialize>(
        &self,
        key: IdempotencyKey,
        request: impl Serialize + Send + Sync + 'static,
        act: impl Future<Output = Result<T, AppError>> + Send + 'static,
    ) -> Result<Answered, Problem> {
        let gateway = self.gateway.clone();
        let act = async move { serde_json::to_string(&act.await?).map_err(|error| fault(&error)) };
        let done = async move {
            match key.0 {
                Some(key) => gateway.once(key, &request, act).await,
                None => act.await,
            }
        };
        to_its_end(done).await.map(Answered)
    }
}

/// In a task of its own: a caller that goes away must not keep the workers from hearing of what is committed.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, AppError>> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::spawn(work.with_current_context()).await;
    Ok(done.map_err(|error| fault(&error))??)
}

fn fault(error: &impl std::fmt::Display) -> AppError {
    AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() }))
}

/// An answer that no command of a route can give.
fn unexpected() -> Problem {
    fault(&"another outcome").into()
}
