//! What the desk shows beside the customer: who is inside, the last records, the chip.

use std::collections::BTreeMap;

use nosmoke_domain::check_in::Visit;
use nosmoke_domain::fact::{Fact, Payload};
use nosmoke_domain::ids::AreaId;
use nosmoke_domain::pay::Payment;
use nosmoke_ports::contract::{
    AppError, AreaOccupancy, Occupancy, Occupant, RecentInput, RecentRecord, RecordKind, RecordState, SyncChip,
};
use nosmoke_ports::{InsideRow, ReadFacts, StoreError, Worker, read};
use nosmoke_reading::names::{Names, customer_name, rows_by_id};
use nosmoke_reading::reference;
use nosmoke_reading::state::recorded;
use nosmoke_runtime::link::LinkState;

use super::Queries;

/// Last records one query gives at most.
const RECENT_MAX: u32 = 200;

impl Queries {
    /// Who is inside now, by area. Areas out of use are shown while someone is in them.
    ///
    /// # Errors
    /// The store's.
    pub async fn occupancy(&self) -> Result<Occupancy, AppError> {
        self.core.feed.caught_up(&[Worker::CheckIn]).await;
        let now = self.core.clock.now();
        let occupancy = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let rules = reference::rules(tx)?;
            let inside = tx.inside(None)?;
            let customers = rows_by_id(tx, inside.iter().map(|row| row.customer_id))?;
            let mut by_area: BTreeMap<AreaId, Vec<Occupant>> = BTreeMap::new();
            let total = u32::try_from(inside.len()).unwrap_or(u32::MAX);
            for InsideRow { visit_id, customer_id, area_id, since } in inside {
                let profile = customers.get(&customer_id).map(|row| &row.profile);
                by_area.entry(area_id).or_default().push(Occupant {
                    customer: customer_name(customer_id, profile),
                    phone: profile.and_then(|it| it.phone.clone()),
                    visit_id,
                    since: since.timestamp_millis(),
                    forgotten: rules.forgotten(since, now),
                });
            }
            let mut areas = Vec::new();
            for (area_id, body) in reference::areas(tx)? {
                let inside = by_area.remove(&area_id).unwrap_or_default();
                if !body.retired || !inside.is_empty() {
                    let present = u32::try_from(inside.len()).unwrap_or(u32::MAX);
                    areas.push(AreaOccupancy { area: reference::area_view(area_id, body), present, inside });
                }
            }
            Ok(Occupancy { areas, total, as_of: now.timestamp_millis() })
        })
        .await?;
        Ok(occupancy)
    }

    /// What was last done at this terminal, or to one customer, newest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn recent_records(&self, input: RecentInput) -> Result<Vec<RecentRecord>, AppError> {
        let limit = usize::try_from(input.limit.clamp(1, RECENT_MAX)).unwrap_or(1);
        let alone = self.core.link.state() == LinkState::Alone;
        let records = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let names = Names::read(tx)?;
            // Every earning follows a check-out, which says what it earns.
            let mut changes = tx.recent(input.customer_id, limit * 2)?;
            changes.retain(|change| !matches!(change.recorded.fact.payload, Payload::Earned(_)));
            changes.truncate(limit);
            let customers = rows_by_id(tx, changes.iter().map(|it| it.recorded.fact.customer_id))?;
            let pending = tx.pending_among(&changes.iter().map(|it| it.change_seq).collect::<Vec<_>>())?;
            let mut records = Vec::with_capacity(changes.len());
            for change in &changes {
                let fact = &change.recorded.fact;
                let profile = customers.get(&fact.customer_id).map(|row| &row.profile);
                records.push(RecentRecord {
                    event_id: fact.event_id,
                    at: fact.occurred_at.timestamp_millis(),
                    customer: customer_name(fact.customer_id, profile),
                    by: names.staff(fact.recorded_by.staff_id),
                    state: match () {
                        // With no cluster configured a fact goes nowhere else: it is saved, and that is all.
                        () if alone => RecordState::Saved,
                        () if pending.contains(&change.change_seq) => RecordState::Pending,
                        () => RecordState::Confirmed,
                    },
                    ..shown(tx, fact)?
                });
            }
            Ok(records)
        })
        .await?;
        Ok(records)
    }

    /// Whether facts leave this terminal, and how many wait.
    ///
    /// # Errors
    /// The store's.
    pub async fn sync_chip(&self) -> Result<SyncChip, AppError> {
        let (last, totals) =
            read::<_, StoreError>(&*self.core.journal, |tx| Ok((tx.recent(None, 1)?.pop(), tx.pending_totals()?)))
                .await?;
        let pending = u32::try_from(totals.facts).unwrap_or(u32::MAX);
        Ok(match self.core.link.state() {
            LinkState::Alone => {
                SyncChip::Alone { last_record_at: last.map(|change| change.received_at.timestamp_millis()) }
            }
            LinkState::Offline { since } => SyncChip::Offline { since: since.timestamp_millis(), pending },
            LinkState::Online { since, reading } => {
                SyncChip::Online { since: since.timestamp_millis(), pending, reading }
            }
        })
    }
}

/// What a fact says on one line; ids and names are filled in by the caller.
fn shown(tx: &mut dyn ReadFacts, fact: &Fact) -> Result<RecentRecord, StoreError> {
    let mut record = RecentRecord {
        event_id: fact.event_id,
        at: 0,
        customer: customer_name(fact.customer_id, None),
        kind: kind_of(&fact.payload),
        subject_id: fact.related().or(fact.subject()).map(|id| id.to_string()),
        area_id: None,
        code: None,
        ground: None,
        points: None,
        penalty_points: None,
        by: None,
        state: RecordState::Saved,
    };
    let signed = |points: u64| i64::try_from(points).unwrap_or(i64::MAX);
    match &fact.payload {
        Payload::CheckedIn(p) => record.area_id = Some(p.area_id),
        Payload::CheckedOut(p) => {
            record.points = p.earning.map(|earning| signed(earning.points.get()));
            record.area_id = area_of(tx, fact)?;
        }
        Payload::VisitClosed(_) | Payload::VisitVoided(_) => record.area_id = area_of(tx, fact)?,
        Payload::Earned(p) => record.points = Some(signed(p.points.get())),
        Payload::Paid(p) => record.points = Some(-signed(p.points().get())),
        Payload::PaymentVoided(p) => {
            let facts = tx.facts_about(&[p.payment_id.0].into())?;
            record.points = Payment::of(recorded(&facts)).made.map(|made| signed(made.points.get()));
        }
        Payload::PointsAdjusted(p) => record.points = Some(p.points.get()),
        Payload::PenaltyImposed(p) => {
            (record.code, record.area_id) = (Some(p.code), p.area_id);
            record.penalty_points = Some(signed(p.points().get()));
        }
        Payload::PenaltyDeducted(p) => {
            record.ground = Some(p.ground);
            record.penalty_points = Some(-signed(p.points.get()));
        }
        Payload::PenaltyVoided(_)
        | Payload::Asked(_)
        | Payload::Given(_)
        | Payload::Reclaimed(_)
        | Payload::CustomerErased(_)
        | Payload::CustomersLinked(_)
        | Payload::CaseResolved(_)
        | Payload::Unknown { .. } => {}
    }
    Ok(record)
}

/// What kind of record a fact is.
pub(super) fn kind_of(payload: &Payload) -> RecordKind {
    match payload {
        Payload::CheckedIn(_) => RecordKind::CheckedIn,
        Payload::CheckedOut(_) => RecordKind::CheckedOut,
        Payload::VisitClosed(_) => RecordKind::VisitClosed,
        Payload::VisitVoided(_) => RecordKind::VisitVoided,
        Payload::Earned(_) => RecordKind::Earned,
        Payload::Paid(_) => RecordKind::Paid,
        Payload::PaymentVoided(_) => RecordKind::PaymentVoided,
        Payload::PointsAdjusted(_) => RecordKind::PointsAdjusted,
        Payload::PenaltyImposed(_) => RecordKind::PenaltyImposed,
        Payload::PenaltyDeducted(_) => RecordKind::PenaltyDeducted,
        Payload::PenaltyVoided(_) => RecordKind::PenaltyVoided,
        Payload::Asked(_) => RecordKind::Asked,
        Payload::Given(_) => RecordKind::Given,
        Payload::Reclaimed(_) => RecordKind::Reclaimed,
        Payload::CustomerErased(_) => RecordKind::CustomerErased,
        Payload::CustomersLinked(_) => RecordKind::CustomersLinked,
        Payload::CaseResolved(_) => RecordKind::CaseResolved,
        Payload::Unknown { .. } => RecordKind::Unknown,
    }
}

/// The area of the visit that a fact is about.
fn area_of(tx: &mut dyn ReadFacts, fact: &Fact) -> Result<Option<AreaId>, StoreError> {
    let Some(subject) = fact.subject() else { return Ok(None) };
    let facts = tx.facts_about(&[subject].into())?;
    Ok(Visit::of(recorded(&facts)).entry.map(|entry| entry.area_id))
}
