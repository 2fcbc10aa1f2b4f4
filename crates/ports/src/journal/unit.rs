//! Units of work, and the journal that runs them.
//!
//! A unit of work that writes is synchronous and runs on the journal's writer thread inside a savepoint, one unit after
//! the other, so that a decision sees every fact recorded before. Units that are waiting at the same time share one
//! commit (ADR 0005).

use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;

use super::{Read, Write};
use crate::StoreError;

/// The unit of work failed, and its savepoint is rolled back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abandoned;

/// A unit of work that writes. It may run a second time: if the commit of a group fails because the disk is full, each
/// unit runs again alone. So a unit must not keep results of a failed run.
pub type WriteUnit = Box<dyn FnMut(&mut dyn Write) -> Result<(), Abandoned> + Send>;
pub type ReadUnit = Box<dyn FnOnce(&mut dyn Read) + Send>;

/// The priority of a unit of work: the writer runs waiting commands and gifts before background work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    Command,
    /// Points given to another terminal, where a command waits for them. Runs like a command, but doesn't slow background
    /// work down: a hub that gives often must still read the next requests at once.
    Gift,
    Background,
    /// Background work that writes only what the facts give again. Its commit isn't synced unless another unit shares it: a
    /// power cut may undo it, and then it is done again (ADR 0005).
    Projection,
}

/// How busy the writer is with commands, which tells background work how much to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// No command came recently.
    Free,
    /// Commands come now and then: do small batches.
    Busy,
    /// Commands come without a pause: background batches run only rarely.
    Burst,
}

/// The result of a unit that was committed and is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The last change of the change feed after this commit.
    pub last_change: i64,
}

#[async_trait]
pub trait Journal: Send + Sync + std::fmt::Debug {
    /// Runs a unit of work in the next group commit and returns when it is committed: durable, unless it is a
    /// [`Priority::Projection`]. Returns `Ok(None)` if the unit
    /// returned [`Abandoned`].
    ///
    /// # Errors
    /// Returns an error of the store; nothing of the unit is recorded then.
    async fn write_unit(&self, priority: Priority, unit: WriteUnit) -> Result<Option<Written>, StoreError>;

    /// Waits until background work may write, and returns how busy the writer is. A running transaction delays every
    /// command, so background work uses small batches while there are commands, and waits longer between batches while
    /// commands come without a pause (ADR 0005).
    async fn turn(&self) -> Pace {
        Pace::Free
    }

    /// Runs a unit of work that only reads, on one consistent view of the journal.
    ///
    /// # Errors
    /// An error of the store.
    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError>;
}

/// Like [`Journal::write_unit`], and returns the result of the unit's last run.
///
/// # Errors
/// Returns the unit's error, or an error of the store converted to `E`.
pub async fn write<T, E>(
    journal: &dyn Journal,
    priority: Priority,
    mut unit: impl FnMut(&mut dyn Write) -> Result<T, E> + Send + 'static,
) -> Result<(T, Option<Written>), E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let slot = Arc::new(Mutex::new(None));
    let inner = Arc::clone(&slot);
    let written = journal
        .write_unit(
            priority,
            Box::new(move |tx| {
                let result = unit(tx);
                let kept = if result.is_ok() { Ok(()) } else { Err(Abandoned) };
                *inner.lock() = Some(result);
                kept
            }),
        )
        .await?;
    let result = slot.lock().take();
    result.unwrap_or_else(|| Err(StoreError::Closed.into())).map(|value| (value, written))
}

/// Like [`Journal::read_unit`], and returns the unit's result.
///
/// # Errors
/// Returns the unit's error, or an error of the store converted to `E`.
pub async fn read<T, E>(
    journal: &dyn Journal,
    unit: impl FnOnce(&mut dyn Read) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let slot = Arc::new(Mutex::new(None));
    let inner = Arc::clone(&slot);
    journal
        .read_unit(Box::new(move |tx| {
            *inner.lock() = Some(unit(tx));
        }))
        .await?;
    let result = slot.lock().take();
    result.unwrap_or_else(|| Err(StoreError::Closed.into()))
}
