//! What a unit of work sees: the port, over one connection inside one transaction. Its parts stand in `parts`.

use nosmoke_ports::{Clock, Read, ReadUnit, StoreError, Write};

use super::chain::state::Chain;
use crate::raw::{Raw, binds};

pub(crate) struct Tx<'t, 'c> {
    pub(super) raw: &'t mut Raw<'c>,
    pub(super) chain: &'t mut Chain,
    pub(super) clock: &'t dyn Clock,
    /// The first write that failed. Nothing is written after it: SQLite may have ended the transaction, and what came
    /// next would be committed alone.
    failure: Option<StoreError>,
}

impl<'t, 'c> Tx<'t, 'c> {
    pub(super) fn new(raw: &'t mut Raw<'c>, chain: &'t mut Chain, clock: &'t dyn Clock) -> Self {
        Self { raw, chain, clock, failure: None }
    }

    pub(super) fn into_failure(self) -> Option<StoreError> {
        self.failure
    }

    /// Every method of the port that writes does all it does in here, also what it reads for that.
    pub(super) fn write<T>(&mut self, write: impl FnOnce(&mut Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        write(self).inspect_err(|error| self.failure = Some(error.clone()))
    }
}

impl Read for Tx<'_, '_> {}

impl Write for Tx<'_, '_> {}

/// Runs a reading unit on one state of the journal; the transaction stays open.
pub(super) fn begin_reading(raw: &mut Raw<'_>, unit: ReadUnit, clock: &dyn Clock) -> Result<(), StoreError> {
    raw.execute("BEGIN", binds![])?;
    unit(&mut Tx::new(raw, &mut Chain::default(), clock));
    Ok(())
}
