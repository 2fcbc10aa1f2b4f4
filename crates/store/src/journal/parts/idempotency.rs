//! What commands were answered, by their idempotency keys.

use chrono::{DateTime, Utc};
use nosmoke_ports::{ReadIdempotency, Remembered, StoreError, WriteIdempotency};

use crate::error::corrupt;
use crate::journal::tx::Tx;
use crate::raw::binds;

impl ReadIdempotency for Tx<'_, '_> {
    fn remembered(&mut self, key: &str) -> Result<Option<Remembered>, StoreError> {
        self.raw.row("SELECT body, outcome FROM idempotency WHERE key = ?1", binds![key], |row| {
            let body = row.blob(0).try_into().map_err(|_| corrupt("a command's hash isn't 32 bytes"))?;
            Ok(Remembered { body, outcome: row.text(1)?.to_owned() })
        })
    }
}

impl WriteIdempotency for Tx<'_, '_> {
    fn remember(&mut self, key: &str, remembered: &Remembered, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.raw.execute(
                "INSERT INTO idempotency (key, body, outcome, at_ms) VALUES (?1, ?2, ?3, ?4)",
                binds![key, &remembered.body[..], remembered.outcome.as_str(), at.timestamp_millis()],
            )?;
            Ok(())
        })
    }

    fn forget_before(&mut self, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.raw.execute("DELETE FROM idempotency WHERE at_ms < ?1", binds![at.timestamp_millis()])?;
            Ok(())
        })
    }
}
