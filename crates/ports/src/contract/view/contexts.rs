//! The state of the supervised contexts, and the traffic between them.

use nosmoke_domain::words::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::UtcMs;

/// A context that can be stopped and started independently of the others (ADR 0021).
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
    /// More changes are waiting than one step processes.
    CatchingUp,
    /// Several steps in a row failed, or one has run far too long. The context retries automatically.
    Failing,
    /// Stopped by a manager, until someone starts it or the program restarts.
    Stopped,
}

/// The state of one context. All counts begin with the program's start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ContextView {
    pub name: ContextName,
    pub state: ContextState,
    /// When the context entered this state.
    pub since: UtcMs,
    /// Who stopped the context, and why; null unless it is stopped.
    pub stopped_by: Option<StoppedBy>,
    /// The last change of the change feed that all tasks of the context have passed; null if it doesn't follow the
    /// feed.
    pub checkpoint: Option<i64>,
    /// The number of changes that the context still has to process. For the publisher: facts not yet read back from
    /// Kafka. For the consumer: messages known to be in Kafka that it hasn't read yet.
    pub lag: u64,
    /// When the oldest waiting change was recorded at this terminal. Null if unknown, and for the consumer, because its
    /// waiting messages haven't arrived yet.
    pub oldest_waiting_at: Option<UtcMs>,
    /// Only for point: visits checked out at this terminal whose earnings aren't recorded yet; null if there are none.
    pub visits_waiting: Option<VisitsWaiting>,
    pub steps: u64,
    pub errors: u64,
    /// Retries after an error.
    pub retries: u64,
    /// After an error, the number of the next or running attempt, from 2. If several tasks of the context fail, that of
    /// the task with most errors in a row.
    pub attempt: Option<u32>,
    /// When the next attempt starts; null while the attempt is running.
    pub next_attempt_at: Option<UtcMs>,
    /// How many times a task was restarted after a panic.
    pub restarts: u64,
    /// The number of customers that the context skips because folding their facts panicked repeatedly; retried at its
    /// next start.
    pub set_aside: u64,
    /// The last ten errors, newest last.
    pub last_errors: Vec<ContextProblem>,
    /// The circuit breaker of this context's calls to point; null if the context doesn't call point.
    pub breaker: Option<BreakerView>,
}

/// The interface through which a context was stopped.
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
    /// The name of the member of staff who works at this terminal, masked; null over REST, where the caller isn't
    /// known.
    pub staff_name: Option<String>,
    /// The reason as the manager typed it.
    pub reason: Option<String>,
}

/// Check-outs that point's earning policy hasn't processed yet. Counted up to a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct VisitsWaiting {
    pub count: u64,
    /// Whether there are more check-outs than `count`, which is limited.
    pub more: bool,
    /// When the oldest of these check-outs was recorded.
    pub oldest_at: UtcMs,
}

/// An error in a context; contains no personal data.
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
    /// One trial call is let through.
    HalfOpen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct BreakerView {
    pub state: BreakerState,
    /// How many calls in a row have failed.
    pub failures: u32,
    pub opened_at: Option<UtcMs>,
    /// When the breaker lets the next call through.
    pub retry_at: Option<UtcMs>,
}

/// The graph of the contexts and everything they communicate with, at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ServicesView {
    pub as_of: UtcMs,
    /// When measuring began: at the program's start.
    pub measured_since: UtcMs,
    /// All contexts, in the order of `ContextName::ALL`.
    pub contexts: Vec<ContextView>,
    pub nodes: Vec<ServiceNode>,
    /// All edges of the graph, including those without traffic.
    pub edges: Vec<ServiceEdge>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// A source of commands: the window or the gateway.
    Caller,
    Context,
    Sqlite,
    /// The database of Mypage's read model.
    MypageDb,
    Kafka,
    Terminal,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ServiceNode {
    /// The node's name, as `from` and `to` of edges have it; for a terminal its id.
    pub id: String,
    pub kind: NodeKind,
    /// The terminal's name; null for other kinds of nodes.
    pub name: Option<String>,
    /// For Kafka: running while connected, catching up while older messages are read, failing while disconnected,
    /// stopped without a cluster. For a terminal: running while its heartbeats arrive. Null for all other nodes.
    pub state: Option<ContextState>,
    /// When the last heartbeat of the terminal arrived, by this PC's clock.
    pub last_heard_at: Option<UtcMs>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum EdgeKind {
    /// The caller waits for the answer.
    Request,
    /// The source doesn't wait for the target.
    Event,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ServiceEdge {
    pub from: String,
    pub to: String,
    pub kind: EdgeKind,
    /// The traffic of the last five minutes.
    pub recent: EdgeMeasure,
    /// The traffic of the last four hours.
    pub hours: EdgeMeasure,
    /// The traffic of the last day, in whole hours.
    pub day: EdgeMeasure,
}

/// The traffic on an edge. Latencies are accurate to 10 %; null if there was no traffic.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct EdgeMeasure {
    /// Calls or events, including those that failed.
    pub count: u64,
    /// Averaged over the minutes since measuring began, at most the window and at least one minute.
    pub rate_per_minute: f64,
    pub errors: u64,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
}

/// The input of stopping a context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StopInput {
    pub name: ContextName,
    /// Why it is stopped, in at most 80 characters; shown with the stopped context.
    pub reason: Option<String>,
}
