//! The review inbox: the open cases with their facts.

use std::collections::BTreeSet;

use nosmoke_domain::check_in::Visit;
use nosmoke_domain::fact::{CaseAbout, CaseId, Payload};
use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_domain::pay::Payment;
use nosmoke_domain::penalty::Penalty;
use nosmoke_domain::words::{CaseReason, PaymentStatus};
use nosmoke_ports::contract::{AppError, CaseFact, CaseView, EntryState, RecentEntry, ReviewInput, ReviewPage};
use nosmoke_ports::{CaseQuery, CaseRow, InsideRow, Read, StoreError, Worker, read};
use nosmoke_reading::names::{Names, customer_name, rows_by_id};
use nosmoke_reading::reference;
use nosmoke_reading::state::recorded;

use super::Queries;
use super::desk::shown;

/// Most cases of one answer. The others come as these are resolved.
const CASES_MAX: usize = 100;
/// The count on the menu stops here.
const COUNT_MAX: usize = 1_000;

impl Queries {
    /// Returns the cases that wait for somebody, those that began first before the others, and the forgotten visits
    /// among them.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn review(&self, input: ReviewInput) -> Result<ReviewPage, AppError> {
        self.core.feed.caught_up(&[Worker::CheckIn, Worker::Review]).await;
        let now = self.core.clock.now();
        let page = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let limit = CASES_MAX + 1;
            let query = CaseQuery { reason: input.reason, customer: input.customer_id, limit };
            let mut rows = tx.open_cases(&query)?;
            if input.reason.is_none_or(|reason| reason == CaseReason::FORGOTTEN_VISIT) {
                let forgotten = forgotten(tx, input.customer_id, now)?;
                rows.extend(forgotten.into_iter().map(case_of));
            }
            rows.sort_by(|one, other| (one.began_at, &one.case).cmp(&(other.began_at, &other.case)));
            let more = rows.len() > CASES_MAX;
            rows.truncate(CASES_MAX);
            let (names, customers) = (Names::read(tx)?, rows_by_id(tx, rows.iter().map(|row| row.customer_id))?);
            let mut cases = Vec::with_capacity(rows.len());
            for row in rows {
                let profile = customers.get(&row.customer_id).map(|found| &found.profile);
                let is_forgotten = row.case.reason == CaseReason::FORGOTTEN_VISIT;
                let visit_id = row.case.about.names().next().filter(|_| is_forgotten);
                cases.push(CaseView {
                    customer: customer_name(row.customer_id, profile),
                    facts: case_facts(tx, &names, &row)?,
                    reason: row.case.reason,
                    visit_id,
                    about: row.case.about.into(),
                    began_at: row.began_at.timestamp_millis(),
                    points: row.points,
                });
            }
            Ok(ReviewPage { cases, more })
        })
        .await?;
        Ok(page)
    }

    /// Counts the cases that wait for somebody, and this terminal's overtaken edits; at most 1,000.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn review_count(&self) -> Result<u32, AppError> {
        let now = self.core.clock.now();
        let count = read::<_, StoreError>(&*self.core.journal, move |tx| {
            Ok(tx.count_open_cases(COUNT_MAX)? + tx.count_overtaken_edits(COUNT_MAX)? + forgotten(tx, None, now)?.len())
        })
        .await?;
        Ok(u32::try_from(count.min(COUNT_MAX)).unwrap_or(0))
    }
}

/// Returns the visits that nobody ended. Time alone makes these cases, so no projector stores them.
fn forgotten(
    tx: &mut dyn Read,
    customer: Option<CustomerId>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<InsideRow>, StoreError> {
    let rules = reference::rules(tx)?;
    let mut inside = match customer {
        Some(customer) => tx.inside_of(customer)?,
        None => tx.inside(None)?,
    };
    inside.retain(|row| rules.forgotten(row.since, now));
    Ok(inside)
}

fn case_of(row: InsideRow) -> CaseRow {
    let case = CaseId { reason: CaseReason::FORGOTTEN_VISIT, about: CaseAbout::visit(row.visit_id) };
    CaseRow { case, customer_id: row.customer_id, began_at: row.since, facts: Vec::new(), points: None }
}

fn case_facts(tx: &mut dyn Read, names: &Names, row: &CaseRow) -> Result<Vec<CaseFact>, StoreError> {
    let mut wanted: BTreeSet<EventId> = row.facts.iter().copied().collect();
    if row.case.reason == CaseReason::FORGOTTEN_VISIT {
        let about = tx.facts_about(&row.case.about.names().collect())?;
        let check_ins = about.iter().filter(|it| matches!(it.recorded.fact.payload, Payload::CheckedIn(_)));
        wanted.extend(check_ins.map(|change| change.recorded.fact.event_id));
    }
    let mut changes = tx.facts_by_event(&wanted)?;
    changes.sort_by_key(|change| change.recorded.key());
    let mut facts = Vec::with_capacity(changes.len());
    for change in changes {
        let fact = &change.recorded.fact;
        let by = names.recorder(fact.recorded_by.id());
        let (at, state) = (fact.occurred_at.timestamp_millis(), EntryState::Saved);
        facts.push(CaseFact {
            recorded_at: fact.recorded_at.timestamp_millis(),
            terminal: names.terminal(fact.origin.incarnation),
            voided: is_voided(tx, &fact.payload)?,
            entry: RecentEntry { at, by, state, ..shown(tx, fact)? },
        });
    }
    Ok(facts)
}

fn is_voided(tx: &mut dyn Read, payload: &Payload) -> Result<bool, StoreError> {
    Ok(match payload {
        Payload::CheckedIn(p) => Visit::of(recorded(&tx.facts_about(&[p.visit_id.0].into())?)).voided,
        Payload::Paid(p) => {
            let facts = tx.facts_about(&[p.payment_id().0].into())?;
            Payment::of(recorded(&facts)).status() == PaymentStatus::Voided
        }
        Payload::PenaltyImposed(p) => {
            Penalty::of(recorded(&tx.facts_about(&[p.penalty_id().0].into())?)).voided.is_some()
        }
        Payload::PenaltyDeducted(p) => {
            let facts = tx.facts_about(&[p.penalty_id.0].into())?;
            Penalty::of(recorded(&facts)).is_deduction_voided(p.deduction_id)
        }
        _ => false,
    })
}
