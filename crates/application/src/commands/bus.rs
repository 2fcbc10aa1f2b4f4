//! The entry for all commands, from the window and the REST gateway: parses each command, authorises and decides it
//! inside one transaction, and returns its outcome once that is durable.

use std::sync::Arc;
use std::time::Instant;

use nosmoke_ports::contract::{AppError, Command, ContextName, ErrorCode, Outcome, Request, SpanStep};
use nosmoke_ports::limits;
use nosmoke_ports::traces::UnderWay;
use nosmoke_ports::{Priority, Remembered, Write, read, write};
use nosmoke_runtime::Core;
use nosmoke_runtime::contexts::catch_panic;
use nosmoke_runtime::measures::Node;
use opentelemetry::Context;
use opentelemetry::context::FutureExt as _;
use serde_json::json;
use tokio::sync::Mutex;

use super::decide::{act_of, context_of, decide, needs_point};
use super::idempotency::{digest, first_answer, to_json};
use super::in_flight::InFlight;
use super::noted::Noted;
use super::shortage::{Shortage, Turns, Undecided};
use super::work::Work;
use crate::contexts::PointCalls;
use crate::permission::Caller;

/// Parses, authorises and decides commands, and returns their outcomes once they are durable.
#[derive(Debug, Clone)]
pub struct CommandBus {
    pub core: Core,
    pub point: Arc<PointCalls>,
    /// The sender of these commands, as a node in the graph of services.
    pub caller: Node,
    /// Locked while [`Self::once()`] runs an action, so that only one runs at a time.
    pub once: Arc<Mutex<()>>,
    pub in_flight: Arc<InFlight>,
    pub turns: Arc<Turns>,
}

/// A command as it was given.
#[derive(Debug, Clone)]
pub(super) struct Given {
    /// The idempotency key under which the answer is stored; without one nothing is stored.
    key: Option<String>,
    command: Command,
}

impl From<Request> for Given {
    fn from(Request { idempotency_key, command }: Request) -> Self {
        Self { key: Some(idempotency_key), command }
    }
}

impl CommandBus {
    /// Returns a copy of this bus for another sender of commands.
    #[must_use]
    pub fn called_by(&self, caller: Node) -> Self {
        Self { caller, ..self.clone() }
    }

    /// Records a command given as JSON.
    ///
    /// # Errors
    /// Returns an error with a stable code; nothing is recorded then.
    pub async fn record(&self, caller: Caller, request: serde_json::Value) -> Result<Outcome, AppError> {
        let request: Request = serde_json::from_value(request)
            .map_err(|error| AppError::with(ErrorCode::InvalidInput, json!({ "detail": error.to_string() })))?;
        self.run(caller, request).await
    }

    /// Records a command; one that exceeds this terminal's holding requests points from other terminals. The same
    /// request of the same caller sent again meanwhile gets the same answer. The command goes on if the caller stops waiting.
    ///
    /// # Errors
    /// The same as [`Self::record`].
    pub async fn run(&self, caller: Caller, request: Request) -> Result<Outcome, AppError> {
        limits::check_needed("idempotencyKey", &request.idempotency_key, limits::KEY_MAX)?;
        let (waiting, first) =
            self.in_flight.join(&request.idempotency_key, digest(&(caller.by, &request.command))?)?;
        if let Some(first) = first {
            let bus = self.clone();
            let running = async move { first.answers(bus.run_first(caller, request.into()).await) };
            tokio::spawn(running.with_context(Context::current()));
        }
        waiting.answer().await
    }

    /// Records a command whose answer needn't be given a second time: it has no idempotency key, and nothing is stored
    /// for it. It ends if the caller stops waiting.
    ///
    /// # Errors
    /// The same as [`Self::record`].
    pub async fn run_without_key(&self, caller: Caller, command: Command) -> Result<Outcome, AppError> {
        self.run_first(caller, Given { key: None, command }).await
    }

    /// If the command panics, returns an error, so that nobody waits in vain.
    async fn run_first(&self, caller: Caller, given: Given) -> Result<Outcome, AppError> {
        let span = self.core.traces.begin(SpanStep::Command, given.command.name(), &Context::current());
        let (context, name, begun) = (context_of(&given.command), given.command.name(), Instant::now());
        let noted = Noted::of(caller, &given.command);
        let running = async {
            match self.attempt(caller, given.clone()).await {
                Ok(outcome) => Ok(outcome),
                Err(undecided) => self.wait_for_points(caller, given, undecided).await,
            }
        };
        let answer = catch_panic(running.with_context(span.context())).await.unwrap_or_else(|panic| {
            tracing::error!(panic, "a command panicked");
            let error = AppError::with(ErrorCode::Internal, json!({ "detail": panic }));
            self.note_fault(context, name, &error);
            Err(error)
        });
        self.measure(context, begun, !answer.as_ref().is_err_and(is_fault));
        noted.note(&self.core.access, &answer);
        span.end_as(&answer);
        answer
    }

    /// Records a command in one attempt. It can use only the points that this terminal holds: no other terminal is
    /// asked. Also returns what was missing.
    ///
    /// # Errors
    /// The same as [`Self::record`].
    pub async fn run_once(&self, caller: Caller, request: Request) -> Result<Outcome, (AppError, Option<Shortage>)> {
        self.attempt(caller, request.into()).await.map_err(|undecided| (undecided.error, undecided.shortage))
    }

    pub(super) async fn attempt(&self, caller: Caller, Given { key, command }: Given) -> Result<Outcome, Undecided> {
        if let Some(key) = &key {
            limits::check_needed("idempotencyKey", key, limits::KEY_MAX)?;
        }
        let body = digest(&(caller.by, &command))?;
        let (context, begun) = (context_of(&command), Instant::now());
        if let Err(refusal) = self.enter(context).await {
            let before = if let Some(key) = key { self.answered_before(key, body).await } else { None };
            return Ok(before.unwrap_or(Err(refusal))?);
        }
        let name = command.name();
        let answer = self.unit(caller, key, command, body).await;
        let fault = answer.as_ref().err().map(|undecided| &undecided.error).filter(|error| is_fault(error));
        if let Some(fault) = fault {
            self.note_fault(context, name, fault);
        }
        if let Some(context) = context.filter(|_| answer.is_ok()) {
            self.core.measures.observe((Node::of(context), Node::Sqlite), 1, begun.elapsed(), true);
        }
        answer
    }

    /// For a command that its context can't accept now: returns the stored outcome if the same command was recorded
    /// before.
    async fn answered_before(&self, key: String, body: [u8; 32]) -> Option<Result<Outcome, AppError>> {
        let remembered = read::<_, AppError>(&*self.core.journal, move |tx| Ok(tx.remembered(&key)?)).await;
        remembered.ok().flatten().map(|remembered| first_answer(remembered, body))
    }

    /// Checks that the contexts that a command needs are started and accept it. Called before the unit of work is
    /// queued, so that a command never blocks the writer while it waits for point.
    async fn enter(&self, context: Option<ContextName>) -> Result<(), AppError> {
        let Some(context) = context else { return Ok(()) };
        if context != ContextName::Point {
            self.core.contexts.expect_open(context)?;
        }
        if needs_point(context) { self.point.enter(context).await } else { Ok(()) }
    }

    fn measure(&self, context: Option<ContextName>, begun: Instant, well: bool) {
        self.core.measures.observe((self.caller, context.map_or(Node::Sqlite, Node::of)), 1, begun.elapsed(), well);
    }

    fn note_fault(&self, context: Option<ContextName>, command: &str, fault: &AppError) {
        if let Some(context) = context {
            self.core.contexts.unit(context).command_failed(command, fault);
        }
    }

    async fn unit(
        &self,
        caller: Caller,
        key: Option<String>,
        command: Command,
        body: [u8; 32],
    ) -> Result<Outcome, Undecided> {
        let (present, ids, traces) = (self.core.present.clone(), self.core.ids.clone(), self.core.traces.clone());
        let heard = self.core.heard.clone();
        let transaction = self.core.traces.begin(SpanStep::Transaction, command.name(), &Context::current());
        let of_transaction = transaction.context();
        let unit = move |tx: &mut dyn Write| {
            if let Some(key) = &key
                && let Some(remembered) = tx.remembered(key)?
            {
                return Ok((first_answer(remembered, body)?, false));
            }
            let authority = caller.authority(tx)?;
            authority.expect(act_of(&command))?;
            let mut work = Work::begin(tx, present.read(), authority, &*ids)?;
            let decision = traces.begin(SpanStep::Decision, command.name(), &of_transaction);
            work.traceparent = traces.traceparent(&decision.context());
            work.heard = heard.clone();
            let decided = decide(&mut work, command.clone());
            end_attempt(decision, decided.as_ref());
            let outcome = match decided {
                Ok(outcome) => outcome,
                Err(error) => return Err(Undecided { error, shortage: work.shortage }),
            };
            work.store_visits()?;
            let (at, has_put) = (work.now, work.has_put);
            if let Some(key) = &key {
                tx.remember(key, &Remembered { body, outcome: to_json(&outcome)? }, at)?;
            }
            Ok((outcome, has_put))
        };
        let answer = write(&*self.core.journal, Priority::Command, unit).await;
        end_attempt(transaction, answer.as_ref().map_err(|undecided| &undecided.error));
        let ((outcome, has_put), written) = answer?;
        if let Some(written) = written {
            self.core.feed.wrote(written.last_change);
            if has_put {
                self.core.feed.documents_changed();
            }
        }
        Ok(outcome)
    }
}

/// Whether an error is a fault of the program or the machine, rather than a refusal of the command.
fn is_fault(error: &AppError) -> bool {
    matches!(
        error.code,
        ErrorCode::PointUnavailable
            | ErrorCode::ContextStopped
            | ErrorCode::DiskFull
            | ErrorCode::FolderUnwritable
            | ErrorCode::StorageFailed
            | ErrorCode::StorageCorrupt
            | ErrorCode::Internal
    )
}

/// Ends the span of one attempt. `HeldElsewhere` isn't marked as an error there, because other terminals are then asked
/// for points; the span of the whole command shows the final result.
fn end_attempt<T>(span: UnderWay, answer: Result<&T, &AppError>) {
    match answer {
        Err(error) if error.code == ErrorCode::HeldElsewhere => {
            span.note("nosmoke.short_here", true);
            span.end();
        }
        Err(error) => span.end_with(error.code.word()),
        Ok(_) => span.end(),
    }
}
