//! What the quarantine must not keep of erased customers.

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::StoreError;
use uuid::Uuid;

use crate::sqlite::{Connection, params};

/// Returns the customer that a message's key names: the key of a fact, a profile or a note begins with its id.
pub(crate) fn customer_of(key: &[u8]) -> Option<CustomerId> {
    let text = std::str::from_utf8(key).ok()?;
    let id = text.split_once('/').map_or(text, |(customer, _)| customer);
    Uuid::parse_str(id).ok().map(CustomerId)
}

/// Removes the quarantined messages whose key names one of these customers. The journal may be one of an earlier version.
pub(crate) fn remove_of(db: &mut Connection, is_erased: impl Fn(CustomerId) -> bool) -> Result<(), StoreError> {
    if !has_table(db, "quarantine")? {
        return Ok(());
    }
    let sql = "SELECT id, key FROM quarantine WHERE key IS NOT NULL";
    let keys = db.rows(sql, params![], |row| Ok((row.int(0), customer_of(row.blob(1)))))?;
    let removed: Vec<i64> =
        keys.into_iter().filter(|(_, customer)| customer.is_some_and(&is_erased)).map(|(id, _)| id).collect();
    for id in &removed {
        db.execute("DELETE FROM quarantine WHERE id = ?1", params![*id])?;
    }
    if !removed.is_empty() && has_table(db, "quarantine_size")? {
        db.execute(
            "UPDATE quarantine_size SET messages = (SELECT count(*) FROM quarantine), bytes = (SELECT \
             ifnull(sum(length(value) + ifnull(length(key), 0) + length(CAST(headers AS BLOB))), 0) FROM quarantine)",
            params![],
        )?;
    }
    Ok(())
}

fn has_table(db: &mut Connection, name: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    Ok(db.row(sql, params![name], |_| Ok(()))?.is_some())
}
