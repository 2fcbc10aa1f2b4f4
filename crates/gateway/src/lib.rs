//! The inbound REST adapter: one entry to every context (S6), on loopback only, for kiosks, turnstiles, scripts and a hub.
//! A request becomes a command or a query of the application, which alone decides; what it answers is shaped here.

mod answer;
mod auth;
mod body;
mod check_ins;
mod contexts;
mod customers;
mod deducts;
mod earns;
mod limits;
mod metrics;
mod mypages;
mod open_api;
mod operations;
mod pays;
mod penalties;
mod problem;
mod prohibits;
mod server;
mod status;
mod traces;

use std::sync::Arc;

use nosmoke_application::commands::Gateway;
use nosmoke_application::contract::{AppError, Command, ErrorCode, Outcome, Request};
use nosmoke_application::measures::Node;
use nosmoke_application::queries::Queries;
use nosmoke_application::terminal::Terminal;
use opentelemetry::context::FutureExt as _;
use serde_json::json;

pub use limits::Limits;
pub use open_api::{document, router};
pub use server::{Bind, Running, bind, serve};

use answer::IdempotencyKey;
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
        // A task of its own: a caller that goes away must not keep the workers from hearing of what is committed.
        let recording = async move {
            let recorder = queries.recorder().await?;
            gateway.run(recorder, Request { idempotency_key: key.0, command }).await
        };
        let recorded = tokio::spawn(recording.with_current_context());
        let failed =
            |error: tokio::task::JoinError| AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() }));
        Ok(recorded.await.map_err(failed)??)
    }
}

/// An answer that no command of a route can give.
fn unexpected() -> Problem {
    AppError::with(ErrorCode::Internal, json!({ "detail": "another outcome" })).into()
}
