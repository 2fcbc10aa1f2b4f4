//! An incarnation ends when it learns that points were reclaimed from it: others count it as lost, so they neither give
//! points to it nor expect it to spend any. The folder goes on as another incarnation. The ended one still records what
//! it owes: the earnings of its check-outs, the voids of its payments, and gifts of all it holds to the present one (ADR
//! 0018).

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Fact;
use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_ports::{Ids, ReadSettings, StoreError, Write, WriteSettings, setting};
use serde::{Deserialize, Serialize};

use crate::log_memory::{LogMemory, TakenOver};

/// Setting: how far the holdings of ended incarnations were handed on to the present one. Missing once that is done.
const HANDING_ON: &str = "handing_on";

/// How far the holdings of ended incarnations were handed on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandingOn {
    /// The last customer whose holdings were handed on.
    pub after: Option<CustomerId>,
}

impl HandingOn {
    /// Returns how far it got; `None` if nothing is to be handed on.
    ///
    /// # Errors
    /// An error of the store.
    pub fn read(tx: &mut dyn ReadSettings) -> Result<Option<Self>, StoreError> {
        Ok(setting::read::<Option<Self>>(tx, HANDING_ON)?.flatten())
    }

    /// Stores how far it got; `None` once everything is handed on.
    ///
    /// # Errors
    /// An error of the store.
    pub fn put(tx: &mut dyn WriteSettings, handing_on: Option<Self>) -> Result<(), StoreError> {
        setting::put(tx, HANDING_ON, &handing_on)
    }
}

/// Ends this folder's incarnation, because points were reclaimed from it, and begins the next one. The next one gets
/// what the ended one still holds, customer by customer.
pub(crate) fn end(tx: &mut dyn Write, reclaim: &Fact, ids: &dyn Ids, now: DateTime<Utc>) -> Result<(), StoreError> {
    tracing::warn!(by = %reclaim.origin.terminal_id, "points of this terminal were taken over: its incarnation ends");
    tx.end_incarnation(IncarnationId(ids.random()))?;
    HandingOn::put(tx, Some(HandingOn::default()))?;
    let taken_over = TakenOver { by: reclaim.origin.terminal_id, at: now };
    LogMemory::change(tx, |memory| memory.taken_over = Some(taken_over))
}
