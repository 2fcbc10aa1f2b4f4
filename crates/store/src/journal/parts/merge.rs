//! Records read from the log: the higher one stays, whatever came first, and what is erased stays erased.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{Merged, Note, Profile, Record, RecordKey, Reference, SearchKeys, StoreError};

use super::{pending, profiles, records};
use crate::raw::Raw;

/// What is here of a record that was read decides whether it is to be published again.
pub(crate) fn receive(raw: &mut Raw<'_>, record: &Record, now: DateTime<Utc>) -> Result<Merged, StoreError> {
    let (key, merged) = match record {
        Record::Profile(profile, keys) => (RecordKey::Profile(profile.customer_id), self::profile(raw, profile, keys)?),
        Record::Note(note) => (RecordKey::Note(note.customer_id, note.note_id), self::note(raw, note)?),
        Record::Reference(reference) => {
            (RecordKey::Reference(reference.kind, reference.id), self::reference(raw, reference)?)
        }
        Record::Erased(customer) => (RecordKey::Profile(*customer), erased(raw, *customer, now)?),
    };
    pending::mark_record(raw, key, merged == Merged::Lower)?;
    Ok(merged)
}

fn profile(raw: &mut Raw<'_>, profile: &Profile, keys: &SearchKeys) -> Result<Merged, StoreError> {
    let rank = |profile: &Profile| (profile.erased, profile.revision, profile.event_id);
    let here = profiles::profile(raw, profile.customer_id)?;
    let merged = merged(Some(rank(profile)), here.as_ref().map(rank));
    if merged == Merged::Taken {
        profiles::put(raw, profile, keys)?;
        if profile.erased {
            records::remove_notes(raw, profile.customer_id)?;
        }
    }
    Ok(merged)
}

fn reference(raw: &mut Raw<'_>, reference: &Reference) -> Result<Merged, StoreError> {
    let rank = |reference: &Reference| (reference.revision, reference.event_id);
    let here = records::reference(raw, reference.kind, reference.id)?;
    let merged = merged(Some(rank(reference)), here.as_ref().map(rank));
    if merged == Merged::Taken {
        records::put_reference(raw, reference)?;
    }
    Ok(merged)
}

fn note(raw: &mut Raw<'_>, note: &Note) -> Result<Merged, StoreError> {
    if profiles::profile(raw, note.customer_id)?.is_some_and(|profile| profile.erased) {
        return Ok(Merged::Lower);
    }
    if records::notes(raw, &[note.note_id])?.first() == Some(note) {
        return Ok(Merged::Same);
    }
    records::put_note(raw, note)?;
    Ok(Merged::Taken)
}

fn erased(raw: &mut Raw<'_>, customer: CustomerId, now: DateTime<Utc>) -> Result<Merged, StoreError> {
    records::remove_notes(raw, customer)?;
    Ok(if profiles::erase(raw, customer, now)? { Merged::Taken } else { Merged::Same })
}

fn merged<R: Ord>(read: R, here: R) -> Merged {
    match read.cmp(&here) {
        std::cmp::Ordering::Greater => Merged::Taken,
        std::cmp::Ordering::Equal => Merged::Same,
        std::cmp::Ordering::Less => Merged::Lower,
    }
}
