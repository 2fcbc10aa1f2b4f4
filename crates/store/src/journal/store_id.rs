//! The id that names a journal's content, so that a read model knows whether it is made from it.

use nosmoke_ports::StoreError;
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

use crate::error::{corrupt, from_sqlx};
use crate::raw::{Raw, binds};

/// The setting that it is kept as.
pub(crate) const STORE_ID: &str = "store_id";

/// Makes one where there is none, and gives the one that is there.
pub(super) async fn ensure(connection: &mut SqliteConnection) -> Result<Uuid, StoreError> {
    sqlx::query("INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING")
        .bind(STORE_ID)
        .bind(serde_json::Value::from(Uuid::new_v4().to_string()).to_string())
        .execute(&mut *connection)
        .await
        .map_err(|error| from_sqlx(&error))?;
    let json: String = sqlx::query_scalar("SELECT value FROM setting WHERE key = ?")
        .bind(STORE_ID)
        .fetch_one(connection)
        .await
        .map_err(|error| from_sqlx(&error))?;
    serde_json::from_str(&json).map_err(corrupt)
}

pub(super) fn read(raw: &mut Raw<'_>) -> Result<Uuid, StoreError> {
    let json =
        raw.row("SELECT value FROM setting WHERE key = ?1", binds![STORE_ID], |row| Ok(row.text(0)?.to_owned()))?;
    serde_json::from_str(&json.unwrap_or_default()).map_err(corrupt)
}
