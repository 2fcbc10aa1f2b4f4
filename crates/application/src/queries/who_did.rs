//! Who did what: facts by who recorded or approved them, newest first.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use nosmoke_domain::clock::is_ahead;
use nosmoke_domain::fact::{Fact, Payload};
use nosmoke_domain::ids::{RecorderId, TerminalId};
use nosmoke_domain::rules::Rules;
use nosmoke_ports::contract::{ActorRef, AppError, FactKind, WhoEntry, WhoFilter, WhoInput, WhoMark, WhoPage};
use nosmoke_ports::{Change, Read, RecordedQuery, StoreError, read};
use nosmoke_reading::entries::{decided, departures};
use nosmoke_reading::names::{Names, customer_name, rows_by_id};
use nosmoke_reading::rule_sets;

use super::Queries;
use super::actors::{approver, recorder};
use super::desk::{kind_of, shown};
use super::mypage::day_range;
use super::paging::{PAGE_MAX, limit_of, not_a_cursor};

/// The prefix of this list's cursors.
const CURSOR: &str = "who.";
/// Facts that are read at a time.
const READ_BATCH: usize = 500;
/// Most facts that are looked at for one page: a rare kind may be in none of them.
const READ_MAX: usize = 5_000;

/// A filter with its dates and its party parsed.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    query: RecordedQuery,
    terminal_id: Option<TerminalId>,
    kind: Option<FactKind>,
    marked: bool,
}

impl Wanted {
    fn of(filter: &WhoFilter) -> Result<Self, AppError> {
        let (from, until) = day_range(filter.from.as_deref(), filter.to.as_deref())?;
        let by = filter.by.map(|by| match by {
            ActorRef::Staff { staff_id } => RecorderId(staff_id.0),
            ActorRef::Token { token_id } => token_id.recorder_id(),
            // Nothing is recorded before somebody has signed in, but by the program.
            ActorRef::Program | ActorRef::Nobody => RecorderId::PROGRAM,
        });
        let query = RecordedQuery { by, from, until, before: None, limit: READ_BATCH };
        Ok(Self { query, terminal_id: filter.terminal_id, kind: filter.kind, marked: filter.marked })
    }

    fn matches(&self, fact: &Fact, marks: &[WhoMark]) -> bool {
        self.terminal_id.is_none_or(|id| id == fact.origin.terminal_id)
            && self.kind.is_none_or(|kind| kind == kind_of(&fact.payload))
            && (!self.marked || !marks.is_empty())
    }
}

impl Queries {
    /// Returns a page of facts with who recorded them. It looks at a bounded number of facts, so it may be short and still
    /// have a next page.
    ///
    /// # Errors
    /// `invalid_input` for an invalid date or cursor, or an error of the store.
    pub async fn who_did_what(&self, input: WhoInput) -> Result<WhoPage, AppError> {
        let mut wanted = Wanted::of(&input.filter)?;
        wanted.query.before = input.cursor.as_deref().map(parse_cursor).transpose()?;
        let limit = limit_of(input.limit, PAGE_MAX);
        let now = self.core.present.moment();
        Ok(read::<_, StoreError>(&*self.core.journal, move |tx| page(tx, wanted, limit, now)).await?)
    }
}

fn page(tx: &mut dyn Read, mut wanted: Wanted, limit: usize, now: DateTime<Utc>) -> Result<WhoPage, StoreError> {
    let rules = rule_sets::by_generation(tx)?;
    let mut found: Vec<(Change, Vec<WhoMark>)> = Vec::new();
    let mut looked_at = 0;
    let next = 'read: loop {
        let changes = tx.recorded_by(&wanted.query)?;
        let is_last = changes.len() < wanted.query.limit;
        for change in changes {
            // The page is full, and there is at least one more to look at.
            if found.len() == limit || looked_at == READ_MAX {
                break 'read wanted.query.before.map(write_cursor);
            }
            looked_at += 1;
            let fact = &change.recorded.fact;
            wanted.query.before = Some((fact.recorded_at.timestamp_millis(), change.change_seq));
            let marks = marks(fact, &rules, now);
            if wanted.matches(fact, &marks) {
                found.push((change, marks));
            }
        }
        if is_last {
            break None;
        }
    };
    let names = Names::read(tx)?;
    let people = rows_by_id(tx, found.iter().map(|(change, _)| change.recorded.fact.customer_id))?;
    let mut entries = Vec::with_capacity(found.len());
    for (change, marks) in found {
        let fact = change.recorded.fact;
        let shown = shown(tx, &fact)?;
        entries.push(WhoEntry {
            event_id: fact.event_id,
            at: fact.recorded_at.timestamp_millis(),
            kind: shown.kind,
            by: recorder(fact.recorded_by, &names),
            approved_by: fact.approved_by.map(|by| approver(by, &names)),
            terminal_id: fact.origin.terminal_id,
            terminal_name: names.terminal_named(fact.origin.terminal_id),
            customer: customer_name(fact.customer_id, people.get(&fact.customer_id).map(|row| &row.profile)),
            subject_id: shown.subject_id,
            area_id: shown.area_id,
            code: shown.code,
            ground: shown.ground,
            points: shown.points,
            penalty_points: shown.penalty_points,
            marks,
        });
    }
    Ok(WhoPage { entries, next })
}

/// What is out of the ordinary about a fact.
fn marks(fact: &Fact, rules: &BTreeMap<u64, Rules>, now: DateTime<Utc>) -> Vec<WhoMark> {
    let mut marks = Vec::new();
    if is_correction(&fact.payload) {
        marks.push(WhoMark::Correction);
    }
    if is_override(fact, rules.get(&fact.rules)) {
        marks.push(WhoMark::Override);
    }
    if fact.approved_by.is_some() {
        marks.push(WhoMark::Approval);
    }
    if is_ahead(fact.recorded_at, now) {
        marks.push(WhoMark::ClockAhead);
    }
    marks
}

const fn is_correction(payload: &Payload) -> bool {
    match payload {
        Payload::CheckOutTakenBack(_)
        | Payload::VisitVoided(_)
        | Payload::PaymentVoided(_)
        | Payload::PointsAdjusted(_)
        | Payload::PenaltyVoided(_)
        | Payload::PenaltyDeductionVoided(_)
        | Payload::CustomersParted(_)
        | Payload::CaseResolved(_) => true,
        Payload::CheckedIn(_)
        | Payload::CheckedOut(_)
        | Payload::VisitClosed(_)
        | Payload::Earned(_)
        | Payload::Paid(_)
        | Payload::PenaltyImposed(_)
        | Payload::PenaltyDeducted(_)
        | Payload::LevelsRevised(_)
        | Payload::Given(_)
        | Payload::Reclaimed(_)
        | Payload::CustomerErased(_)
        | Payload::CustomersLinked(_)
        | Payload::Unknown { .. } => false,
    }
}

/// Whether a fact departs from the rules in force.
fn is_override(fact: &Fact, rules: Option<&Rules>) -> bool {
    let code = if let Payload::PenaltyImposed(imposed) = &fact.payload { Some(imposed.code) } else { None };
    departures(&decided(fact), code, rules) > 0
}

fn write_cursor((at_ms, change_seq): (i64, i64)) -> String {
    format!("{CURSOR}{at_ms}.{change_seq}")
}

fn parse_cursor(text: &str) -> Result<(i64, i64), AppError> {
    let parsed = text.strip_prefix(CURSOR).and_then(|place| place.split_once('.'));
    parsed.and_then(|(at, seq)| Some((at.parse().ok()?, seq.parse().ok()?))).ok_or_else(not_a_cursor)
}
