//! Reference documents, by kind and id.

use nosmoke_domain::ids::EventId;
use nosmoke_ports::{
    DocumentKey, ReadReference, Reference, ReferenceKind, StoreError, StoredRules, WritePending, WriteReference,
};
use uuid::Uuid;

use super::edits::Place;
use crate::error::corrupt;
use crate::journal::tx::Tx;
use crate::sqlite::{Connection, Row, params};
use crate::words;

macro_rules! references {
    ($rest:literal) => {
        concat!("SELECT id, revision, event_id, base_revision, body, bases FROM reference WHERE kind = ?1 ", $rest)
    };
}

impl ReadReference for Tx<'_> {
    fn reference(&mut self, kind: ReferenceKind, id: Uuid) -> Result<Option<Reference>, StoreError> {
        self.db.row(references!("AND id = ?2"), params![words::reference(kind), id], |row| reference_row(kind, row))
    }

    fn references(&mut self, kind: ReferenceKind) -> Result<Vec<Reference>, StoreError> {
        self.db.rows(references!("ORDER BY id"), params![words::reference(kind)], |row| reference_row(kind, row))
    }

    fn newest_rules(&mut self) -> Result<Vec<StoredRules>, StoreError> {
        // With the kind as a literal, SQLite uses the index `rules_by_generation`.
        self.db.rows(
            "SELECT id, body FROM reference WHERE kind = 'rules' \
             AND ifnull(json_extract(body, '$.generation'), 1) = \
             (SELECT max(ifnull(json_extract(body, '$.generation'), 1)) FROM reference WHERE kind = 'rules') ORDER BY id",
            params![],
            |row| Ok(StoredRules { id: row.id(0)?, body: row.text(1)?.to_owned() }),
        )
    }
}

impl WriteReference for Tx<'_> {
    fn put_reference(&mut self, reference: &Reference) -> Result<(), StoreError> {
        self.write(|tx| {
            let from = match Place::reference(reference.kind, reference.id) {
                Some(place) => {
                    let before = tx.reference(reference.kind, reference.id)?;
                    place.begin(tx.db, before.map(|it| (it.revision, it.texts())))?
                }
                None => None,
            };
            match put(tx.db, reference, from)? {
                true => tx.mark_document_pending(DocumentKey::Reference(reference.kind, reference.id), true),
                false => Ok(()),
            }
        })
    }
}

/// Stores a reference document if it is higher than the stored one; returns whether it is. `edited_from` are the texts
/// before an edit that was made here.
pub(super) fn put(db: &mut Connection, reference: &Reference, edited_from: Option<String>) -> Result<bool, StoreError> {
    let put = db.execute(
        "INSERT INTO reference (kind, id, revision, event_id, base_revision, body, bases, edited_from) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
         ON CONFLICT (kind, id) DO UPDATE SET revision = excluded.revision, event_id = excluded.event_id, \
         base_revision = excluded.base_revision, body = excluded.body, bases = excluded.bases, \
         edited_from = excluded.edited_from \
         WHERE (excluded.revision, excluded.event_id) > (reference.revision, reference.event_id)",
        params![
            words::reference(reference.kind),
            reference.id,
            reference.revision,
            reference.event_id.0,
            reference.base_revision,
            reference.body.to_string(),
            serde_json::to_string(&reference.bases).map_err(corrupt)?,
            edited_from,
        ],
    )?;
    Ok(put > 0)
}

fn reference_row(kind: ReferenceKind, row: &Row<'_>) -> Result<Reference, StoreError> {
    Ok(Reference {
        kind,
        id: row.id(0)?,
        revision: row.int(1),
        event_id: EventId(row.id(2)?),
        base_revision: row.int(3),
        body: serde_json::from_str(row.text(4)?).map_err(corrupt)?,
        bases: serde_json::from_str(row.text(5)?).map_err(corrupt)?,
    })
}
