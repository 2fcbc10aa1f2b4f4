//! Takes every command of every adapter: parses, authorises, decides inside one transaction, answers when it is durable.

use std::sync::Arc;
use std::time::Instant;

use nosmoke_domain::fact::Recorder;
use nosmoke_ports::contract::{AppError, Command, ContextName, ErrorCode, Outcome, Request, SpanStep};
use nosmoke_ports::limits;
use nosmoke_ports::traces::UnderWay;
use nosmoke_ports::{Priority, Remembered, Write, read, write};
use nosmoke_runtime::Core;
use nosmoke_runtime::contexts::caught;
use nosmoke_runtime::measures::Node;
use opentelemetry::Context;
use opentelemetry::context::FutureExt as _;
use serde_json::json;
use tokio::sync::Mutex;

use super::decide::{act_of, context_of, decide, needs_point};
use super::idempotency::{digest, first_answer, to_json};
use super::work::Work;
use crate::contexts::PointCalls;

/// Takes commands: parses, authorises, decides inside one transaction, answers when it is durable.
#[derive(Debug, Clone)]
pub struct CommandBus {
    pub core: Core,
    pub point: Arc<PointCalls>,
    /// Who gives the commands: a node of the graph of services.
    pub caller: Node,
    /// Held by what is done once for a key and isn't a command.
    pub once: Arc<Mutex<()>>,
}

impl CommandBus {
    /// The same bus for another caller.
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
        let span = self.core.traces.begin(SpanStep::Command, request.command.name(), &Context::current());
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
        act_of(&command).expect(recorder.role)?;
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
            self.core.measures.record((Node::of(context), Node::Sqlite), 1, begun.elapsed(), true);
        }
        answer
    }

    /// What a command that can't be taken now was answered before, if it was.
    async fn answered_before(&self, key: String, body: [u8; 32]) -> Option<Result<Outcome, AppError>> {
        let remembered = read::<_, AppError>(&*self.core.journal, move |tx| Ok(tx.remembered(&key)?)).await;
        remembered.ok().flatten().map(|remembered| first_answer(remembered, body))
    }

    /// Whether the contexts that a command needs take it; point is asked before anything is given to the writer.
    async fn enter(&self, context: Option<ContextName>) -> Result<(), AppError> {
        let Some(context) = context else { return Ok(()) };
        if context != ContextName::Point {
            self.core.contexts.expect_open(context)?;
        }
        if needs_point(context) { self.point.enter(context).await } else { Ok(()) }
    }

    fn measure(&self, context: Option<ContextName>, begun: Instant, well: bool) {
        self.core.measures.record((self.caller, context.map_or(Node::Sqlite, Node::of)), 1, begun.elapsed(), well);
    }

    fn note_fault(&self, context: Option<ContextName>, command: &str, fault: &AppError) {
        if let Some(context) = context {
            self.core.contexts.unit(context).command_failed(command, fault);
        }
    }

    async fn unit(
        &self,
        recorder: Recorder,
        idempotency_key: String,
        command: Command,
        body: [u8; 32],
    ) -> Result<Outcome, AppError> {
        let (clock, ids, traces) = (self.core.clock.clone(), self.core.ids.clone(), self.core.traces.clone());
        let transaction = self.core.traces.begin(SpanStep::Transaction, command.name(), &Context::current());
        let of_transaction = transaction.context();
        let unit = move |tx: &mut dyn Write| {
            if let Some(remembered) = tx.remembered(&idempotency_key)? {
                return Ok((first_answer(remembered, body)?, false));
            }
            let mut work = Work::begin(tx, clock.now(), recorder, &*ids)?;
            let decision = traces.begin(SpanStep::Decision, command.name(), &of_transaction);
            work.traceparent = traces.traceparent(&decision.context());
            let decided = decide(&mut work, command.clone());
            end_attempt(decision, &decided);
            let outcome = decided?;
            let (at, has_put) = (work.now, work.has_put);
            let remembered = Remembered { body, outcome: to_json(&outcome)? };
            tx.remember(&idempotency_key, &remembered, at)?;
            Ok::<_, AppError>((outcome, has_put))
        };
        let answer = write(&*self.core.journal, Priority::Command, unit).await;
        end_attempt(transaction, &answer);
        let ((outcome, has_put), written) = answer?;
        if let Some(written) = written {
            self.core.feed.wrote(written.last_change);
            if has_put {
                self.core.feed.records_changed();
            }
        }
        Ok(outcome)
    }
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
