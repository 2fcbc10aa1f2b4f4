//! The state that all requests share: the terminal, the tokens, the limits and the metrics.

use std::net::SocketAddr;
use std::sync::Arc;

use nosmoke_application::commands::CommandBus;
use nosmoke_application::queries::Queries;
use nosmoke_application::terminal::Terminal;
use nosmoke_application::tokens::Tokens;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::traces::Traces;
use nosmoke_runtime::measures::Node;
use opentelemetry::context::FutureExt as _;
use serde_json::json;

use crate::health::KeptHealth;
use crate::limits::{LimitState, Limits};
use crate::metrics::Metrics;
use crate::problem::Problem;

/// The state that all requests share; cheap to clone. A handler reaches the terminal through `Asked`, in the name of the
/// request's token.
#[derive(Debug, Clone)]
pub struct Served {
    terminal: Arc<Terminal>,
    pub(crate) commands: CommandBus,
    pub(crate) queries: Queries,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) limits: Arc<LimitState>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) health: KeptHealth,
    /// Where the gateway listens; `None` before it does.
    pub(crate) address: Option<SocketAddr>,
}

impl Served {
    /// Creates the state; a request with one of `tokens` may do what that token permits.
    pub fn new(terminal: Arc<Terminal>, tokens: Arc<Tokens>, limits: Limits) -> Self {
        Self {
            commands: terminal.commands.called_by(Node::Rest),
            queries: terminal.queries.called_by(Node::Rest),
            terminal,
            tokens,
            limits: Arc::new(LimitState::new(limits)),
            metrics: Arc::default(),
            health: KeptHealth::default(),
            address: None,
        }
    }

    pub(crate) fn at(self, address: SocketAddr) -> Self {
        Self { address: Some(address), ..self }
    }

    pub(crate) fn terminal(&self) -> &Arc<Terminal> {
        &self.terminal
    }

    pub(crate) fn traces(&self) -> Traces {
        self.terminal.core.traces.clone()
    }
}

/// Runs work in another task, so that it completes even if the caller disconnects: after a commit, workers must still
/// be notified.
pub(crate) async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, AppError>> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::spawn(work.with_current_context()).await;
    Ok(done.map_err(|error| fault(&error))??)
}

pub(crate) fn fault(error: &impl std::fmt::Display) -> AppError {
    AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() }))
}
