//! Edits made here that another terminal's revision replaced without knowing them. A document's row has the texts from
//! before its edit; they move to `overtaken_edit` with the lost ones.

use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_ports::{DocumentKey, Lineage, OvertakenEdit, ReadEdits, ReferenceKind, StoreError, Texts, WriteEdits};
use serde_json::Value;
use uuid::Uuid;

use crate::error::corrupt;
use crate::journal::tx::Tx;
use crate::sqlite::{Connection, Row, params};
use crate::words::{self, limit};

const PROFILE: &str = "profile";

macro_rules! edits {
    ($rest:literal) => {
        concat!("SELECT event_id, kind, id, mine, before FROM overtaken_edit ", $rest)
    };
}

impl ReadEdits for Tx<'_> {
    fn overtaken_edits(&mut self, rows: usize) -> Result<Vec<OvertakenEdit>, StoreError> {
        self.db.rows(edits!("ORDER BY event_id LIMIT ?1"), params![limit(rows)], edit_row)
    }

    fn overtaken_edit(&mut self, edit: EventId) -> Result<Option<OvertakenEdit>, StoreError> {
        self.db.row(edits!("WHERE event_id = ?1"), params![edit.0], edit_row)
    }

    fn count_overtaken_edits(&mut self, upto: usize) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM overtaken_edit LIMIT ?1)";
        let count = self.db.row(sql, params![limit(upto)], |row| Ok(row.int(0)))?;
        usize::try_from(count.unwrap_or_default()).map_err(corrupt)
    }
}

impl WriteEdits for Tx<'_> {
    fn drop_overtaken_edit(&mut self, edit: EventId) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute("DELETE FROM overtaken_edit WHERE event_id = ?1", params![edit.0])?;
            Ok(())
        })
    }
}

/// A document that people edit, as the tables name it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    kind: &'static str,
    id: Uuid,
}

impl Place {
    pub(super) const fn profile(customer: CustomerId) -> Self {
        Self { kind: PROFILE, id: customer.0 }
    }

    /// `None` for a kind that programs write.
    pub(super) const fn reference(kind: ReferenceKind, id: Uuid) -> Option<Self> {
        if kind.is_edited_by_people() { Some(Self { kind: words::reference(kind), id }) } else { None }
    }

    /// Begins an edit made here. Returns the texts before it; an earlier edit that no other terminal can have read yet is
    /// part of it. `before` are the revision and texts that it replaces.
    pub(super) fn begin(self, db: &mut Connection, before: Option<(i64, Texts)>) -> Result<Option<String>, StoreError> {
        self.resolve(db)?;
        let Some((_, texts)) = before.filter(|(revision, _)| *revision > 0) else { return Ok(None) };
        let earlier = if self.is_pending(db)? { self.edited_from(db)? } else { None };
        Ok(Some(Value::Object(earlier.unwrap_or(texts)).to_string()))
    }

    /// Notes the edit of here that a revision is about to replace, unless that is based on it.
    pub(super) fn replace(
        self,
        db: &mut Connection,
        (old, mine): (&Lineage<'_>, &Texts),
        new: &Lineage<'_>,
    ) -> Result<(), StoreError> {
        let Some(before) = self.edited_from(db)? else { return Ok(()) };
        if new.overtakes(old, !self.is_pending(db)?) {
            db.execute(
                "INSERT OR IGNORE INTO overtaken_edit (event_id, kind, id, mine, before) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![old.event_id.0, self.kind, self.id, text_of(mine), text_of(&before)],
            )?;
        }
        Ok(())
    }

    /// Forgets the edits of which nothing is lost now.
    pub(super) fn forget_settled(self, db: &mut Connection, now: &Texts) -> Result<(), StoreError> {
        let rows = db.rows(edits!("WHERE kind = ?1 AND id = ?2"), params![self.kind, self.id], edit_row)?;
        for edit in rows.iter().filter(|edit| edit.lost(now).next().is_none()) {
            db.execute("DELETE FROM overtaken_edit WHERE event_id = ?1", params![edit.event_id.0])?;
        }
        Ok(())
    }

    /// Forgets all edits of the document: its next revision was made here, or it was erased.
    pub(super) fn resolve(self, db: &mut Connection) -> Result<(), StoreError> {
        db.execute("DELETE FROM overtaken_edit WHERE kind = ?1 AND id = ?2", params![self.kind, self.id])?;
        Ok(())
    }

    fn edited_from(self, db: &mut Connection) -> Result<Option<Texts>, StoreError> {
        let sql = match self.kind {
            PROFILE => "SELECT edited_from FROM profile WHERE customer_id = ?2 AND ?1 = 'profile'",
            _ => "SELECT edited_from FROM reference WHERE kind = ?1 AND id = ?2",
        };
        let found = db.row(sql, params![self.kind, self.id], |row| {
            row.optional(0, |column| serde_json::from_str(column.text()?).map_err(corrupt))
        })?;
        Ok(found.flatten())
    }

    fn is_pending(self, db: &mut Connection) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM pending_document WHERE kind = ?1 AND id = ?2";
        Ok(db.row(sql, params![self.kind, self.id], |_| Ok(()))?.is_some())
    }
}

fn text_of(texts: &Texts) -> String {
    Value::Object(texts.clone()).to_string()
}

fn edit_row(row: &Row<'_>) -> Result<OvertakenEdit, StoreError> {
    let key = match row.text(1)? {
        PROFILE => DocumentKey::Profile(CustomerId(row.id(2)?)),
        kind => DocumentKey::Reference(words::reference_kind(kind)?, row.id(2)?),
    };
    Ok(OvertakenEdit {
        key,
        event_id: EventId(row.id(0)?),
        mine: serde_json::from_str(row.text(3)?).map_err(corrupt)?,
        before: serde_json::from_str(row.text(4)?).map_err(corrupt)?,
    })
}
