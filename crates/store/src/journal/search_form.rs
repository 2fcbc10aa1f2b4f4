//! Makes the stored search keys, and the index of their words, again when their form has changed.

use nosmoke_ports::search_keys::{FORM, keys};
use nosmoke_ports::{SearchKeys, StoreError};
use uuid::Uuid;

use super::parts::search::{self, WORDS_FORM};
use super::parts::shared_cards;
use crate::sqlite::{Connection, Row, params};
use crate::words::{SEARCH_FORM, limit};

/// Profiles that are in memory at a time.
const STEP_ROWS: usize = 1_000;

/// Makes the keys and words of all profiles again if they are stored in another form; otherwise costs one query.
pub(super) fn ensure(db: &mut Connection) -> Result<(), StoreError> {
    let form = format!("{FORM}.{WORDS_FORM}");
    let sql = "SELECT value FROM setting WHERE key = ?1";
    let stored = db.row(sql, params![SEARCH_FORM], |row| row.text(0).map(str::to_owned))?;
    if stored.as_ref() == Some(&form) {
        return Ok(());
    }
    db.execute("BEGIN IMMEDIATE", params![])?;
    let stored = store_again(db, &form);
    let end = if stored.is_ok() { "COMMIT" } else { "ROLLBACK" };
    // After some errors SQLite has rolled the transaction back by itself.
    let ended = if db.in_transaction() { db.execute(end, params![]).map(|_| ()) } else { Ok(()) };
    stored.and(ended)
}

fn store_again(db: &mut Connection, form: &str) -> Result<(), StoreError> {
    search::clear(db)?;
    let mut after = None;
    loop {
        let profiles = db.rows(
            "SELECT customer_id, name, phone, card, name_key, initials_key, phone_key, card_key FROM profile \
             WHERE erased = 0 AND customer_id > coalesce(?1, x'') ORDER BY customer_id LIMIT ?2",
            params![after, limit(STEP_ROWS)],
            made_and_stored,
        )?;
        let Some((last, ..)) = profiles.last() else { break };
        after = Some(*last);
        for (customer, made, stored) in profiles {
            if made != stored {
                let SearchKeys { name, initials, phone_digits, card } = &made;
                db.execute(
                    "UPDATE profile SET name_key = ?2, initials_key = ?3, phone_key = ?4, card_key = ?5 \
                     WHERE customer_id = ?1",
                    params![customer, name, initials, phone_digits, card],
                )?;
                shared_cards::derive(db, customer)?;
            }
            search::index(db, customer, &made)?;
        }
    }
    db.execute(
        "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        params![SEARCH_FORM, form],
    )?;
    Ok(())
}

/// Returns a customer's keys as they are made now, and as they are stored.
fn made_and_stored(row: &Row<'_>) -> Result<(Uuid, SearchKeys, SearchKeys), StoreError> {
    let text = |index| row.optional(index, |column| column.text().map(str::to_owned));
    let made = keys(text(1)?.as_deref(), text(2)?.as_deref(), text(3)?.as_deref());
    let stored = SearchKeys {
        name: row.text(4)?.to_owned(),
        initials: row.text(5)?.to_owned(),
        phone_digits: row.text(6)?.to_owned(),
        card: row.text(7)?.to_owned(),
    };
    Ok((row.id(0)?, made, stored))
}
