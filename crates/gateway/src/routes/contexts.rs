//! `/contexts`: what runs apart, and its stop and start.

use axum::Json;
use axum::extract::{Path, State};
use nosmoke_application::permission::Act;
use nosmoke_application::terminal::Terminal;
use nosmoke_ports::contract::{AppError, BreakerState, BreakerView, ContextName, ContextState, ContextView};
use nosmoke_runtime::measures::Node;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::{Answered, time};
use crate::idempotency_key::{IdempotencyKey, WithKey};
use crate::problem::{Problem, Problems, Refused};
use crate::request::{Body, Nothing};
use crate::served::Served;
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

/// Who stopped a context.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoppedBy {
    #[schema(format = DateTime)]
    at: String,
    /// `screen`, or `rest` for this gateway.
    via: String,
    /// Of whoever works at the terminal, most of the name hidden; null where the gateway did it.
    staff_name: Option<String>,
    reason: Option<String>,
}

/// Check-outs whose points are still to be earned, counted up to a thousand.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VisitsWaiting {
    count: u64,
    /// There are more than were counted.
    more: bool,
    #[schema(format = DateTime)]
    oldest_at: String,
}

/// What may be said with a stop.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stop {
    /// Why, shown to whoever looks; nothing personal.
    #[schema(max_length = 80)]
    reason: Option<String>,
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
    /// Null while it isn't stopped.
    stopped_by: Option<StoppedBy>,
    /// The last change that all of its tasks have passed; null for what follows no feed.
    checkpoint: Option<i64>,
    /// What it is behind.
    lag: u64,
    /// When the oldest of that was recorded here; null where nothing waits, or nobody knows.
    #[schema(format = DateTime)]
    oldest_waiting_at: Option<String>,
    /// Point's own; null when there are none.
    visits_waiting: Option<VisitsWaiting>,
    errors: u64,
    retries: u64,
    /// After an error, which attempt comes next or is under way.
    attempt: Option<u32>,
    /// When it comes; null while it is under way.
    #[schema(format = DateTime)]
    next_attempt_at: Option<String>,
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

/// Every context as it stands.
#[utoipa::path(get, path = "/contexts", tag = "operation", responses((status = 200, body = Vec<Context>), Problems))]
pub(crate) async fn list(State(served): State<Served>) -> Result<Json<Vec<Context>>, Problem> {
    Ok(Json(served.may(Act::SeeServices)?.terminal.contexts().await?.into_iter().map(Context::from).collect()))
}

/// Stops a context: its tasks end and its port closes; the others go on. Stopping one that is stopped changes nothing, not
/// even the reason. A repetition with its key stops nothing again, though it was started meanwhile.
#[utoipa::path(post, path = "/contexts/{name}/stop", tag = "operation", params(("name" = String, Path), WithKey),
    request_body = Option<Stop>, responses((status = 200, body = Context), Problems))]
pub(crate) async fn stop(
    State(served): State<Served>,
    Path(name): Path<String>,
    key: IdempotencyKey,
    Body(stop): Body<Stop>,
) -> Result<Answered, Problem> {
    let name = named(&name)?;
    let request = ("stopContext", name, stop.reason.clone());
    let terminal = served.may(Act::StopContext)?.terminal.clone();
    let act = async move {
        let recorder = terminal.queries.recorder().await?;
        terminal.stop_context(recorder, Node::Rest, name, stop.reason).await?;
        one(&terminal, name).await
    };
    served.once(key, request, act).await
}

/// Starts it again: it goes on from its checkpoint.
#[utoipa::path(post, path = "/contexts/{name}/start", tag = "operation", params(("name" = String, Path), WithKey),
    responses((status = 200, body = Context), Problems))]
pub(crate) async fn start(
    State(served): State<Served>,
    Path(name): Path<String>,
    key: IdempotencyKey,
    Body(Nothing {}): Body<Nothing>,
) -> Result<Answered, Problem> {
    let name = named(&name)?;
    let terminal = served.may(Act::StartContext)?.terminal.clone();
    let act = async move {
        terminal.start_context(terminal.queries.recorder().await?.role, name).await?;
        one(&terminal, name).await
    };
    served.once(key, ("startContext", name), act).await
}

async fn one(terminal: &Terminal, name: ContextName) -> Result<Option<Context>, AppError> {
    let contexts = terminal.contexts().await?;
    Ok(contexts.into_iter().find(|context| context.name == name).map(Context::from))
}
