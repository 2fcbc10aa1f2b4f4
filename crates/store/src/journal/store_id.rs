//! The id of a journal's content. A read model stores the id of the journal that it was derived from.

use nosmoke_ports::StoreError;
use uuid::Uuid;

use crate::error::corrupt;
use crate::sqlite::{Connection, params};

/// The key of the setting that holds the id.
pub(crate) const STORE_ID: &str = "store_id";

/// Returns the journal's id; generates it if there is none.
pub(super) fn ensure(db: &mut Connection) -> Result<Uuid, StoreError> {
    let made = serde_json::Value::from(Uuid::new_v4().to_string()).to_string();
    db.execute(
        "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING",
        params![STORE_ID, made],
    )?;
    read(db)
}

pub(super) fn read(db: &mut Connection) -> Result<Uuid, StoreError> {
    let sql = "SELECT value FROM setting WHERE key = ?1";
    let json = db.row(sql, params![STORE_ID], |row| Ok(row.text(0)?.to_owned()))?;
    serde_json::from_str(&json.unwrap_or_default()).map_err(corrupt)
}
