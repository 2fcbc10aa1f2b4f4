//! What a unit of work works on: one connection inside one transaction. `parts` implements the ports for it.

use nosmoke_ports::{Clock, Read, ReadUnit, StoreError, Write};

use super::chain::state::Chain;
use crate::sqlite::{Connection, params};

pub(crate) struct Tx<'t> {
    pub(super) db: &'t mut Connection,
    pub(super) chain: &'t mut Chain,
    pub(super) clock: &'t dyn Clock,
    /// The first write that failed. Later writes of the unit are refused: SQLite may have ended the transaction, and
    /// then they would be committed without the failed one.
    failure: Option<StoreError>,
}

impl<'t> Tx<'t> {
    pub(super) fn new(db: &'t mut Connection, chain: &'t mut Chain, clock: &'t dyn Clock) -> Self {
        Self { db, chain, clock, failure: None }
    }

    pub(super) fn into_failure(self) -> Option<StoreError> {
        self.failure
    }

    /// Runs a writing method of a port, including its reads. Refuses if an earlier write of the unit failed.
    pub(super) fn write<T>(&mut self, write: impl FnOnce(&mut Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        write(self).inspect_err(|error| self.failure = Some(error.clone()))
    }
}

impl Read for Tx<'_> {}

impl Write for Tx<'_> {}

/// Runs a reading unit on one state of the journal. The caller must end the transaction.
pub(super) fn begin_reading(db: &mut Connection, unit: ReadUnit, clock: &dyn Clock) -> Result<(), StoreError> {
    db.execute("BEGIN", params![])?;
    unit(&mut Tx::new(db, &mut Chain::default(), clock));
    Ok(())
}
