//! What a unit of work sees: the port, over one connection inside one transaction.

mod write;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Origin;
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId, NoteId, TerminalId};
use nosmoke_ports::{
    Change, Clock, Context, CustomerRow, Extent, Heard, InsideRow, LogPosition, Movement, Note, PenaltyRow,
    PendingFact, PendingTotals, Profile, QuarantineCursor, Quarantined, Read, ReadCheckpoints, ReadFacts,
    ReadIdempotency, ReadOrigins, ReadPending, ReadProfiles, ReadProjections, ReadReference, ReadReplication,
    ReadSettings, ReadUnknown, RecordKey, Reference, ReferenceKind, Rehashed, Remembered, Saved, SearchQuery,
    StandingRow, StoreError, Worker,
};
use uuid::Uuid;

use super::chain::state::{self, Chain};
use super::chain::tally;
use super::parts::{facts, pending, profiles, projections, records, replication, unknown};
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

impl ReadCheckpoints for Tx<'_, '_> {
    fn checkpoint(&mut self, worker: Worker) -> Result<i64, StoreError> {
        projections::checkpoint(self.raw, worker)
    }

    fn snapshot(&mut self, context: Context, customer: CustomerId) -> Result<Option<Saved>, StoreError> {
        projections::snapshot(self.raw, context, customer)
    }
}

impl ReadFacts for Tx<'_, '_> {
    fn last_change(&mut self) -> Result<i64, StoreError> {
        state::last_change(self.raw)
    }

    fn changes(&mut self, after: i64, limit: usize) -> Result<Vec<Change>, StoreError> {
        facts::changes(self.raw, after, limit)
    }

    fn arrived_after(&mut self, after: i64) -> Result<Option<DateTime<Utc>>, StoreError> {
        facts::arrived_after(self.raw, after)
    }

    fn check_outs_after(
        &mut self,
        incarnation: IncarnationId,
        after: i64,
        limit: usize,
    ) -> Result<Option<(u64, DateTime<Utc>)>, StoreError> {
        facts::check_outs_after(self.raw, incarnation, after, limit)
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

    fn movements(
        &mut self,
        customer: CustomerId,
        of: Movement,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Change>, StoreError> {
        facts::movements(self.raw, customer, of, before, limit)
    }

    fn recent(&mut self, customer: Option<CustomerId>, limit: usize) -> Result<Vec<Change>, StoreError> {
        facts::recent(self.raw, customer, limit)
    }

    fn customers_with_facts(&mut self, after: Option<CustomerId>, limit: usize) -> Result<Vec<CustomerId>, StoreError> {
        facts::customers(self.raw, after, limit)
    }

    fn erasures(&mut self, limit: usize) -> Result<Vec<Change>, StoreError> {
        facts::erasures(self.raw, limit)
    }
}

impl ReadIdempotency for Tx<'_, '_> {
    fn remembered(&mut self, key: &str) -> Result<Option<Remembered>, StoreError> {
        records::remembered(self.raw, key)
    }
}

impl ReadOrigins for Tx<'_, '_> {
    fn origin(&mut self) -> Result<Option<Origin>, StoreError> {
        state::origin(self.raw)
    }

    fn lives(&mut self) -> Result<Vec<Origin>, StoreError> {
        state::lives(self.raw)
    }

    fn terminals(&mut self) -> Result<BTreeMap<IncarnationId, TerminalId>, StoreError> {
        state::terminals(self.raw)
    }

    fn forked(&mut self) -> Result<BTreeSet<IncarnationId>, StoreError> {
        facts::forked(self.raw)
    }
}

impl ReadPending for Tx<'_, '_> {
    fn pending_facts(&mut self, own: bool, after: i64, limit: usize) -> Result<Vec<PendingFact>, StoreError> {
        pending::facts(self.raw, own, after, limit)
    }

    fn pending_records(&mut self, limit: usize) -> Result<Vec<RecordKey>, StoreError> {
        pending::records(self.raw, limit)
    }

    fn pending_totals(&mut self) -> Result<PendingTotals, StoreError> {
        pending::totals(self.raw)
    }

    fn pending_among(&mut self, changes: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
        pending::among(self.raw, changes)
    }
}

impl ReadProfiles for Tx<'_, '_> {
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
}

impl ReadProjections for Tx<'_, '_> {
    fn standing(&mut self, customer: CustomerId) -> Result<Option<StandingRow>, StoreError> {
        projections::standing(self.raw, customer)
    }

    fn not_allowed(&mut self, after: Option<CustomerId>, limit: usize) -> Result<Vec<CustomerId>, StoreError> {
        projections::not_allowed(self.raw, after, limit)
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
}

impl ReadReference for Tx<'_, '_> {
    fn reference(&mut self, kind: ReferenceKind, id: Uuid) -> Result<Option<Reference>, StoreError> {
        records::reference(self.raw, kind, id)
    }

    fn references(&mut self, kind: ReferenceKind) -> Result<Vec<Reference>, StoreError> {
        records::references(self.raw, kind)
    }
}

impl ReadReplication for Tx<'_, '_> {
    fn log_positions(&mut self) -> Result<Vec<LogPosition>, StoreError> {
        replication::log_positions(self.raw)
    }

    fn quarantined(
        &mut self,
        after: Option<QuarantineCursor>,
        limit: usize,
    ) -> Result<Vec<(QuarantineCursor, Quarantined)>, StoreError> {
        replication::quarantined(self.raw, after, limit)
    }

    fn quarantine_count(&mut self) -> Result<u64, StoreError> {
        replication::quarantine_count(self.raw)
    }

    fn heard(&mut self) -> Result<Vec<Heard>, StoreError> {
        replication::heard(self.raw)
    }

    fn extent(&mut self) -> Result<Extent, StoreError> {
        tally::extent(self.raw)
    }

    fn rehashed(
        &mut self,
        after: (CustomerId, i64),
        last: CustomerId,
        as_of: i64,
        limit: usize,
    ) -> Result<Vec<Rehashed>, StoreError> {
        tally::rehashed(self.raw, after, (last, as_of), limit)
    }
}

impl ReadSettings for Tx<'_, '_> {
    fn setting(&mut self, key: &str) -> Result<Option<String>, StoreError> {
        records::setting(self.raw, key)
    }
}

impl ReadUnknown for Tx<'_, '_> {
    fn not_understood(&mut self) -> Result<u64, StoreError> {
        unknown::count(self.raw)
    }
}

impl Read for Tx<'_, '_> {}
