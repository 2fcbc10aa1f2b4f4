//! The one command gateway: every command of every adapter comes through [`Gateway::record`].

mod asking;
mod check_in;
mod customer;
mod facility;
mod join;
mod numeral;
mod pay;
mod penalty;
mod point;
mod refusal;
mod remembered;
mod route;
mod set_up;
mod work;

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Recorder;
use opentelemetry::Context;
use opentelemetry::context::FutureExt as _;
use serde_json::json;
use tokio::sync::Mutex;

pub use join::join;
pub use set_up::{
    BACKUP_SETTING, PREFERENCES_SETTING, STAFF_SETTING, Unattended, hash_pin, note_backup, save_preferences, set_up,
    set_up_unattended,
};
pub(crate) use set_up::{Beginning, establish};
pub use work::Work;

use nosmoke_ports::contract::{AppError, Command, ContextName, ErrorCode, Outcome, ProfileInput, Request, SpanStep};
use nosmoke_ports::limits;
use nosmoke_ports::traces::{Traces, UnderWay};
use nosmoke_ports::{Clock, Ids, Journal, Priority, Remembered, Write, write};
use nosmoke_runtime::contexts::{Contexts, caught};
use nosmoke_runtime::feed::Feed;
use nosmoke_runtime::link::Link;
use nosmoke_runtime::measures::{Measures, Node};

use crate::contexts::PointCalls;
use remembered::{digest, first_answer};
use route::{authorise, changes_records, context_of, dispatch, needs_point};

/// Takes commands: parses, authorises, decides inside one transaction, answers when it is durable.
#[derive(Debug, Clone)]
pub struct Gateway {
    pub journal: Arc<dyn Journal>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub contexts: Arc<Contexts>,
    pub point: Arc<PointCalls>,
    pub measures: Arc<Measures>,
    pub traces: Traces,
    /// Who gives the commands: a node of the graph of services.
    pub caller: Node,
    pub feed: Arc<Feed>,
    pub link: Arc<Link>,
    /// Held by what is done once for a key and isn't a command.
    pub once: Arc<Mutex<()>>,
}

impl Gateway {
    /// The same gateway for another caller.
    #[must_use]
    pub fn called_by(&self, caller: Node) -> Self {
        Self { caller, ..self.clone() }
    }

    /// Records a command given as JSON.
    ///
    /// # Errors
    /// A stable code; nothing is recorded then.
    pub async fn record(&self, recorder: Recorder, request: serde_json::Value) -> Result<Outcome, AppError> {
        let request: Request = serde_json::from_value(request)
            .map_err(|error| AppError::with(ErrorCode::InvalidInput, json!({ "detail": error.to_string() })))?;
        self.run(recorder, request).await
    }

    /// Records a command. A panic on the way is an answer too: whoever waits, waits in vain otherwise.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub async fn run(&self, recorder: Recorder, request: Request) -> Result<Outcome, AppError> {
        let span = self.traces.begin(SpanStep::Command, request.command.name(), &Context::current());
        let (context, name, begun) = (context_of(&request.command), request.command.name(), Instant::now());
        let running = async {
            match self.run_once(recorder, request.clone()).await {
                Err(refusal) if refusal.code == ErrorCode::HeldElsewhere => {
                    self.ask_and_wait(recorder, request, refusal).await
                }
                answer => answer,
            }
        };
        let answer = caught(running.with_context(span.context())).await.unwrap_or_else(|panic| {
            tracing::error!(panic, "a command panicked");
            self.measure(context, begun, false);
            let error = AppError::with(ErrorCode::Internal, json!({ "detail": panic }));
            self.note_fault(context, name, &error);
            Err(error)
        });
        span.end_as(&answer);
        answer
    }

    /// Records a command with what is here now: other terminals aren't asked, and nothing is waited for.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub async fn run_once(&self, recorder: Recorder, request: Request) -> Result<Outcome, AppError> {
        let Request { idempotency_key, command } = request;
        limits::check_needed("idempotencyKey", &idempotency_key, limits::KEY_MAX)?;
        authorise(recorder.role, &command)?;
        let body = digest(&command)?;
        let (context, begun) = (context_of(&command), Instant::now());
        if let Err(refusal) = self.enter(context).await {
            let answer = self.answered_before(idempotency_key, body).await.unwrap_or(Err(refusal));
            self.measure(context, begun, answer.is_ok());
            return answer;
        }
        let name = command.name();
        let answer = self.unit(recorder, idempotency_key, command, body).await;
        let fault = answer.as_ref().err().filter(|error| is_fault(error));
        self.measure(context, begun, fault.is_none());
        if let Some(fault) = fault {
            self.note_fault(context, name, fault);
        }
        if let Some(context) = context.filter(|_| answer.is_ok()) {
            self.measures.record((Node::of(context), Node::Sqlite), 1, begun.elapsed(), true);
        }
        answer
    }

    /// Whether the contexts that a command needs take it; point is asked before anything is given to the writer.
    async fn enter(&self, context: Option<ContextName>) -> Result<(), AppError> {
        let Some(context) = context else { return Ok(()) };
        if context != ContextName::Point {
            self.contexts.expect_open(context)?;
        }
        if needs_point(context) { self.point.enter(context).await } else { Ok(()) }
    }

    fn measure(&self, context: Option<ContextName>, begun: Instant, well: bool) {
        self.measures.record((self.caller, context.map_or(Node::Sqlite, Node::of)), 1, begun.elapsed(), well);
    }

    fn note_fault(&self, context: Option<ContextName>, command: &str, fault: &AppError) {
        if let Some(context) = context {
            self.contexts.unit(context).command_failed(command, fault);
        }
    }

    async fn unit(
        &self,
        recorder: Recorder,
        idempotency_key: String,
        command: Command,
        body: [u8; 32],
    ) -> Result<Outcome, AppError> {
        let changes_records = changes_records(&command);
        let (clock, ids, traces) = (self.clock.clone(), self.ids.clone(), self.traces.clone());
        let transaction = self.traces.begin(SpanStep::Transaction, command.name(), &Context::current());
        let of_transaction = transaction.context();
        let unit = move |tx: &mut dyn Write| {
            if let Some(remembered) = tx.remembered(&idempotency_key)? {
                return Ok((first_answer(remembered, body)?, false));
            }
            let mut work = Work::begin(tx, clock.now(), recorder, &*ids)?;
            let decision = traces.begin(SpanStep::Decision, command.name(), &of_transaction);
            work.traceparent = traces.traceparent(&decision.context());
            let decided = dispatch(&mut work, command.clone());
            end_attempt(decision, &decided);
            let outcome = decided?;
            let (at, changes_records) = (work.now, changes_records || work.has_put);
            let remembered = Remembered { body, outcome: to_json(&outcome)? };
            tx.remember(&idempotency_key, &remembered, at)?;
            Ok::<_, AppError>((outcome, changes_records))
        };
        let answer = write(&*self.journal, Priority::Command, unit).await;
        end_attempt(transaction, &answer);
        let ((outcome, changes_records), written) = answer?;
        if let Some(written) = written {
            self.feed.wrote(written.last_change);
            if changes_records {
                self.feed.records_changed();
            }
        }
        Ok(outcome)
    }
}

/// Registers a customer inside an import's transaction.
///
/// # Errors
/// As the command `registerCustomer`; nothing of this customer is recorded then.
pub(crate) fn register(
    tx: &mut dyn Write,
    now: DateTime<Utc>,
    recorder: Recorder,
    ids: &dyn Ids,
    profile: &ProfileInput,
) -> Result<Outcome, AppError> {
    customer::register(&mut Work::begin(tx, now, recorder, ids)?, profile)
}

/// A refusal is an answer; what the program or the machine failed at isn't.
fn is_fault(error: &AppError) -> bool {
    matches!(
        error.code,
        ErrorCode::PointUnavailable
            | ErrorCode::ContextStopped
            | ErrorCode::DiskFull
            | ErrorCode::StorageFailed
            | ErrorCode::StorageCorrupt
            | ErrorCode::Internal
    )
}

/// Ends a span of one attempt. Being short here isn't the end: other terminals are asked, and whether that helped is told by the
/// span of the command.
fn end_attempt<T>(span: UnderWay, answer: &Result<T, AppError>) {
    match answer {
        Err(error) if error.code == ErrorCode::HeldElsewhere => {
            span.note("nosmoke.short_here", true);
            span.end();
        }
        answer => span.end_as(answer),
    }
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, AppError> {
    serde_json::to_string(value)
        .map_err(|error| AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() })))
}
