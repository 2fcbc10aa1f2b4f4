//! `/contexts`: what runs apart, and its stop and start.

use axum::Json;
use axum::extract::{Path, State};
use nosmoke_application::contract::{BreakerState, BreakerView, ContextName, ContextState, ContextView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Served;
use crate::answer::time;
use crate::open_api::Problems;
use crate::problem::{Problem, Refused};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StateWord {
    Running,
    CatchingUp,
    Failing,
    Stopped,
}

impl From<ContextState> for StateWord {
    fn from(state: ContextState) -> Self {
        match state {
            ContextState::Running => Self::Running,
            ContextState::CatchingUp => Self::CatchingUp,
            ContextState::Failing => Self::Failing,
            ContextState::Stopped => Self::Stopped,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BreakerWord {
    Closed,
    Open,
    HalfOpen,
}

/// Of a context's calls to point.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Breaker {
    state: BreakerWord,
    /// Failed calls in a row.
    failures: u32,
    /// When the next call is let through.
    #[schema(format = DateTime)]
    retry_at: Option<String>,
}

impl From<BreakerView> for Breaker {
    fn from(breaker: BreakerView) -> Self {
        Self {
            state: match breaker.state {
                BreakerState::Closed => BreakerWord::Closed,
                BreakerState::Open => BreakerWord::Open,
                BreakerState::HalfOpen => BreakerWord::HalfOpen,
            },
            failures: breaker.failures,
            retry_at: breaker.retry_at.map(time),
        }
    }
}

/// Counts are of this run of the program.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Context {
    /// `check_in` `point` `pay` `penalty` `mypage` `publisher` `consumer`.
    name: String,
    state: StateWord,
    #[schema(format = DateTime)]
    since: String,
    /// The last change that all of its tasks have passed; null for what follows no feed.
    checkpoint: Option<i64>,
    /// What it is behind.
    lag: u64,
    errors: u64,
    retries: u64,
    restarts: u64,
    /// Null for those that don't call point.
    breaker: Option<Breaker>,
}

impl From<ContextView> for Context {
    fn from(context: ContextView) -> Self {
        Self {
            name: word(context.name),
            state: context.state.into(),
            since: time(context.since),
            checkpoint: context.checkpoint,
            lag: context.lag,
            errors: context.errors,
            retries: context.retries,
            restarts: context.restarts,
            breaker: context.breaker.map(Into::into),
        }
    }
}

/// A word of the contract as routes and metrics have it.
pub(crate) fn word(value: impl Serialize) -> String {
    let word = serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned));
    word.unwrap_or_default()
}

fn named(text: &str) -> Result<ContextName, Problem> {
    serde_json::from_value(text.into()).map_err(|_| Refused::UnknownContext.into())
}

/// Every context as it stands.
#[utoipa::path(get, path = "/contexts", tag = "operation", responses((status = 200, body = Vec<Context>), Problems))]
pub(crate) async fn list(State(served): State<Served>) -> Result<Json<Vec<Context>>, Problem> {
    Ok(Json(served.terminal.contexts().await?.into_iter().map(Context::from).collect()))
}

/// Stops a context: its tasks end and its port closes; the others go on.
#[utoipa::path(post, path = "/contexts/{name}/stop", tag = "operation", params(("name" = String, Path)),
    responses((status = 200, body = Context), Problems))]
pub(crate) async fn stop(State(served): State<Served>, Path(name): Path<String>) -> Result<Json<Context>, Problem> {
    let name = named(&name)?;
    served.terminal.stop_context(served.queries.recorder().await?.role, name).await?;
    one(&served, name).await
}

/// Starts it again: it goes on from its checkpoint.
#[utoipa::path(post, path = "/contexts/{name}/start", tag = "operation", params(("name" = String, Path)),
    responses((status = 200, body = Context), Problems))]
pub(crate) async fn start(State(served): State<Served>, Path(name): Path<String>) -> Result<Json<Context>, Problem> {
    let name = named(&name)?;
    served.terminal.start_context(served.queries.recorder().await?.role, name).await?;
    one(&served, name).await
}

async fn one(served: &Served, name: ContextName) -> Result<Json<Context>, Problem> {
    let context = served.terminal.contexts().await?.into_iter().find(|context| context.name == name);
    context.map(|context| Json(context.into())).ok_or_else(|| Refused::UnknownContext.into())
}
