//! `/contexts`: the context units, with stop and start.

use axum::Json;
use axum::extract::Path;
use nosmoke_application::permission::Act;
use nosmoke_application::terminal::Terminal;
use nosmoke_ports::Access;
use nosmoke_ports::contract::{AccessAct, AppError, BreakerState, BreakerView, ContextName, ContextState, ContextView};
use nosmoke_runtime::measures::Node;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::{Answered, time};
use crate::asked::Asked;
use crate::idempotency_key::{IdempotencyKey, WithKey};
use crate::problem::{Problem, Problems, Refused};
use crate::request::{Body, EmptyBody};
use crate::words::word;

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

/// The circuit breaker of a context's calls to point.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Breaker {
    state: BreakerWord,
    /// Consecutive failed calls.
    failures: u32,
    /// When the next call is let through; null unless the breaker is open.
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

/// When, how and by whom a context was stopped.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoppedBy {
    #[schema(format = DateTime)]
    at: String,
    /// `screen`, or `rest` for this API.
    via: String,
    /// Name of the member of staff, mostly masked; null if it was stopped by this API.
    staff_name: Option<String>,
    reason: Option<String>,
}

/// Visits that are checked out and whose points aren't earned yet.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VisitsWaiting {
    /// Counted up to 1,000.
    count: u64,
    /// Whether there are more than were counted.
    more: bool,
    #[schema(format = DateTime)]
    oldest_at: String,
}

/// Optional body of a stop.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stop {
    /// The reason, shown on the services screen; must not contain personal data.
    #[schema(max_length = 80)]
    reason: Option<String>,
}

/// A context unit. Its counters start at 0 with the program.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Context {
    /// `check_in` `point` `pay` `penalty` `mypage` `publisher` `consumer`.
    name: String,
    state: StateWord,
    #[schema(format = DateTime)]
    since: String,
    /// Null unless it is stopped.
    stopped_by: Option<StoppedBy>,
    /// The last change that all of its tasks have processed; null if it doesn't follow the change feed.
    checkpoint: Option<i64>,
    /// Number of changes it hasn't processed; for the publisher facts not yet read back, for the consumer messages not
    /// yet read.
    lag: u64,
    /// When the oldest of these was recorded here; null if there is none, or it is unknown.
    #[schema(format = DateTime)]
    oldest_waiting_at: Option<String>,
    /// Only of context point; null if there are none.
    visits_waiting: Option<VisitsWaiting>,
    /// Failed steps.
    errors: u64,
    /// Retries after an error.
    retries: u64,
    /// After an error: number of the next or present attempt.
    attempt: Option<u32>,
    /// When the next attempt begins; null while one is running.
    #[schema(format = DateTime)]
    next_attempt_at: Option<String>,
    /// Tasks restarted after a panic.
    restarts: u64,
    /// Null if it doesn't call point.
    breaker: Option<Breaker>,
}

impl From<ContextView> for Context {
    fn from(context: ContextView) -> Self {
        Self {
            name: word(context.name),
            state: context.state.into(),
            since: time(context.since),
            stopped_by: context.stopped_by.map(|by| StoppedBy {
                at: time(by.at),
                via: word(by.via),
                staff_name: by.staff_name,
                reason: by.reason,
            }),
            checkpoint: context.checkpoint,
            lag: context.lag,
            oldest_waiting_at: context.oldest_waiting_at.map(time),
            visits_waiting: context.visits_waiting.map(|it| VisitsWaiting {
                count: it.count,
                more: it.more,
                oldest_at: time(it.oldest_at),
            }),
            errors: context.errors,
            retries: context.retries,
            attempt: context.attempt,
            next_attempt_at: context.next_attempt_at.map(time),
            restarts: context.restarts,
            breaker: context.breaker.map(Into::into),
        }
    }
}

fn named(text: &str) -> Result<ContextName, Problem> {
    serde_json::from_value(text.into()).map_err(|_| Refused::UnknownContext.into())
}

/// Lists all contexts with their states.
#[utoipa::path(get, path = "/contexts", tag = "operation", responses((status = 200, body = Vec<Context>), Problems))]
pub(crate) async fn list(asked: Asked) -> Result<Json<Vec<Context>>, Problem> {
    Ok(Json(asked.may(Act::SeeServices)?.terminal.contexts().await?.into_iter().map(Context::from).collect()))
}

/// Stops a context: its tasks end and calls to it are refused; the other contexts keep running. Stopping a stopped
/// context changes nothing, not even the reason. Repeating the request with its idempotency key doesn't stop it again,
/// even if it was started meanwhile.
#[utoipa::path(post, path = "/contexts/{name}/stop", tag = "operation", params(("name" = String, Path), WithKey),
    request_body = Option<Stop>, responses((status = 200, body = Context), Problems))]
pub(crate) async fn stop(
    asked: Asked,
    Path(name): Path<String>,
    key: IdempotencyKey,
    Body(stop): Body<Stop>,
) -> Result<Answered, Problem> {
    let name = named(&name)?;
    let request = ("stopContext", name, stop.reason.clone());
    let (authority, noted) = (asked.authority(Act::StopContext)?, Access::done(asked.by(), AccessAct::ContextStopped));
    let terminal = asked.may(Act::StopContext)?.terminal.clone();
    let access = terminal.core.access.clone();
    let act = async move {
        let stopped = terminal.stop_context(authority, Node::Rest, name, stop.reason).await;
        access.note(noted.ended(&stopped));
        stopped?;
        one(&terminal, name).await
    };
    asked.once(key, request, act).await
}

/// Starts a stopped context; it continues from its checkpoint.
#[utoipa::path(post, path = "/contexts/{name}/start", tag = "operation", params(("name" = String, Path), WithKey),
    responses((status = 200, body = Context), Problems))]
pub(crate) async fn start(
    asked: Asked,
    Path(name): Path<String>,
    key: IdempotencyKey,
    Body(EmptyBody {}): Body<EmptyBody>,
) -> Result<Answered, Problem> {
    let name = named(&name)?;
    let (authority, noted) = (asked.authority(Act::StartContext)?, Access::done(asked.by(), AccessAct::ContextStarted));
    let terminal = asked.may(Act::StartContext)?.terminal.clone();
    let access = terminal.core.access.clone();
    let act = async move {
        let started = terminal.start_context(&authority, name).await;
        access.note(noted.ended(&started));
        started?;
        one(&terminal, name).await
    };
    asked.once(key, ("startContext", name), act).await
}

async fn one(terminal: &Terminal, name: ContextName) -> Result<Option<Context>, AppError> {
    let contexts = terminal.contexts().await?;
    Ok(contexts.into_iter().find(|context| context.name == name).map(Context::from))
}
