//! What a unit of work sees: the port, over one connection inside one transaction.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_application::ports::{
    Change, Clock, Context, CustomerRow, InsideRow, Note, PenaltyRow, Profile, Read, Reference, ReferenceKind,
    Remembered, Saved, SearchKeys, SearchQuery, StandingRow, StoreError, Worker, Write,
};
use nosmoke_domain::fact::{Draft, Fact, Origin};
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId, NoteId, PenaltyId};
use uuid::Uuid;

use super::chain::{self, Chain};
use super::{facts, profiles, projections, records};
use crate::raw::Raw;

pub(super) struct Tx<'t, 'c> {
    raw: &'t mut Raw<'c>,
    chain: &'t mut Chain,
    clock: &'t dyn Clock,
    /// The first write that failed. Nothing is written after it: SQLite may have ended the transaction, and what came
    /// next would be committed alone.
    failure: Option<StoreError>,
}

impl<'t, 'c> Tx<'t, 'c> {
    pub(super) fn new(raw: &'t mut Raw<'c>, chain: &'t mut Chain, clock: &'t dyn Clock) -> Self {
        Self { raw, chain, clock, failure: None }
    }

    pub(super) fn into_failure(self) -> Option<StoreError> {
        self.failure
    }

    fn write<T>(
        &mut self,
        write: impl FnOnce(&mut Raw<'c>, &mut Chain) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        write(self.raw, self.chain).inspect_err(|error| self.failure = Some(error.clone()))
    }
}

impl Read for Tx<'_, '_> {
    fn origin(&mut self) -> Result<Option<Origin>, StoreError> {
        chain::origin(self.raw)
    }

    fn lives(&mut self) -> Result<Vec<Origin>, StoreError> {
        chain::lives(self.raw)
    }

    fn last_change(&mut self) -> Result<i64, StoreError> {
        chain::last_change(self.raw)
    }

    fn changes(&mut self, after: i64, limit: usize) -> Result<Vec<Change>, StoreError> {
        facts::changes(self.raw, after, limit)
    }

    fn facts_after(&mut self, customer: CustomerId, after: i64) -> Result<Vec<Change>, StoreError> {
        facts::of_customer(self.raw, customer, after)
    }

    fn facts_about(&mut self, subjects: &BTreeSet<Uuid>) -> Result<Vec<Change>, StoreError> {
        facts::about(self.raw, subjects)
    }

    fn penalty_facts(&mut self, customer: CustomerId) -> Result<Vec<Change>, StoreError> {
        facts::of_penalties(self.raw, customer)
    }

    fn recent(&mut self, customer: Option<CustomerId>, limit: usize) -> Result<Vec<Change>, StoreError> {
        facts::recent(self.raw, customer, limit)
    }

    fn checkpoint(&mut self, worker: Worker) -> Result<i64, StoreError> {
        projections::checkpoint(self.raw, worker)
    }

    fn snapshot(&mut self, context: Context, customer: CustomerId) -> Result<Option<Saved>, StoreError> {
        projections::snapshot(self.raw, context, customer)
    }

    fn remembered(&mut self, key: &str) -> Result<Option<Remembered>, StoreError> {
        records::remembered(self.raw, key)
    }

    fn forked(&mut self) -> Result<BTreeSet<IncarnationId>, StoreError> {
        facts::forked(self.raw)
    }

    fn standing(&mut self, customer: CustomerId) -> Result<Option<StandingRow>, StoreError> {
        projections::standing(self.raw, customer)
    }

    fn inside_of(&mut self, customer: CustomerId) -> Result<Vec<InsideRow>, StoreError> {
        projections::inside_of(self.raw, customer)
    }

    fn inside(&mut self, area: Option<AreaId>) -> Result<Vec<InsideRow>, StoreError> {
        projections::inside(self.raw, area)
    }

    fn open_penalties(&mut self, customer: CustomerId) -> Result<Vec<PenaltyRow>, StoreError> {
        projections::open_penalties(self.raw, customer)
    }

    fn profile(&mut self, customer: CustomerId) -> Result<Option<Profile>, StoreError> {
        profiles::profile(self.raw, customer)
    }

    fn profile_by_card(&mut self, card: &str) -> Result<Option<Profile>, StoreError> {
        profiles::by_card(self.raw, card)
    }

    fn customers(&mut self, ids: &[CustomerId]) -> Result<Vec<CustomerRow>, StoreError> {
        profiles::customers(self.raw, ids)
    }

    fn search(&mut self, query: &SearchQuery) -> Result<Vec<CustomerRow>, StoreError> {
        profiles::search(self.raw, query)
    }

    fn notes(&mut self, ids: &[NoteId]) -> Result<Vec<Note>, StoreError> {
        records::notes(self.raw, ids)
    }

    fn reference(&mut self, kind: ReferenceKind, id: Uuid) -> Result<Option<Reference>, StoreError> {
        records::reference(self.raw, kind, id)
    }

    fn references(&mut self, kind: ReferenceKind) -> Result<Vec<Reference>, StoreError> {
        records::references(self.raw, kind)
    }

    fn setting(&mut self, key: &str) -> Result<Option<String>, StoreError> {
        records::setting(self.raw, key)
    }
}

impl Write for Tx<'_, '_> {
    fn append(&mut self, drafts: Vec<Draft>) -> Result<Vec<Fact>, StoreError> {
        let now = self.clock.now();
        self.write(|raw, chain| facts::append(raw, chain, drafts, now))
    }

    fn remember(&mut self, key: &str, remembered: &Remembered, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(|raw, _| records::remember(raw, key, remembered, at))
    }

    fn put_snapshot(&mut self, context: Context, customer: CustomerId, saved: &Saved) -> Result<(), StoreError> {
        self.write(|raw, _| projections::put_snapshot(raw, context, customer, saved))
    }

    fn put_checkpoint(&mut self, worker: Worker, change_seq: i64) -> Result<(), StoreError> {
        self.write(|raw, _| projections::put_checkpoint(raw, worker, change_seq))
    }

    fn put_standing(&mut self, row: &StandingRow) -> Result<(), StoreError> {
        self.write(|raw, _| projections::put_standing(raw, row))
    }

    fn put_inside(&mut self, customer: CustomerId, rows: &[InsideRow]) -> Result<(), StoreError> {
        self.write(|raw, _| projections::put_inside(raw, customer, rows))
    }

    fn put_last_visit(&mut self, customer: CustomerId, at: DateTime<Utc>, area: AreaId) -> Result<(), StoreError> {
        self.write(|raw, _| projections::put_last_visit(raw, customer, at, area))
    }

    fn put_penalty(&mut self, row: &PenaltyRow) -> Result<(), StoreError> {
        self.write(|raw, _| projections::put_penalty(raw, row))
    }

    fn remove_penalty(&mut self, penalty: PenaltyId) -> Result<(), StoreError> {
        self.write(|raw, _| projections::remove_penalty(raw, penalty))
    }

    fn put_profile(&mut self, profile: &Profile, keys: &SearchKeys) -> Result<(), StoreError> {
        self.write(|raw, _| profiles::put(raw, profile, keys))
    }

    fn put_note(&mut self, note: &Note) -> Result<(), StoreError> {
        self.write(|raw, _| records::put_note(raw, note))
    }

    fn remove_notes(&mut self, customer: CustomerId) -> Result<(), StoreError> {
        self.write(|raw, _| records::remove_notes(raw, customer))
    }

    fn put_reference(&mut self, reference: &Reference) -> Result<(), StoreError> {
        self.write(|raw, _| records::put_reference(raw, reference))
    }

    fn put_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write(|raw, _| records::put_setting(raw, key, value))
    }

    fn put_origin(&mut self, origin: Origin) -> Result<(), StoreError> {
        self.write(|raw, chain| {
            chain::put_origin(raw, origin)?;
            *chain = Chain::load(raw)?;
            Ok(())
        })
    }

    fn forget_before(&mut self, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(|raw, _| records::forget_before(raw, at))
    }
}
