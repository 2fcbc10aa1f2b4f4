//! What a unit of work may do besides reading.

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Draft, Fact, Hash, Origin, Sealed};
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId, PenaltyId};
use nosmoke_ports::{
    Context, Heard, InsideRow, LogPosition, Merged, Note, PenaltyRow, Profile, Quarantined, Receive, Received, Record,
    RecordKey, Reference, Remembered, Saved, SearchKeys, StandingRow, StoreError, Topic, Worker, Write,
    WriteCheckpoints, WriteFacts, WriteIdempotency, WriteOrigins, WritePending, WriteProfiles, WriteProjections,
    WriteReference, WriteReplication, WriteSettings, WriteUnknown,
};

use super::Tx;
use crate::journal::chain::state::{self, Chain};
use crate::journal::parts::{facts, merge, pending, profiles, projections, receive, records, replication, unknown};

impl Receive for Tx<'_, '_> {
    fn receive(&mut self, facts: &[Sealed]) -> Result<Received, StoreError> {
        let now = self.clock.now();
        self.write(|raw, chain| receive::receive(raw, chain, facts, now))
    }

    fn receive_record(&mut self, record: &Record) -> Result<Merged, StoreError> {
        let now = self.clock.now();
        self.write(|raw, _| merge::receive(raw, record, now))
    }
}

impl WriteCheckpoints for Tx<'_, '_> {
    fn put_checkpoint(&mut self, worker: Worker, change_seq: i64) -> Result<(), StoreError> {
        self.write(|raw, _| projections::put_checkpoint(raw, worker, change_seq))
    }

    fn put_snapshot(&mut self, context: Context, customer: CustomerId, saved: &Saved) -> Result<(), StoreError> {
        self.write(|raw, _| projections::put_snapshot(raw, context, customer, saved))
    }
}

impl WriteFacts for Tx<'_, '_> {
    fn append(&mut self, drafts: Vec<Draft>) -> Result<Vec<Fact>, StoreError> {
        let now = self.clock.now();
        self.write(|raw, chain| facts::append(raw, chain, drafts, now))
    }
}

impl WriteIdempotency for Tx<'_, '_> {
    fn remember(&mut self, key: &str, remembered: &Remembered, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(|raw, _| records::remember(raw, key, remembered, at))
    }

    fn forget_before(&mut self, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(|raw, _| records::forget_before(raw, at))
    }
}

impl WriteOrigins for Tx<'_, '_> {
    fn put_origin(&mut self, origin: Origin) -> Result<(), StoreError> {
        self.write(|raw, chain| {
            state::put_origin(raw, origin)?;
            *chain = Chain::load(raw)?;
            Ok(())
        })
    }
}

impl WritePending for Tx<'_, '_> {
    fn read_back(&mut self, hash: Hash, customer: CustomerId) -> Result<bool, StoreError> {
        self.write(|raw, _| pending::own_read_back(raw, hash, customer))
    }

    fn read_back_changes(&mut self, changes: &[i64]) -> Result<(), StoreError> {
        self.write(|raw, _| pending::own_read_back_changes(raw, changes))
    }

    fn mark_all_pending(&mut self) -> Result<(), StoreError> {
        self.write(|raw, _| pending::mark_all(raw))
    }

    fn mark_pending_after(&mut self, incarnation: IncarnationId, seq: u64) -> Result<(), StoreError> {
        self.write(|raw, _| pending::mark_after(raw, incarnation, seq))
    }

    fn mark_profiles_pending(&mut self) -> Result<(), StoreError> {
        self.write(|raw, _| pending::mark_profiles(raw))
    }

    fn mark_record_pending(&mut self, key: RecordKey, pending: bool) -> Result<(), StoreError> {
        self.write(|raw, _| pending::mark_record(raw, key, pending))
    }
}

impl WriteProfiles for Tx<'_, '_> {
    fn put_profile(&mut self, profile: &Profile, keys: &SearchKeys) -> Result<(), StoreError> {
        self.write(|raw, _| match profiles::put(raw, profile, keys)? {
            true => pending::mark_record(raw, RecordKey::Profile(profile.customer_id), true),
            false => Ok(()),
        })
    }

    fn put_note(&mut self, note: &Note) -> Result<(), StoreError> {
        self.write(|raw, _| {
            records::put_note(raw, note)?;
            pending::mark_record(raw, RecordKey::Note(note.customer_id, note.note_id), true)
        })
    }

    fn remove_notes(&mut self, customer: CustomerId) -> Result<(), StoreError> {
        self.write(|raw, _| records::remove_notes(raw, customer))
    }
}

impl WriteProjections for Tx<'_, '_> {
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
}

impl WriteReference for Tx<'_, '_> {
    fn put_reference(&mut self, reference: &Reference) -> Result<(), StoreError> {
        self.write(|raw, _| match records::put_reference(raw, reference)? {
            true => pending::mark_record(raw, RecordKey::Reference(reference.kind, reference.id), true),
            false => Ok(()),
        })
    }
}

impl WriteReplication for Tx<'_, '_> {
    fn put_log_position(&mut self, position: &LogPosition) -> Result<(), StoreError> {
        self.write(|raw, _| replication::put_log_position(raw, position))
    }

    fn forget_log_positions(&mut self, topics: &[Topic]) -> Result<(), StoreError> {
        self.write(|raw, _| replication::forget_log_positions(raw, topics))
    }

    fn put_quarantined(&mut self, quarantined: &Quarantined) -> Result<(), StoreError> {
        self.write(|raw, _| replication::put_quarantined(raw, quarantined))
    }

    fn put_heard(&mut self, heard: &Heard) -> Result<(), StoreError> {
        self.write(|raw, _| replication::put_heard(raw, heard))
    }
}

impl WriteSettings for Tx<'_, '_> {
    fn put_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write(|raw, _| records::put_setting(raw, key, value))
    }
}

impl WriteUnknown for Tx<'_, '_> {
    fn understand(&mut self) -> Result<u64, StoreError> {
        self.write(|raw, _| unknown::understand(raw))
    }
}

impl Write for Tx<'_, '_> {}
