//! The answers to commands, by idempotency key.

use chrono::{DateTime, Utc};
use nosmoke_ports::{ReadIdempotency, Remembered, StoreError, WriteIdempotency};

use crate::error::corrupt;
use crate::journal::tx::Tx;
use crate::sqlite::params;

impl ReadIdempotency for Tx<'_> {
    fn remembered(&mut self, key: &str) -> Result<Option<Remembered>, StoreError> {
        self.db.row("SELECT body, outcome FROM idempotency WHERE key = ?1", params![key], |row| {
            let body = row.blob(0).try_into().map_err(|_| corrupt("a command's hash isn't 32 bytes"))?;
            Ok(Remembered { body, outcome: row.text(1)?.to_owned() })
        })
    }
}

impl WriteIdempotency for Tx<'_> {
    fn remember(&mut self, key: &str, remembered: &Remembered, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute(
                "INSERT INTO idempotency (key, body, outcome, at_ms) VALUES (?1, ?2, ?3, ?4)",
                params![key, &remembered.body[..], remembered.outcome.as_str(), at.timestamp_millis()],
            )?;
            Ok(())
        })
    }

    fn forget_before(&mut self, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute("DELETE FROM idempotency WHERE at_ms < ?1", params![at.timestamp_millis()])?;
            Ok(())
        })
    }
}
