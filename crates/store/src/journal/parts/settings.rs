//! The settings of this terminal, as JSON by key.

use nosmoke_ports::{ReadSettings, StoreError, WriteSettings};

use crate::journal::tx::Tx;
use crate::sqlite::params;

impl ReadSettings for Tx<'_> {
    fn setting(&mut self, key: &str) -> Result<Option<String>, StoreError> {
        self.db.row("SELECT value FROM setting WHERE key = ?1", params![key], |row| row.text(0).map(str::to_owned))
    }
}

impl WriteSettings for Tx<'_> {
    fn put_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute(
                "INSERT INTO setting (key, value) VALUES (?1, ?2) \
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                params![key, value],
            )?;
            Ok(())
        })
    }
}
