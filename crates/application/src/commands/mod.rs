//! The one command gateway: every command of every adapter comes through [`Gateway::record`].

mod asking;
mod check_in;
mod customer;
mod facility;
mod numeral;
mod once;
mod pay;
mod penalty;
mod point;
mod refusal;
mod set_up;
mod work;

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::fact::{Hash, Recorder, chain_hash};
use nosmoke_domain::words::Role;
use opentelemetry::Context;
use opentelemetry::context::FutureExt as _;
use serde_json::json;
use tokio::sync::Mutex;

pub use set_up::{
    BACKUP_SETTING, PREFERENCES_SETTING, STAFF_SETTING, Unattended, hash_pin, note_backup, save_preferences, set_up,
    set_up_unattended,
};
pub(crate) use set_up::{Beginning, establish};
pub use work::{Work, to_i64};

use crate::contexts::{Contexts, PointCalls, caught};
use crate::contract::{AppError, Command, ContextName, ErrorCode, Outcome, ProfileInput, Request, SpanStep};
use crate::feed::Feed;
use crate::limits;
use crate::link::Link;
use crate::measures::{Measures, Node};
use crate::ports::{Clock, Ids, Journal, Priority, Remembered, Write, read, write};
use crate::traces::{Traces, UnderWay};

/// How long an idempotency key is remembered.
const KEYS_KEPT: TimeDelta = TimeDelta::days(30);

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

    /// What a command that can't be taken now was answered before, if it was.
    async fn answered_before(&self, key: String, body: [u8; 32]) -> Option<Result<Outcome, AppError>> {
        let remembered = read::<_, AppError>(&*self.journal, move |tx| Ok(tx.remembered(&key)?)).await;
        remembered.ok().flatten().map(|remembered| first_answer(remembered, body))
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

    /// Forgets idempotency keys older than 30 days.
    ///
    /// # Errors
    /// The store's.
    pub async fn forget_old_keys(&self) -> Result<(), AppError> {
        let before = self.clock.now() - KEYS_KEPT;
        write::<(), AppError>(&*self.journal, Priority::Background, move |tx| Ok(tx.forget_before(before)?)).await?;
        Ok(())
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

fn dispatch(work: &mut Work<'_>, command: Command) -> Result<Outcome, AppError> {
    match command {
        Command::CheckIn { customer_id, area_id, admission } => check_in::enter(work, customer_id, area_id, admission),
        Command::CheckOut { visit_id, points } => check_in::leave(work, visit_id, points),
        Command::CheckOutArea { area_id } => check_in::empty_area(work, area_id),
        Command::CloseVisit { visit_id, reason } => check_in::close(work, visit_id, reason),
        Command::VoidVisit { visit_id, reason } => check_in::void(work, visit_id, reason),
        Command::Pay { customer_id, points, note } => pay::pay(work, customer_id, &points, note),
        Command::VoidPayment { payment_id, reason } => pay::void(work, payment_id, reason),
        Command::AdjustPoints { customer_id, points, reason, note } => {
            point::adjust(work, customer_id, &points, reason, note)
        }
        Command::ImposePenalty { customer_id, code, points, area_id, note } => {
            penalty::impose(work, customer_id, penalty::Impose { code, points, area: area_id, note })
        }
        Command::DeductPenalty { penalty_id, ground, points, note } => {
            penalty::deduct(work, penalty_id, ground, points.as_ref(), note)
        }
        Command::VoidPenalty { penalty_id, reason } => penalty::void(work, penalty_id, reason),
        Command::LinkCustomers { customer_id, other_id } => customer::link(work, customer_id, other_id),
        Command::EraseCustomer { customer_id } => customer::erase(work, customer_id),
        Command::RegisterCustomer { profile } => customer::register(work, &profile),
        Command::ReviseCustomer { customer_id, base_revision, profile } => {
            customer::revise(work, customer_id, base_revision, profile)
        }
        Command::SaveArea { area_id, name, capacity } => facility::save_area(work, area_id, name, capacity.as_ref()),
        Command::RetireArea { area_id } => facility::retire_area(work, area_id),
        Command::SaveFacility { name } => facility::save_facility(work, name),
        Command::SaveTerminal { name } => facility::save_terminal(work, name),
        Command::SaveHub { terminal_id } => facility::save_hub(work, terminal_id),
    }
}

/// The context that decides a command; `None` for records, which no context owns.
fn context_of(command: &Command) -> Option<ContextName> {
    Some(match command {
        Command::CheckIn { .. }
        | Command::CheckOut { .. }
        | Command::CheckOutArea { .. }
        | Command::CloseVisit { .. }
        | Command::VoidVisit { .. } => ContextName::CheckIn,
        Command::Pay { .. } | Command::VoidPayment { .. } => ContextName::Pay,
        Command::AdjustPoints { .. } => ContextName::Point,
        Command::ImposePenalty { .. } | Command::DeductPenalty { .. } | Command::VoidPenalty { .. } => {
            ContextName::Penalty
        }
        Command::LinkCustomers { .. }
        | Command::EraseCustomer { .. }
        | Command::RegisterCustomer { .. }
        | Command::ReviseCustomer { .. }
        | Command::SaveArea { .. }
        | Command::RetireArea { .. }
        | Command::SaveFacility { .. }
        | Command::SaveTerminal { .. }
        | Command::SaveHub { .. } => return None,
    })
}

/// Contexts whose commands call point synchronously.
fn needs_point(context: ContextName) -> bool {
    matches!(context, ContextName::Pay | ContextName::Penalty | ContextName::Point)
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

/// Commands whose effect isn't all in facts: the screens and the other terminals are told of it besides.
fn changes_records(command: &Command) -> bool {
    matches!(
        command,
        Command::CheckIn { customer_id: None, .. }
            | Command::RegisterCustomer { .. }
            | Command::ReviseCustomer { .. }
            | Command::EraseCustomer { .. }
            | Command::SaveArea { .. }
            | Command::RetireArea { .. }
            | Command::SaveFacility { .. }
            | Command::SaveTerminal { .. }
            | Command::SaveHub { .. }
    )
}

/// What each role may do. Everyone is a manager until staff sign in.
fn authorise(role: Role, command: &Command) -> Result<(), AppError> {
    let needed = match command {
        Command::CheckOut { points: Some(_), .. }
        | Command::AdjustPoints { .. }
        | Command::LinkCustomers { .. }
        | Command::EraseCustomer { .. }
        | Command::SaveArea { .. }
        | Command::RetireArea { .. }
        | Command::SaveFacility { .. }
        | Command::SaveTerminal { .. }
        | Command::SaveHub { .. } => Role::Manager,
        Command::CheckIn { admission: Some(_), .. }
        | Command::DeductPenalty { ground: nosmoke_domain::words::Ground::Waiver, .. } => Role::Supervisor,
        _ => Role::Staff,
    };
    if role >= needed { Ok(()) } else { Err(AppError::with(ErrorCode::NotAuthorised, json!({ "needed": needed }))) }
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

fn digest(request: &impl serde::Serialize) -> Result<[u8; 32], AppError> {
    Ok(chain_hash(Hash::ZERO, to_json(request)?.as_bytes()).0)
}

fn first_answer(remembered: Remembered, body: [u8; 32]) -> Result<Outcome, AppError> {
    serde_json::from_str(&same_body(remembered, body)?)
        .map_err(|error| AppError::with(ErrorCode::StorageCorrupt, json!({ "detail": error.to_string() })))
}

/// What was answered, if it was to the same request.
fn same_body(remembered: Remembered, body: [u8; 32]) -> Result<String, AppError> {
    if remembered.body == body { Ok(remembered.outcome) } else { Err(AppError::new(ErrorCode::KeyReused)) }
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, AppError> {
    serde_json::to_string(value)
        .map_err(|error| AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() })))
}
