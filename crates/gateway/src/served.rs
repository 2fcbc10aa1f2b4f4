//! The state that all requests share: the terminal, the token, the limits and the metrics.

use std::net::SocketAddr;
use std::sync::Arc;

use nosmoke_application::commands::CommandBus;
use nosmoke_application::jobs::{ImportBatch, Progress, import_batch, import_of, take_back_import};
use nosmoke_application::permission::{Act, Authority, Caller};
use nosmoke_application::queries::Queries;
use nosmoke_application::terminal::Terminal;
use nosmoke_ports::contract::{AppError, Command, ErrorCode, ImportView, JobKind, Outcome, Request};
use nosmoke_ports::traces::Traces;
use nosmoke_runtime::measures::Node;
use opentelemetry::context::FutureExt as _;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::answer::Answered;
use crate::health::KeptHealth;
use crate::idempotency_key::IdempotencyKey;
use crate::limits::{LimitState, Limits};
use crate::metrics::Metrics;
use crate::problem::Problem;

/// What a handler may use once its act was permitted.
#[derive(Debug)]
pub(crate) struct Permitted<'a> {
    pub(crate) queries: &'a Queries,
    pub(crate) terminal: &'a Arc<Terminal>,
}

/// The state that all requests share; cheap to clone.
#[derive(Debug, Clone)]
pub struct Served {
    terminal: Arc<Terminal>,
    commands: CommandBus,
    queries: Queries,
    pub(crate) token: Arc<str>,
    pub(crate) limits: Arc<LimitState>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) health: KeptHealth,
    /// Where the gateway listens; `None` before it does.
    pub(crate) address: Option<SocketAddr>,
}

impl Served {
    /// Creates the state; a request with `token` may do everything.
    pub fn new(terminal: Arc<Terminal>, token: &str, limits: Limits) -> Self {
        Self {
            commands: terminal.commands.called_by(Node::Rest),
            queries: terminal.queries.called_by(Node::Rest),
            terminal,
            token: token.into(),
            limits: Arc::new(LimitState::new(limits)),
            metrics: Arc::default(),
            health: KeptHealth::default(),
            address: None,
        }
    }

    pub(crate) fn at(self, address: SocketAddr) -> Self {
        Self { address: Some(address), ..self }
    }

    pub(crate) fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    /// Checks that the token permits an act, and returns the terminal for it. Routes have no other access to the
    /// terminal, so none can forget the check. For a command, the command bus checks the act.
    ///
    /// # Errors
    /// `not_authorised`.
    pub(crate) fn may(&self, act: Act) -> Result<Permitted<'_>, Problem> {
        authority(act)?;
        Ok(Permitted { queries: &self.queries, terminal: &self.terminal })
    }

    pub(crate) fn traces(&self) -> Traces {
        self.terminal.core.traces.clone()
    }

    /// Runs a command in the name of the request's token.
    ///
    /// # Errors
    /// An error of the application; nothing is recorded then.
    pub(crate) async fn record(&self, key: IdempotencyKey, command: impl Into<Command>) -> Result<Outcome, Problem> {
        let (commands, caller, command) = (self.commands.clone(), Caller::OWNER, command.into());
        let idempotency_key = key.0.unwrap_or_else(|| Uuid::new_v4().to_string());
        to_its_end(async move { commands.run(caller, Request { idempotency_key, command }).await }).await
    }

    /// Records a batch of an import in the name of the request's token.
    ///
    /// # Errors
    /// `not_authorised`, or an error of the application; nothing of the batch is recorded then.
    pub(crate) async fn import(
        &self,
        key: IdempotencyKey,
        request: serde_json::Value,
        act: Act,
        batch: ImportBatch,
    ) -> Result<Answered, Problem> {
        let (authority, commands) = (authority(act)?, self.commands.clone());
        let record = async move { import_batch(&commands, authority, batch).await };
        self.once(key, request, record).await
    }

    /// Takes an import back, in the name of the request's token. One that was taken back already is returned as it is.
    ///
    /// # Errors
    /// `not_authorised`, `unknown_import`, `import_used`, or an error of the store.
    pub(crate) async fn take_back_import(&self, act: Act, import_id: Uuid) -> Result<ImportView, Problem> {
        let authority = authority(act)?;
        let (terminal, commands) = (self.terminal.clone(), self.commands.clone());
        to_its_end(async move {
            let journal = &*terminal.core.journal;
            let import = import_of(journal, import_id).await?;
            if import.taken_back_at.is_none() {
                let progress = Arc::new(Progress::unfollowed(JobKind::TakeBackImport, &terminal.core.clock));
                take_back_import(commands, authority, import_id, progress).await?;
            }
            import_of(journal, import_id).await
        })
        .await
    }

    /// Runs an action that isn't a command, at most once per idempotency key. Without a key nothing is stored.
    ///
    /// # Errors
    /// An error of the application.
    pub(crate) async fn once<T: Serialize>(
        &self,
        key: IdempotencyKey,
        request: impl Serialize + Send + Sync + 'static,
        act: impl Future<Output = Result<T, AppError>> + Send + 'static,
    ) -> Result<Answered, Problem> {
        let (commands, caller) = (self.commands.clone(), Caller::OWNER);
        let act = async move { serde_json::to_string(&act.await?).map_err(|error| fault(&error)) };
        let done = async move {
            match key.0 {
                Some(key) => commands.once(caller, key, &request, act).await,
                None => act.await,
            }
        };
        to_its_end(done).await.map(Answered)
    }
}

/// Checks that the token permits an act, and returns its authority. Whoever has the token acts as the owner of this
/// computer.
fn authority(act: Act) -> Result<Authority, AppError> {
    Authority::OWNER.expect(act)?;
    Ok(Authority::OWNER)
}

/// Runs work in another task, so that it completes even if the caller disconnects: after a commit, workers must still
/// be notified.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, AppError>> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::spawn(work.with_current_context()).await;
    Ok(done.map_err(|error| fault(&error))??)
}

fn fault(error: &impl std::fmt::Display) -> AppError {
    AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() }))
}
