//! What comes from the log, in any order, repeated, own and of others: facts are added once; of records the higher one
//! stays, and what is erased stays erased.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Fact, Sealed};
use nosmoke_domain::ids::{CustomerId, IncarnationId, TerminalId};
use nosmoke_ports::{
    Merged, Note, Profile, ReadProfiles, ReadReference, Receive, Received, Record, RecordKey, Reference, SearchKeys,
    StoreError, WritePending, WriteProfiles,
};

use super::{facts, pending, profiles, reference};
use crate::journal::chain::state::advance;
use crate::journal::tx::Tx;
use crate::raw::{Raw, binds};
use crate::words::{amount, unsigned};

/// An incarnation of which this batch holds something new.
struct Met {
    terminal: TerminalId,
    /// Its highest seq here, beyond gaps too: above it no fact can be a fork's other one.
    highest: u64,
}

impl Receive for Tx<'_, '_> {
    fn receive(&mut self, batch: &[Sealed]) -> Result<Received, StoreError> {
        let now = self.clock.now();
        self.write(|tx| {
            let (raw, chain) = (&mut *tx.raw, &mut *tx.chain);
            let mut received = Received::default();
            let mut met = BTreeMap::new();
            let mut customers = BTreeSet::new();
            for sealed in batch {
                let Fact { origin, seq, customer_id, occurred_at, .. } = sealed.fact;
                if customers.insert(customer_id) {
                    profiles::put_placeholder(raw, customer_id, occurred_at)?;
                }
                let own = chain.is_own(origin.incarnation);
                // What comes of our own was nearly always sent from here: looking for it costs less than inserting it.
                if own && pending::read_back(raw, own, sealed.hash)? {
                    continue;
                }
                if !facts::insert(raw, chain, sealed, now)? {
                    if !own {
                        pending::read_back(raw, own, sealed.hash)?;
                    }
                    continue;
                }
                received.added += 1;
                let change_seq = chain.last_change;
                let known = match met.entry(origin.incarnation) {
                    std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                    std::collections::btree_map::Entry::Vacant(place) => {
                        let highest = highest_before(raw, origin.incarnation, change_seq)?;
                        place.insert(Met { terminal: origin.terminal_id, highest })
                    }
                };
                if seq <= known.highest && is_taken(raw, origin.incarnation, seq, change_seq)? {
                    if put_fork(raw, origin.incarnation)? {
                        received.forked.push(origin.incarnation);
                    }
                } else if own {
                    received.own_ahead = true;
                }
                known.highest = known.highest.max(seq);
            }
            for (incarnation, Met { terminal, .. }) in met {
                let head = advance(raw, incarnation, terminal)?;
                if head > 0 && !chain.is_own(incarnation) && chain.seen.get(&incarnation) != Some(&head) {
                    Arc::make_mut(&mut chain.seen).insert(incarnation, head);
                }
            }
            if received.added > 0 {
                chain.tally.store(raw)?;
            }
            Ok(received)
        })
    }

    /// What is here of a record that was read decides whether it is to be published again.
    fn receive_record(&mut self, record: &Record) -> Result<Merged, StoreError> {
        let now = self.clock.now();
        self.write(|tx| {
            let (key, merged) = match record {
                Record::Profile(profile, keys) => {
                    (RecordKey::Profile(profile.customer_id), merge_profile(tx, profile, keys)?)
                }
                Record::Note(note) => (RecordKey::Note(note.customer_id, note.note_id), merge_note(tx, note)?),
                Record::Reference(reference) => {
                    (RecordKey::Reference(reference.kind, reference.id), merge_reference(tx, reference)?)
                }
                Record::Erased(customer) => (RecordKey::Profile(*customer), erase(tx, *customer, now)?),
            };
            tx.mark_record_pending(key, merged == Merged::Lower)?;
            Ok(merged)
        })
    }
}

fn highest_before(raw: &mut Raw<'_>, incarnation: IncarnationId, change_seq: i64) -> Result<u64, StoreError> {
    let highest = raw.row(
        "SELECT seq FROM fact WHERE incarnation = ?1 AND change_seq < ?2 ORDER BY seq DESC LIMIT 1",
        binds![incarnation.0, change_seq],
        |row| unsigned(row.int(0)),
    )?;
    Ok(highest.unwrap_or_default())
}

/// Whether an earlier fact has this place in the chain.
fn is_taken(raw: &mut Raw<'_>, incarnation: IncarnationId, seq: u64, change_seq: i64) -> Result<bool, StoreError> {
    let taken = raw.row(
        "SELECT 1 FROM fact WHERE incarnation = ?1 AND seq = ?2 AND change_seq < ?3 LIMIT 1",
        binds![incarnation.0, amount(seq)?, change_seq],
        |_| Ok(()),
    )?;
    Ok(taken.is_some())
}

/// True when the incarnation wasn't known to have forked.
fn put_fork(raw: &mut Raw<'_>, incarnation: IncarnationId) -> Result<bool, StoreError> {
    let sql = "INSERT INTO fork (incarnation) VALUES (?1) ON CONFLICT (incarnation) DO NOTHING";
    Ok(raw.execute(sql, binds![incarnation.0])? > 0)
}

fn merge_profile(tx: &mut Tx<'_, '_>, profile: &Profile, keys: &SearchKeys) -> Result<Merged, StoreError> {
    let rank = |profile: &Profile| (profile.erased, profile.revision, profile.event_id);
    let here = tx.profile(profile.customer_id)?;
    let merged = merged(Some(rank(profile)), here.as_ref().map(rank));
    if merged == Merged::Taken {
        profiles::put(tx.raw, profile, keys)?;
        if profile.erased {
            tx.remove_notes(profile.customer_id)?;
        }
    }
    Ok(merged)
}

fn merge_note(tx: &mut Tx<'_, '_>, note: &Note) -> Result<Merged, StoreError> {
    if tx.profile(note.customer_id)?.is_some_and(|profile| profile.erased) {
        return Ok(Merged::Lower);
    }
    if tx.notes(&[note.note_id])?.first() == Some(note) {
        return Ok(Merged::Same);
    }
    profiles::put_note(tx.raw, note)?;
    Ok(Merged::Taken)
}

fn merge_reference(tx: &mut Tx<'_, '_>, reference: &Reference) -> Result<Merged, StoreError> {
    let rank = |reference: &Reference| (reference.revision, reference.event_id);
    let here = tx.reference(reference.kind, reference.id)?;
    let merged = merged(Some(rank(reference)), here.as_ref().map(rank));
    if merged == Merged::Taken {
        reference::put(tx.raw, reference)?;
    }
    Ok(merged)
}

fn erase(tx: &mut Tx<'_, '_>, customer: CustomerId, now: DateTime<Utc>) -> Result<Merged, StoreError> {
    tx.remove_notes(customer)?;
    Ok(if profiles::erase(tx.raw, customer, now)? { Merged::Taken } else { Merged::Same })
}

fn merged<R: Ord>(read: R, here: R) -> Merged {
    match read.cmp(&here) {
        std::cmp::Ordering::Greater => Merged::Taken,
        std::cmp::Ordering::Equal => Merged::Same,
        std::cmp::Ordering::Less => Merged::Lower,
    }
}
