//! Queries of the desk screen other than the customer: who is inside, the recent entries, the sync chip.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::check_in::Visit;
use nosmoke_domain::fact::{Fact, Payload};
use nosmoke_domain::ids::{AreaId, EventId};
use nosmoke_domain::pay::Payment;
use nosmoke_domain::penalty::Penalty;
use nosmoke_ports::contract::{
    AppError, AreaOccupancy, EntryState, FactKind, Occupancy, Occupant, RecentEntry, RecentInput, SyncChip,
};
use nosmoke_ports::{InsideRow, ReadFacts, StoreError, Worker, read};
use nosmoke_reading::acts::check_outs_of;
use nosmoke_reading::names::{Names, customer_name, rows_by_id};
use nosmoke_reading::reference;
use nosmoke_reading::state::recorded;
use nosmoke_runtime::connection::ConnectionState;

use super::Queries;
use super::paging::limit_of;

/// Upper bound for the entries of one query.
const RECENT_MAX: u32 = 200;

impl Queries {
    /// Returns the customers inside now, by area. A retired area is included while someone is inside.
    ///
    /// # Errors
    /// An error of the store.
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

    /// Returns the latest entries of this terminal, or of one customer, newest first.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn recent_entries(&self, input: RecentInput) -> Result<Vec<RecentEntry>, AppError> {
        let limit = limit_of(input.limit, RECENT_MAX);
        let alone = self.core.connection.state() == ConnectionState::Alone;
        let records = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let names = Names::read(tx)?;
            // A customer's earnings are left out, because the entry of their check-out shows the points already.
            let mut changes = tx.recent(input.customer_id, limit * 2)?;
            changes.retain(|change| !matches!(change.recorded.fact.payload, Payload::Earned(_)));
            changes.truncate(limit);
            let customers = rows_by_id(tx, changes.iter().map(|it| it.recorded.fact.customer_id))?;
            let pending = tx.pending_among(&changes.iter().map(|it| it.change_seq).collect::<Vec<_>>())?;
            let mut records = Vec::with_capacity(changes.len());
            for change in &changes {
                let fact = &change.recorded.fact;
                let profile = customers.get(&fact.customer_id).map(|row| &row.profile);
                records.push(RecentEntry {
                    event_id: fact.event_id,
                    at: fact.occurred_at.timestamp_millis(),
                    customer: customer_name(fact.customer_id, profile),
                    by: names.recorder(fact.recorded_by.id()),
                    state: match () {
                        // Without a cluster, facts are never pending or confirmed.
                        () if alone => EntryState::Saved,
                        () if pending.contains(&change.change_seq) => EntryState::Pending,
                        () => EntryState::Confirmed,
                    },
                    ..shown(tx, fact)?
                });
            }
            count_together(tx, &mut records)?;
            Ok(records)
        })
        .await?;
        Ok(records)
    }

    /// Returns whether another terminal of this facility is known.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn knows_others(&self) -> Result<bool, AppError> {
        Ok(read::<_, StoreError>(&*self.core.journal, |tx| reference::knows_others(tx)).await?)
    }

    /// Returns whether this terminal's facts reach the cluster, and how many are pending.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn sync_chip(&self) -> Result<SyncChip, AppError> {
        let (last, totals, hears_nobody) = read::<_, StoreError>(&*self.core.journal, |tx| {
            Ok((tx.recent(None, 1)?.pop(), tx.pending_totals()?, !reference::knows_others(tx)?))
        })
        .await?;
        let pending = u32::try_from(totals.facts).unwrap_or(u32::MAX);
        Ok(match self.core.connection.state() {
            ConnectionState::Alone => {
                SyncChip::Alone { last_record_at: last.map(|change| change.received_at.timestamp_millis()) }
            }
            ConnectionState::Offline { since } => {
                SyncChip::Offline { since: since.timestamp_millis(), pending, hears_nobody }
            }
            ConnectionState::Online { since, reading } => {
                SyncChip::Online { since: since.timestamp_millis(), pending, reading, hears_nobody }
            }
        })
    }
}

/// Counts the check-outs of each act.
fn count_together(tx: &mut dyn ReadFacts, records: &mut [RecentEntry]) -> Result<(), StoreError> {
    let acts: BTreeSet<EventId> = records.iter().filter_map(|it| it.act).collect();
    for act in acts {
        let count = check_outs_of(tx, act)?.len();
        for record in records.iter_mut().filter(|it| it.act == Some(act)) {
            record.together = u32::try_from(count).unwrap_or(u32::MAX).max(1);
        }
    }
    Ok(())
}

/// Converts a fact to an entry of the list; the caller fills in the names.
pub(crate) fn shown(tx: &mut dyn ReadFacts, fact: &Fact) -> Result<RecentEntry, StoreError> {
    let mut record = RecentEntry {
        event_id: fact.event_id,
        at: 0,
        customer: customer_name(fact.customer_id, None),
        kind: kind_of(&fact.payload),
        subject_id: fact.related().or(fact.subject()).map(|id| id.to_string()),
        deduction_id: None,
        act: None,
        together: 1,
        area_id: None,
        code: None,
        ground: None,
        points: None,
        penalty_points: None,
        by: None,
        state: EntryState::Saved,
        entered_at: fact.is_late().then(|| fact.recorded_at.timestamp_millis()),
    };
    let signed = |points: u64| i64::try_from(points).unwrap_or(i64::MAX);
    match &fact.payload {
        Payload::CheckedIn(p) => record.area_id = Some(p.area_id),
        Payload::CheckedOut(p) => {
            record.points = p.earning.map(|earning| signed(earning.points.get()));
            record.act = Some(fact.causation_id.unwrap_or(fact.event_id));
            record.area_id = area_of(tx, fact)?;
        }
        Payload::CheckOutTakenBack(p) => {
            record.points = p.lots.as_ref().map(|lots| -signed(lots.points().get()));
            record.area_id = area_of(tx, fact)?;
        }
        Payload::VisitClosed(_) | Payload::VisitVoided(_) => record.area_id = area_of(tx, fact)?,
        Payload::Earned(p) => record.points = Some(signed(p.points.get())),
        Payload::Paid(p) => record.points = Some(-signed(p.points().get())),
        Payload::PaymentVoided(p) => {
            let facts = tx.facts_about(&[p.payment_id.0].into())?;
            record.points = Payment::of(recorded(&facts)).made.map(|made| signed(made.points.get()));
        }
        Payload::PointsAdjusted(p) => record.points = Some(p.points().get()),
        Payload::PenaltyImposed(p) => {
            (record.code, record.area_id) = (Some(p.code), p.area_id);
            record.penalty_points = Some(signed(p.points().get()));
        }
        Payload::PenaltyDeducted(p) => {
            record.ground = Some(p.ground);
            record.penalty_points = Some(-signed(p.points.get()));
            record.points = p.price.as_ref().map(|price| -signed(price.points().get()));
            record.deduction_id = Some(p.deduction_id);
        }
        Payload::PenaltyDeductionVoided(p) => {
            let facts = tx.facts_about(&[p.penalty_id.0].into())?;
            let penalty = Penalty::of(recorded(&facts));
            record.deduction_id = Some(p.deduction_id);
            if let Some(deducted) = penalty.deductions.get(&p.deduction_id) {
                record.ground = Some(deducted.ground);
                record.penalty_points = Some(signed(deducted.points.get()));
                record.points = deducted.price.as_ref().map(|lots| signed(lots.points().get()));
            }
        }
        Payload::PenaltyVoided(_)
        | Payload::Given(_)
        | Payload::Reclaimed(_)
        | Payload::CustomerErased(_)
        | Payload::CustomersLinked(_)
        | Payload::CustomersParted(_)
        | Payload::CaseResolved(_)
        | Payload::LevelsRevised(_)
        | Payload::Unknown { .. } => {}
    }
    Ok(record)
}

/// Returns the kind of a fact.
pub(super) fn kind_of(payload: &Payload) -> FactKind {
    match payload {
        Payload::CheckedIn(_) => FactKind::CheckedIn,
        Payload::CheckedOut(_) => FactKind::CheckedOut,
        Payload::CheckOutTakenBack(_) => FactKind::CheckOutTakenBack,
        Payload::VisitClosed(_) => FactKind::VisitClosed,
        Payload::VisitVoided(_) => FactKind::VisitVoided,
        Payload::Earned(_) => FactKind::Earned,
        Payload::Paid(_) => FactKind::Paid,
        Payload::PaymentVoided(_) => FactKind::PaymentVoided,
        Payload::PointsAdjusted(_) => FactKind::PointsAdjusted,
        Payload::PenaltyImposed(_) => FactKind::PenaltyImposed,
        Payload::PenaltyDeducted(_) => FactKind::PenaltyDeducted,
        Payload::PenaltyVoided(_) => FactKind::PenaltyVoided,
        Payload::PenaltyDeductionVoided(_) => FactKind::PenaltyDeductionVoided,
        Payload::Given(_) => FactKind::Given,
        Payload::Reclaimed(_) => FactKind::Reclaimed,
        Payload::CustomerErased(_) => FactKind::CustomerErased,
        Payload::CustomersLinked(_) => FactKind::CustomersLinked,
        Payload::CustomersParted(_) => FactKind::CustomersParted,
        Payload::CaseResolved(_) => FactKind::CaseResolved,
        Payload::LevelsRevised(_) => FactKind::LevelsRevised,
        Payload::Unknown { .. } => FactKind::Unknown,
    }
}

/// Returns the area of the visit that a fact is about.
fn area_of(tx: &mut dyn ReadFacts, fact: &Fact) -> Result<Option<AreaId>, StoreError> {
    let Some(subject) = fact.subject() else { return Ok(None) };
    let facts = tx.facts_about(&[subject].into())?;
    Ok(Visit::of(recorded(&facts)).entry.map(|entry| entry.area_id))
}
