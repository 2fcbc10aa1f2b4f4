//! Records that aren't facts: answered commands, notes, reference data, settings.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{CustomerId, EventId, NoteId};
use nosmoke_ports::{Note, Reference, ReferenceKind, Remembered, StoreError};
use uuid::Uuid;

use super::pending;
use crate::error::corrupt;
use crate::raw::{Raw, Row, binds};
use crate::words::{self, id_list};

pub(crate) fn remembered(raw: &mut Raw<'_>, key: &str) -> Result<Option<Remembered>, StoreError> {
    raw.row("SELECT body, outcome FROM idempotency WHERE key = ?1", binds![key], |row| {
        let body = row.blob(0).try_into().map_err(|_| corrupt("a command's hash isn't 32 bytes"))?;
        Ok(Remembered { body, outcome: row.text(1)?.to_owned() })
    })
}

pub(crate) fn remember(
    raw: &mut Raw<'_>,
    key: &str,
    remembered: &Remembered,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    raw.execute(
        "INSERT INTO idempotency (key, body, outcome, at_ms) VALUES (?1, ?2, ?3, ?4)",
        binds![key, &remembered.body[..], remembered.outcome.as_str(), at.timestamp_millis()],
    )?;
    Ok(())
}

pub(crate) fn forget_before(raw: &mut Raw<'_>, at: DateTime<Utc>) -> Result<(), StoreError> {
    raw.execute("DELETE FROM idempotency WHERE at_ms < ?1", binds![at.timestamp_millis()])?;
    Ok(())
}

pub(crate) fn notes(raw: &mut Raw<'_>, ids: &[NoteId]) -> Result<Vec<Note>, StoreError> {
    raw.rows(
        "SELECT n.note_id, n.customer_id, n.text FROM json_each(?1) j JOIN note n ON n.note_id = unhex(j.value) \
         ORDER BY j.key",
        binds![id_list(ids.iter().map(|id| id.0))],
        |row| {
            Ok(Note { note_id: NoteId(row.id(0)?), customer_id: CustomerId(row.id(1)?), text: row.text(2)?.to_owned() })
        },
    )
}

pub(crate) fn put_note(raw: &mut Raw<'_>, note: &Note) -> Result<(), StoreError> {
    raw.execute(
        "INSERT INTO note (note_id, customer_id, text) VALUES (?1, ?2, ?3) \
         ON CONFLICT (note_id) DO UPDATE SET text = excluded.text",
        binds![note.note_id.0, note.customer_id.0, note.text.as_str()],
    )?;
    Ok(())
}

/// What is deleted is to be published as erased.
pub(crate) fn remove_notes(raw: &mut Raw<'_>, customer: CustomerId) -> Result<(), StoreError> {
    pending::mark_notes(raw, customer)?;
    raw.execute("DELETE FROM note WHERE customer_id = ?1", binds![customer.0])?;
    Ok(())
}

macro_rules! references {
    ($rest:literal) => {
        concat!("SELECT id, revision, event_id, base_revision, body FROM reference WHERE kind = ?1 ", $rest)
    };
}

pub(crate) fn reference(raw: &mut Raw<'_>, kind: ReferenceKind, id: Uuid) -> Result<Option<Reference>, StoreError> {
    raw.row(references!("AND id = ?2"), binds![words::reference(kind), id], |row| reference_row(kind, row))
}

pub(crate) fn references(raw: &mut Raw<'_>, kind: ReferenceKind) -> Result<Vec<Reference>, StoreError> {
    raw.rows(references!("ORDER BY id"), binds![words::reference(kind)], |row| reference_row(kind, row))
}

/// False when a higher one is here.
pub(crate) fn put_reference(raw: &mut Raw<'_>, reference: &Reference) -> Result<bool, StoreError> {
    let put = raw.execute(
        "INSERT INTO reference (kind, id, revision, event_id, base_revision, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (kind, id) DO UPDATE SET revision = excluded.revision, event_id = excluded.event_id, \
         base_revision = excluded.base_revision, body = excluded.body \
         WHERE (excluded.revision, excluded.event_id) > (reference.revision, reference.event_id)",
        binds![
            words::reference(reference.kind),
            reference.id,
            reference.revision,
            reference.event_id.0,
            reference.base_revision,
            reference.body.to_string(),
        ],
    )?;
    Ok(put > 0)
}

pub(crate) fn setting(raw: &mut Raw<'_>, key: &str) -> Result<Option<String>, StoreError> {
    raw.row("SELECT value FROM setting WHERE key = ?1", binds![key], |row| row.text(0).map(str::to_owned))
}

pub(crate) fn put_setting(raw: &mut Raw<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    raw.execute(
        "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        binds![key, value],
    )?;
    Ok(())
}

fn reference_row(kind: ReferenceKind, row: &Row<'_>) -> Result<Reference, StoreError> {
    Ok(Reference {
        kind,
        id: row.id(0)?,
        revision: row.int(1),
        event_id: EventId(row.id(2)?),
        base_revision: row.int(3),
        body: serde_json::from_str(row.text(4)?).map_err(corrupt)?,
    })
}
