//! The review inbox: the open cases with their facts.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::check_in::Visit;
use nosmoke_domain::fact::{CaseAbout, CaseId, Payload};
use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_domain::pay::Payment;
use nosmoke_domain::penalty::Penalty;
use nosmoke_domain::points::Points;
use nosmoke_domain::review::Case;
use nosmoke_domain::words::{CaseReason, PaymentStatus};
use nosmoke_ports::contract::{AppError, CaseFact, CaseView, EntryState, RecentEntry, ReviewInput, ReviewPage};
use nosmoke_ports::{CaseQuery, CaseRow, InsideRow, Read, StoreError, Worker, read};
use nosmoke_reading::names::{Names, customer_name, rows_by_id};
use nosmoke_reading::reference;
use nosmoke_reading::state::recorded;

use super::Queries;
use super::desk::shown;
use crate::facility_cases::{self, FacilityCase};

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
            let mut open: Vec<Open> = tx.open_cases(&query)?.into_iter().map(Open::stored).collect();
            if input.reason.is_none_or(|reason| reason == CaseReason::FORGOTTEN_VISIT) {
                let forgotten = forgotten(tx, input.customer_id, now)?;
                open.extend(forgotten.into_iter().map(Open::forgotten));
            }
            let of_facility = facility_cases::open(tx, (input.reason, input.customer_id), limit)?;
            open.extend(of_facility.into_iter().map(Open::of_facility));
            open.sort_by(|one, other| (one.began_at, &one.case).cmp(&(other.began_at, &other.case)));
            let more = open.len() > CASES_MAX;
            open.truncate(CASES_MAX);
            let names = Names::read(tx)?;
            let profiles = rows_by_id(tx, open.iter().flat_map(|case| case.customers.iter().copied()))?;
            let mut cases = Vec::with_capacity(open.len());
            for case in open {
                let name = |id: &CustomerId| customer_name(*id, profiles.get(id).map(|found| &found.profile));
                let is_forgotten = case.case.reason == CaseReason::FORGOTTEN_VISIT;
                cases.push(CaseView {
                    customers: case.customers.iter().map(name).collect(),
                    facts: case_facts(tx, &names, &case)?,
                    reason: case.case.reason,
                    visit_id: case.case.about.names().next().filter(|_| is_forgotten),
                    settled_by_act: is_forgotten || case.case.reason == CaseReason::RIVAL_RULES,
                    about: case.case.about.to_string(),
                    began_at: case.began_at.timestamp_millis(),
                    points: case.points,
                });
            }
            Ok(ReviewPage { cases, more })
        })
        .await?;
        Ok(page)
    }

    /// Counts the cases that wait for somebody; at most 1,000.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn review_count(&self) -> Result<u32, AppError> {
        let now = self.core.clock.now();
        let count = read::<_, StoreError>(&*self.core.journal, move |tx| {
            Ok(tx.count_open_cases(COUNT_MAX)?
                + forgotten(tx, None, now)?.len()
                + facility_cases::count(tx, COUNT_MAX)?)
        })
        .await?;
        Ok(u32::try_from(count.min(COUNT_MAX)).unwrap_or(0))
    }
}

/// Returns the visits that nobody ended. Time alone makes these cases, so no projector stores them.
fn forgotten(
    tx: &mut dyn Read,
    customer: Option<CustomerId>,
    now: DateTime<Utc>,
) -> Result<Vec<InsideRow>, StoreError> {
    let rules = reference::rules(tx)?;
    let mut inside = match customer {
        Some(customer) => tx.inside_of(customer)?,
        None => tx.inside(None)?,
    };
    inside.retain(|row| rules.forgotten(row.since, now));
    Ok(inside)
}

/// An open case, wherever it was derived.
struct Open {
    case: CaseId,
    customers: Vec<CustomerId>,
    began_at: DateTime<Utc>,
    facts: Vec<EventId>,
    points: Option<u64>,
}

impl Open {
    fn stored(CaseRow { case, customer_id, began_at, facts, points }: CaseRow) -> Self {
        Self { case, customers: vec![customer_id], began_at, facts, points }
    }

    fn forgotten(row: InsideRow) -> Self {
        let case = CaseId { reason: CaseReason::FORGOTTEN_VISIT, about: CaseAbout::visit(row.visit_id) };
        Self { case, customers: vec![row.customer_id], began_at: row.since, facts: Vec::new(), points: None }
    }

    fn of_facility(FacilityCase { case, customers, .. }: FacilityCase) -> Self {
        let Case { id, facts, began_at, points, .. } = case;
        Self { case: id, customers, began_at, facts, points: points.map(Points::get) }
    }
}

fn case_facts(tx: &mut dyn Read, names: &Names, row: &Open) -> Result<Vec<CaseFact>, StoreError> {
    let mut wanted: BTreeSet<EventId> = row.facts.iter().copied().collect();
    if row.case.reason == CaseReason::FORGOTTEN_VISIT {
        let about = tx.facts_about(&row.case.about.names().collect())?;
        let check_ins = about.iter().filter(|it| matches!(it.recorded.fact.payload, Payload::CheckedIn(_)));
        wanted.extend(check_ins.map(|change| change.recorded.fact.event_id));
    }
    let mut changes = tx.facts_by_event(&wanted)?;
    changes.sort_by_key(|change| change.recorded.key());
    // The customer of a case isn't repeated in its facts.
    let of_many = row.customers.is_empty();
    let customers = of_many.then(|| changes.iter().map(|change| change.recorded.fact.customer_id));
    let customers = rows_by_id(tx, customers.into_iter().flatten())?;
    let mut facts = Vec::with_capacity(changes.len());
    for change in changes {
        let fact = &change.recorded.fact;
        let by = names.recorder(fact.recorded_by.id());
        let (at, state) = (fact.occurred_at.timestamp_millis(), EntryState::Saved);
        let profile = customers.get(&fact.customer_id).map(|found| &found.profile);
        let customer = customer_name(fact.customer_id, profile);
        facts.push(CaseFact {
            recorded_at: fact.recorded_at.timestamp_millis(),
            terminal: names.terminal(fact.origin.incarnation),
            voided: is_voided(tx, &fact.payload)?,
            entry: RecentEntry { at, by, state, customer, ..shown(tx, fact)? },
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
