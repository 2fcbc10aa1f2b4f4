//! The contexts that run apart, and what passes between them.

use nosmoke_domain::words::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::UtcMs;

/// What can be stopped and started alone (ADR 0021).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum ContextName {
    CheckIn,
    Point,
    Pay,
    Penalty,
    Mypage,
    Publisher,
    Consumer,
}

impl ContextName {
    pub const ALL: [Self; 7] =
        [Self::CheckIn, Self::Point, Self::Pay, Self::Penalty, Self::Mypage, Self::Publisher, Self::Consumer];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum ContextState {
    Running,
    /// More waits than one step takes.
    CatchingUp,
    /// Several steps in a row failed, or one takes far too long; it is tried again by itself.
    Failing,
    /// By a manager, until started again or until the program starts again.
    Stopped,
}

/// How one context stands. All counts are of this run of the program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ContextView {
    pub name: ContextName,
    pub state: ContextState,
    /// When this state began.
    pub since: UtcMs,
    /// Who stopped it, and why; null while it isn't stopped.
    pub stopped_by: Option<StoppedBy>,
    /// The last change of the feed that every task of it has passed; null for what follows no feed.
    pub checkpoint: Option<i64>,
    /// Changes that it is behind; for the publisher facts not read back; for the consumer records that the log was seen to
    /// hold and that weren't read.
    pub lag: u64,
    /// When the oldest of that was recorded here, as far as it is known: not for the consumer, whose records aren't here yet.
    pub oldest_waiting_at: Option<UtcMs>,
    /// Point's own: visits checked out here that haven't earned; null when there are none.
    pub visits_waiting: Option<VisitsWaiting>,
    pub steps: u64,
    pub errors: u64,
    /// Attempts made after an error.
    pub retries: u64,
    /// After an error, which attempt in a row comes next or is under way, from 2; of the task that failed most often.
    pub attempt: Option<u32>,
    /// When it comes; null while it is under way.
    pub next_attempt_at: Option<UtcMs>,
    /// Tasks started again after a panic.
    pub restarts: u64,
    /// Customers set aside because folding them panics again and again; tried again with the next start.
    pub set_aside: u64,
    /// The newest last; the last ten.
    pub last_errors: Vec<ContextProblem>,
    /// Of its calls to point; null for those that make none.
    pub breaker: Option<BreakerView>,
}

/// The way in by which a context was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum StoppedVia {
    /// The window.
    Screen,
    /// The REST gateway.
    Rest,
}

/// Who stopped a context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct StoppedBy {
    pub at: UtcMs,
    pub via: StoppedVia,
    pub role: Role,
    /// Of whoever works at this terminal, most of it hidden; null by REST, which knows no person.
    pub staff_name: Option<String>,
    /// As it was given.
    pub reason: Option<String>,
}

/// Check-outs that the earning policy hasn't passed. Counted up to a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct VisitsWaiting {
    pub count: u64,
    /// There are more than were counted.
    pub more: bool,
    /// When the oldest was recorded.
    pub oldest_at: UtcMs,
}

/// Something that went wrong in a context; holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ContextProblem {
    pub at: UtcMs,
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// Calls go through.
    Closed,
    /// Calls are refused at once.
    Open,
    /// One call is let through to see.
    HalfOpen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct BreakerView {
    pub state: BreakerState,
    /// Failed calls in a row.
    pub failures: u32,
    pub opened_at: Option<UtcMs>,
    /// When the next call is let through.
    pub retry_at: Option<UtcMs>,
}

/// The contexts and what they talk to, as a graph; all of it at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ServicesView {
    pub as_of: UtcMs,
    /// Since when is measured what passes: since the program began.
    pub measured_since: UtcMs,
    /// Every context, in the order of their names' list.
    pub contexts: Vec<ContextView>,
    pub nodes: Vec<ServiceNode>,
    /// Every edge of the map, also one on which nothing has passed.
    pub edges: Vec<ServiceEdge>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// Who gives commands: the window, the gateway.
    Caller,
    Context,
    Sqlite,
    /// The store of Mypage.
    MypageDb,
    Kafka,
    Terminal,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ServiceNode {
    /// Its name as edges give it; a terminal's is its id.
    pub id: String,
    pub kind: NodeKind,
    /// A terminal's name.
    pub name: Option<String>,
    /// Kafka: running while the link is up, catching up while older records are read, failing while it is down, stopped
    /// without a cluster. A terminal: running while it is heard. Null for what has none.
    pub state: Option<ContextState>,
    /// When a terminal was last heard, by our clock.
    pub last_heard_at: Option<UtcMs>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum EdgeKind {
    /// The caller waits for the answer.
    Request,
    /// Nobody waits.
    Event,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ServiceEdge {
    pub from: String,
    pub to: String,
    pub kind: EdgeKind,
    /// The last five minutes.
    pub recent: EdgeMeasure,
    /// The last four hours.
    pub hours: EdgeMeasure,
    /// The last day, by whole hours.
    pub day: EdgeMeasure,
}

/// What passed on an edge. Latencies are right to a tenth; null when nothing passed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct EdgeMeasure {
    /// Calls or events, also those that failed.
    pub count: u64,
    /// Over the minutes that were really measured, at least one.
    pub rate_per_minute: f64,
    pub errors: u64,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
}

/// Which context is to stop, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StopInput {
    pub name: ContextName,
    /// Up to 80 letters, shown to whoever looks.
    pub reason: Option<String>,
}
