//! Merges facts and documents from the log, which arrive in any order, several times, and from any terminal. A fact is
//! added once; the document with the higher revision wins, and an erased profile stays erased.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Fact, Sealed};
use nosmoke_domain::ids::{CustomerId, IncarnationId, TerminalId};
use nosmoke_ports::{
    Document, DocumentKey, Merged, Note, Profile, ReadProfiles, ReadReference, Receive, Received, Reference,
    SearchKeys, StoreError, WritePending, WriteProfiles,
};

use super::{facts, pending, profiles, reference};
use crate::journal::chain::state::advance;
use crate::journal::tx::Tx;
use crate::sqlite::{Connection, params};
use crate::words::{amount, unsigned};

/// An incarnation with new facts in the batch.
struct NewFacts {
    terminal: TerminalId,
    /// The incarnation's highest seq in the journal before this batch, even beyond a gap. A fact above it can't be part
    /// of a fork.
    highest: u64,
}

impl Receive for Tx<'_> {
    fn receive(&mut self, batch: &[Sealed]) -> Result<Received, StoreError> {
        let now = self.clock.now();
        self.write(|tx| {
            let (db, chain) = (&mut *tx.db, &mut *tx.chain);
            let mut received = Received::default();
            let mut met = BTreeMap::new();
            let mut customers = BTreeSet::new();
            for sealed in batch {
                let Fact { origin, seq, customer_id, occurred_at, .. } = sealed.fact;
                if customers.insert(customer_id) {
                    profiles::put_placeholder(db, customer_id, occurred_at)?;
                }
                let own = chain.is_own(origin.incarnation);
                // The journal nearly always has own facts already, and a lookup costs less than an insert that is
                // rejected.
                if own && pending::read_back(db, own, sealed.hash)? {
                    continue;
                }
                if !facts::insert(db, chain, sealed, now)? {
                    if !own {
                        pending::read_back(db, own, sealed.hash)?;
                    }
                    continue;
                }
                received.added += 1;
                let change_seq = chain.last_change;
                let known = match met.entry(origin.incarnation) {
                    std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                    std::collections::btree_map::Entry::Vacant(place) => {
                        let highest = highest_before(db, origin.incarnation, change_seq)?;
                        place.insert(NewFacts { terminal: origin.terminal_id, highest })
                    }
                };
                if seq <= known.highest && is_taken(db, origin.incarnation, seq, change_seq)? {
                    if put_fork(db, origin.incarnation, seq)? {
                        received.forked.push(origin.incarnation);
                    }
                } else if own {
                    received.own_ahead = true;
                }
                known.highest = known.highest.max(seq);
            }
            for (incarnation, NewFacts { terminal, .. }) in met {
                advance(db, incarnation, terminal)?;
                received.recorders.insert(incarnation);
            }
            if received.added > 0 {
                chain.totals.store(db)?;
            }
            Ok(received)
        })
    }

    /// Merges a document. If the stored one is higher, marks it as pending, because it must be published again.
    fn receive_document(&mut self, document: &Document) -> Result<Merged, StoreError> {
        let now = self.clock.now();
        self.write(|tx| {
            let (key, merged) = match document {
                Document::Profile(profile, keys) => {
                    (DocumentKey::Profile(profile.customer_id), merge_profile(tx, profile, keys)?)
                }
                Document::Note(note) => (DocumentKey::Note(note.customer_id, note.note_id), merge_note(tx, note)?),
                Document::Reference(reference) => {
                    (DocumentKey::Reference(reference.kind, reference.id), merge_reference(tx, reference)?)
                }
                Document::Erased(customer) => (DocumentKey::Profile(*customer), erase(tx, *customer, now)?),
            };
            tx.mark_document_pending(key, merged == Merged::Lower)?;
            Ok(merged)
        })
    }
}

fn highest_before(db: &mut Connection, incarnation: IncarnationId, change_seq: i64) -> Result<u64, StoreError> {
    let highest = db.row(
        "SELECT seq FROM fact WHERE incarnation = ?1 AND change_seq < ?2 ORDER BY seq DESC LIMIT 1",
        params![incarnation.0, change_seq],
        |row| unsigned(row.int(0)),
    )?;
    Ok(highest.unwrap_or_default())
}

/// Returns whether an earlier fact of the incarnation has this seq.
fn is_taken(db: &mut Connection, incarnation: IncarnationId, seq: u64, change_seq: i64) -> Result<bool, StoreError> {
    let taken = db.row(
        "SELECT 1 FROM fact WHERE incarnation = ?1 AND seq = ?2 AND change_seq < ?3 LIMIT 1",
        params![incarnation.0, amount(seq)?, change_seq],
        |_| Ok(()),
    )?;
    Ok(taken.is_some())
}

/// Stores that an incarnation has forked at a seq. Returns false if its fork was known.
fn put_fork(db: &mut Connection, incarnation: IncarnationId, seq: u64) -> Result<bool, StoreError> {
    let at = "INSERT INTO forked_seq (incarnation, seq) VALUES (?1, ?2) ON CONFLICT (incarnation, seq) DO NOTHING";
    db.execute(at, params![incarnation.0, amount(seq)?])?;
    let sql = "INSERT INTO fork (incarnation) VALUES (?1) ON CONFLICT (incarnation) DO NOTHING";
    Ok(db.execute(sql, params![incarnation.0])? > 0)
}

fn merge_profile(tx: &mut Tx<'_>, profile: &Profile, keys: &SearchKeys) -> Result<Merged, StoreError> {
    let rank = |profile: &Profile| (profile.erased, profile.revision, profile.event_id);
    let here = tx.profile(profile.customer_id)?;
    let merged = merged(Some(rank(profile)), here.as_ref().map(rank));
    if merged == Merged::Taken {
        profiles::put(tx.db, profile, keys)?;
        if profile.erased {
            tx.remove_notes_and_quarantined(profile.customer_id)?;
        }
    }
    Ok(merged)
}

fn merge_note(tx: &mut Tx<'_>, note: &Note) -> Result<Merged, StoreError> {
    if tx.profile(note.customer_id)?.is_some_and(|profile| profile.erased) {
        return Ok(Merged::Lower);
    }
    if tx.notes(&[note.note_id])?.first() == Some(note) {
        return Ok(Merged::Same);
    }
    profiles::put_note(tx.db, note)?;
    Ok(Merged::Taken)
}

fn merge_reference(tx: &mut Tx<'_>, reference: &Reference) -> Result<Merged, StoreError> {
    let rank = |reference: &Reference| (reference.revision, reference.event_id);
    let here = tx.reference(reference.kind, reference.id)?;
    let merged = merged(Some(rank(reference)), here.as_ref().map(rank));
    if merged == Merged::Taken {
        reference::put(tx.db, reference)?;
    }
    Ok(merged)
}

fn erase(tx: &mut Tx<'_>, customer: CustomerId, now: DateTime<Utc>) -> Result<Merged, StoreError> {
    tx.remove_notes_and_quarantined(customer)?;
    Ok(if profiles::erase(tx.db, customer, now)? { Merged::Taken } else { Merged::Same })
}

fn merged<R: Ord>(read: R, here: R) -> Merged {
    match read.cmp(&here) {
        std::cmp::Ordering::Greater => Merged::Taken,
        std::cmp::Ordering::Equal => Merged::Same,
        std::cmp::Ordering::Less => Merged::Lower,
    }
}
