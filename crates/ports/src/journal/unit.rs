//! Units of work, and the journal that runs them.
//!
//! A unit of work is synchronous and runs on the writer's own thread inside one savepoint, so that a decision sees every
//! fact before it. Several waiting units share one commit (ADR 0005).

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::{Read, Write};
use crate::StoreError;

/// A unit gave up; its savepoint is rolled back and nothing of it stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abandoned;

/// A unit of work. It may be run again from the start (after a full disk, one by one), so it must not keep what a
/// failed run computed.
pub type Unit = Box<dyn FnMut(&mut dyn Write) -> Result<(), Abandoned> + Send>;
pub type ReadUnit = Box<dyn FnOnce(&mut dyn Read) + Send>;

/// Commands go before what can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    Command,
    Background,
}

/// How much commands leave to work that can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// No command came of late.
    Free,
    /// Commands come now and then: small pieces.
    Busy,
    /// Commands come one upon another: a turn is rare.
    Burst,
}

/// Answered after the commit: durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The feed's last change after this commit.
    pub last_change: i64,
}

#[async_trait]
pub trait Journal: Send + Sync + std::fmt::Debug {
    /// Runs a unit in the next group commit and answers when it is durable. `Ok(None)` when the unit abandoned.
    ///
    /// # Errors
    /// The store's; nothing of the unit is recorded then.
    async fn write_unit(&self, priority: Priority, unit: Unit) -> Result<Option<Written>, StoreError>;

    /// Waits for the turn of work that can wait, and says how the desk is doing: a command waits for the whole transaction
    /// that it meets, so what is done in bulk is done in small pieces while there are commands, and rarely while they come
    /// one upon another (ADR 0005).
    async fn turn(&self) -> Pace {
        Pace::Free
    }

    /// Runs a reading unit on a consistent view.
    ///
    /// # Errors
    /// The store's.
    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError>;
}

/// [`Journal::write_unit`] with a result of its own: what the unit's last run gave.
///
/// # Errors
/// The unit's, or the store's as `E`.
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
                *inner.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
                kept
            }),
        )
        .await?;
    let result = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    result.unwrap_or_else(|| Err(StoreError::Closed.into())).map(|value| (value, written))
}

/// [`Journal::read_unit`] with a result of its own.
///
/// # Errors
/// The unit's, or the store's as `E`.
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
            *inner.lock().unwrap_or_else(PoisonError::into_inner) = Some(unit(tx));
        }))
        .await?;
    let result = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    result.unwrap_or_else(|| Err(StoreError::Closed.into()))
}
