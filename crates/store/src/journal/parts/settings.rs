//! Settings of this terminal.

use nosmoke_ports::{ReadSettings, StoreError, WriteSettings};

use crate::journal::tx::Tx;
use crate::raw::binds;

impl ReadSettings for Tx<'_, '_> {
    fn setting(&mut self, key: &str) -> Result<Option<String>, StoreError> {
        self.raw.row("SELECT value FROM setting WHERE key = ?1", binds![key], |row| row.text(0).map(str::to_owned))
    }
}

impl WriteSettings for Tx<'_, '_> {
    fn put_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.raw.execute(
                "INSERT INTO setting (key, value) VALUES (?1, ?2) \
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                binds![key, value],
            )?;
            Ok(())
        })
    }
}
