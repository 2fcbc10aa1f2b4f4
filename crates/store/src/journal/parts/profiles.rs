//! Profiles, the search for customers, and notes.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{CustomerId, NoteId};
use nosmoke_ports::{
    CustomerRow, DocumentKey, Note, Profile, ReadProfiles, SearchCursor, SearchKeys, SearchQuery, StoreError,
    WritePending, WriteProfiles,
};

use super::customer_rows::{customer_row, customers, profile_row};
use super::edits::Place;
use super::pending;
use super::{search, shared_cards};
use crate::error::corrupt;
use crate::journal::tx::Tx;
use crate::quarantine;
use crate::sqlite::{Connection, params};
use crate::words::{id_list, limit};

macro_rules! profiles {
    ($rest:literal) => {
        concat!(
            "SELECT p.customer_id, p.revision, p.event_id, p.base_revision, p.name, p.phone, p.card, \
             p.registered_at_ms, p.erased, p.consent_on, p.bases FROM profile p ",
            $rest
        )
    };
}

impl ReadProfiles for Tx<'_> {
    fn profile(&mut self, customer: CustomerId) -> Result<Option<Profile>, StoreError> {
        self.db.row(profiles!("WHERE p.customer_id = ?1"), params![customer.0], profile_row)
    }

    /// If terminals that were offline gave several customers the same card, returns the customer registered first.
    fn profile_by_card(&mut self, card: &str) -> Result<Option<Profile>, StoreError> {
        self.db.row(
            profiles!(
                "WHERE p.erased = 0 AND p.card_key <> '' AND p.card_key = ?1 \
                 ORDER BY p.registered_at_ms, p.customer_id LIMIT 1"
            ),
            params![card],
            profile_row,
        )
    }

    fn customers_by_cards(&mut self, cards: &[String], rows: usize) -> Result<Vec<CustomerRow>, StoreError> {
        let cards = serde_json::to_string(cards).map_err(corrupt)?;
        self.db.rows(
            &customers(
                "SELECT customer_id, row_number() OVER (ORDER BY length(card_key), registered_at_ms, customer_id) \
                 FROM profile WHERE erased = 0 AND card_key <> '' \
                 AND card_key IN (SELECT value FROM json_each(?1)) \
                 ORDER BY length(card_key), registered_at_ms, customer_id LIMIT ?2",
            ),
            params![cards, limit(rows)],
            customer_row,
        )
    }

    fn customers(&mut self, ids: &[CustomerId]) -> Result<Vec<CustomerRow>, StoreError> {
        self.db.rows(
            &customers("SELECT unhex(value), key FROM json_each(?1)"),
            params![id_list(ids.iter().map(|id| id.0))],
            customer_row,
        )
    }

    fn profiles_after(&mut self, after: Option<CustomerId>, rows: usize) -> Result<Vec<Profile>, StoreError> {
        self.db.rows(
            profiles!("WHERE p.erased = 0 AND p.customer_id > coalesce(?1, x'') ORDER BY p.customer_id LIMIT ?2"),
            params![after.map(|customer| customer.0), limit(rows)],
            profile_row,
        )
    }

    fn search(&mut self, query: &SearchQuery) -> Result<Vec<CustomerRow>, StoreError> {
        search::search(self.db, query)
    }

    fn with_phone(
        &mut self,
        keys: &SearchKeys,
        except: Option<CustomerId>,
        limit: usize,
    ) -> Result<Vec<CustomerRow>, StoreError> {
        let hit = "SELECT customer_id, row_number() OVER (ORDER BY same DESC, seen_at_ms DESC, customer_id) FROM ( \
                   SELECT customer_id, seen_at_ms, name_key = ?2 AS same FROM profile INDEXED BY profile_by_phone \
                   WHERE erased = 0 AND phone_key <> '' AND phone_key = ?1 AND name IS NOT NULL \
                   AND customer_id IS NOT ?3 ORDER BY same DESC, seen_at_ms DESC, customer_id LIMIT ?4)";
        self.db.rows(
            &customers(hit),
            params![keys.phone_digits.as_str(), keys.name.as_str(), except.map(|id| id.0), self::limit(limit)],
            customer_row,
        )
    }

    fn unseen_since(
        &mut self,
        cutoff: DateTime<Utc>,
        after: Option<SearchCursor>,
        rows: usize,
    ) -> Result<Vec<CustomerRow>, StoreError> {
        let (seen_at_ms, customer) = after.map_or((i64::MIN, None), |it| (it.seen_at_ms, Some(it.customer_id.0)));
        let hit = "SELECT customer_id, row_number() OVER (ORDER BY seen_at_ms, customer_id DESC) FROM ( \
                   SELECT customer_id, seen_at_ms FROM profile INDEXED BY searched_by_seen WHERE erased = 0 \
                   AND name_key || phone_key || card_key <> '' AND seen_at_ms < ?1 AND seen_at_ms >= ?2 \
                   AND (seen_at_ms > ?2 OR ?3 IS NULL OR customer_id < ?3) AND name_key <> '' \
                   AND NOT EXISTS (SELECT 1 FROM inside WHERE inside.customer_id = profile.customer_id) \
                   ORDER BY seen_at_ms, customer_id DESC LIMIT ?4)";
        self.db.rows(
            &customers(hit),
            params![cutoff.timestamp_millis(), seen_at_ms, customer, limit(rows)],
            customer_row,
        )
    }

    fn count_notes(&mut self, customer: CustomerId) -> Result<u32, StoreError> {
        let count = self
            .db
            .row("SELECT count(*) FROM note WHERE customer_id = ?1", params![customer.0], |row| Ok(row.int(0)))?;
        Ok(u32::try_from(count.unwrap_or_default()).unwrap_or(u32::MAX))
    }

    fn notes(&mut self, ids: &[NoteId]) -> Result<Vec<Note>, StoreError> {
        self.db.rows(
            "SELECT n.note_id, n.customer_id, n.text FROM json_each(?1) j JOIN note n ON n.note_id = unhex(j.value) \
             ORDER BY j.key",
            params![id_list(ids.iter().map(|id| id.0))],
            |row| {
                Ok(Note {
                    note_id: NoteId(row.id(0)?),
                    customer_id: CustomerId(row.id(1)?),
                    text: row.text(2)?.to_owned(),
                })
            },
        )
    }
}

impl WriteProfiles for Tx<'_> {
    fn put_profile(&mut self, profile: &Profile, keys: &SearchKeys) -> Result<(), StoreError> {
        self.write(|tx| {
            let before = tx.profile(profile.customer_id)?.map(|it| (it.revision, it.texts()));
            let from = Place::profile(profile.customer_id).begin(tx.db, before)?;
            match put(tx.db, profile, keys, from)? {
                true => tx.mark_document_pending(DocumentKey::Profile(profile.customer_id), true),
                false => Ok(()),
            }
        })
    }

    fn put_note(&mut self, note: &Note) -> Result<(), StoreError> {
        self.write(|tx| {
            put_note(tx.db, note)?;
            tx.mark_document_pending(DocumentKey::Note(note.customer_id, note.note_id), true)
        })
    }

    /// Deletes an erased customer's notes and overtaken edits, and marks the notes as pending so that they are published as erased; deletes the
    /// quarantined messages under the customer's id.
    fn remove_notes_and_quarantined(&mut self, customer: CustomerId) -> Result<(), StoreError> {
        self.write(|tx| {
            pending::mark_notes(tx.db, customer)?;
            tx.db.execute("DELETE FROM note WHERE customer_id = ?1", params![customer.0])?;
            Place::profile(customer).resolve(tx.db)?;
            tx.db.execute("UPDATE profile SET edited_from = NULL WHERE customer_id = ?1", params![customer.0])?;
            quarantine::remove_of(tx.db, |it| it == customer)?;
            tx.chain.erasures += 1;
            Ok(())
        })
    }
}

/// Stores a profile if it is higher than the stored one; returns whether it is. An erased profile has no details, and
/// stays erased whatever the revision. `edited_from` are the texts before an edit that was made here.
pub(super) fn put(
    db: &mut Connection,
    profile: &Profile,
    keys: &SearchKeys,
    edited_from: Option<String>,
) -> Result<bool, StoreError> {
    let kept = !profile.erased;
    let before = search::keys_of(db, profile.customer_id)?.unwrap_or_default();
    let nothing = SearchKeys::default();
    let keys = if kept { keys } else { &nothing };
    let text = |text: &Option<String>| text.clone().filter(|_| kept);
    let put = db.execute(
        "INSERT INTO profile (customer_id, revision, event_id, base_revision, name, phone, card, registered_at_ms, \
         erased, name_key, initials_key, phone_key, card_key, consent_on, bases, edited_from, seen_at_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, \
         max(?8, coalesce((SELECT at_ms FROM last_visit WHERE customer_id = ?1), ?8))) \
         ON CONFLICT (customer_id) DO UPDATE SET revision = excluded.revision, event_id = excluded.event_id, \
         base_revision = excluded.base_revision, name = excluded.name, phone = excluded.phone, card = excluded.card, \
         registered_at_ms = excluded.registered_at_ms, erased = excluded.erased, name_key = excluded.name_key, \
         initials_key = excluded.initials_key, phone_key = excluded.phone_key, card_key = excluded.card_key, \
         consent_on = excluded.consent_on, bases = excluded.bases, edited_from = excluded.edited_from, \
         seen_at_ms = excluded.seen_at_ms \
         WHERE (excluded.erased, excluded.revision, excluded.event_id) > (profile.erased, profile.revision, \
         profile.event_id)",
        params![
            profile.customer_id.0,
            profile.revision,
            profile.event_id.0,
            profile.base_revision,
            text(&profile.name),
            text(&profile.phone),
            text(&profile.card),
            profile.registered_at.timestamp_millis(),
            profile.erased,
            keys.name,
            keys.initials,
            keys.phone_digits,
            keys.card,
            profile.consent_on.filter(|_| kept).map(|day| day.to_string()),
            serde_json::to_string(&profile.bases).map_err(corrupt)?,
            edited_from.filter(|_| kept),
        ],
    )?;
    if put > 0 {
        search::replace(db, profile.customer_id, &before, keys)?;
        shared_cards::derive(db, profile.customer_id.0)?;
    }
    Ok(put > 0)
}

/// Adds a placeholder: an empty profile, so that a customer of whom there are only facts can be found. Any other
/// profile replaces the placeholder.
pub(super) fn put_placeholder(
    db: &mut Connection,
    customer: CustomerId,
    first_fact_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO profile (customer_id, revision, event_id, base_revision, registered_at_ms, erased, \
         name_key, initials_key, phone_key, card_key, seen_at_ms) \
         VALUES (?1, 0, zeroblob(16), 0, ?2, 0, '', '', '', '', ?2) ON CONFLICT (customer_id) DO NOTHING",
        params![customer.0, first_fact_at.timestamp_millis()],
    )?;
    Ok(())
}

/// Erases a profile because another terminal erased it; creates it if it is missing. Returns false if it was erased
/// already.
pub(super) fn erase(db: &mut Connection, customer: CustomerId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    put_placeholder(db, customer, now)?;
    let before = search::keys_of(db, customer)?.unwrap_or_default();
    let erased = db.execute(
        "UPDATE profile SET name = NULL, phone = NULL, card = NULL, erased = 1, name_key = '', initials_key = '', \
         phone_key = '', card_key = '', consent_on = NULL, edited_from = NULL WHERE customer_id = ?1 AND erased = 0",
        params![customer.0],
    )?;
    if erased > 0 {
        search::replace(db, customer, &before, &SearchKeys::default())?;
        shared_cards::derive(db, customer.0)?;
    }
    Ok(erased > 0)
}

pub(super) fn put_note(db: &mut Connection, note: &Note) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO note (note_id, customer_id, text) VALUES (?1, ?2, ?3) \
         ON CONFLICT (note_id) DO UPDATE SET text = excluded.text",
        params![note.note_id.0, note.customer_id.0, note.text.as_str()],
    )?;
    Ok(())
}
