//! Makes the stored search keys again when their form has changed.

use std::ops::ControlFlow;

use nosmoke_ports::search_keys::{FORM, keys};
use nosmoke_ports::{SearchKeys, StoreError};
use uuid::Uuid;

use super::parts::shared_cards;
use crate::sqlite::{Connection, Row, params};

/// The key of the setting that holds the form of the stored keys.
const SEARCH_FORM: &str = "search_form";

/// Makes the keys of all profiles again if they are stored in another form; otherwise costs one query.
pub(super) fn ensure(db: &mut Connection) -> Result<(), StoreError> {
    let form = FORM.to_string();
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
    let mut changed = Vec::new();
    db.each(
        "SELECT customer_id, name, phone, card, name_key, initials_key, phone_key, card_key FROM profile \
         WHERE erased = 0",
        params![],
        |row| {
            changed.extend(other_keys(row)?);
            Ok(ControlFlow::Continue(()))
        },
    )?;
    for (customer, SearchKeys { name, initials, phone_digits, card }) in changed {
        db.execute(
            "UPDATE profile SET name_key = ?2, initials_key = ?3, phone_key = ?4, card_key = ?5 \
             WHERE customer_id = ?1",
            params![customer, name, initials, phone_digits, card],
        )?;
        shared_cards::derive(db, customer)?;
    }
    db.execute(
        "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        params![SEARCH_FORM, form],
    )?;
    Ok(())
}

/// Returns a profile's keys if the stored ones differ from them.
fn other_keys(row: &Row<'_>) -> Result<Option<(Uuid, SearchKeys)>, StoreError> {
    let text = |index| row.optional(index, |column| column.text().map(str::to_owned));
    let made = keys(text(1)?.as_deref(), text(2)?.as_deref(), text(3)?.as_deref());
    let stored = SearchKeys {
        name: row.text(4)?.to_owned(),
        initials: row.text(5)?.to_owned(),
        phone_digits: row.text(6)?.to_owned(),
        card: row.text(7)?.to_owned(),
    };
    Ok((made != stored).then_some((row.id(0)?, made)))
}
