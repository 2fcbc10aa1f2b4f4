//! A journal whose nth commit kills the terminal, just before it or just after: whoever waits for the answer never hears.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use nosmoke_ports::{Abandoned, Journal, Priority, ReadUnit, StoreError, Unit, Written};

use super::faults::Fault;

/// When a terminal dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Death {
    /// Commits that it still makes.
    pub(super) after: u32,
    /// That commit is made, but not answered.
    pub(super) committed: bool,
}

#[derive(Debug, Default)]
struct Life {
    death: Option<Death>,
    dead: bool,
    commits: u32,
}

#[derive(Debug)]
pub(super) struct Mortal {
    inner: Arc<dyn Journal>,
    life: Mutex<Life>,
    fault: Option<Fault>,
}

impl Mortal {
    pub(super) fn new(inner: Arc<dyn Journal>, fault: Option<Fault>) -> Self {
        Self { inner, life: Mutex::default(), fault }
    }

    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn dies(&self, death: Death) {
        self.life().death = Some(death);
    }

    pub(super) fn spare(&self) {
        self.life().death = None;
    }

    pub(super) fn is_dead(&self) -> bool {
        self.life().dead
    }

    /// Whether this commit is the last; true where it is still made.
    fn last_commit(&self) -> Option<bool> {
        let mut life = self.life();
        life.commits += 1;
        let death = life.death.as_mut()?;
        if death.after > 0 {
            death.after -= 1;
            return None;
        }
        let committed = death.committed;
        life.dead = true;
        Some(committed)
    }

    /// Planted: every so often a commit is answered that is never made.
    fn forgets(&self) -> bool {
        self.fault == Some(Fault::AnswersTooSoon) && self.life().commits.is_multiple_of(50)
    }
}

#[async_trait]
impl Journal for Mortal {
    async fn write_unit(&self, priority: Priority, mut unit: Unit) -> Result<Option<Written>, StoreError> {
        if self.is_dead() {
            return Err(StoreError::Closed);
        }
        match self.last_commit() {
            None if priority == Priority::Command && self.forgets() => {
                let undone = Box::new(move |tx: &mut dyn nosmoke_ports::Write| {
                    let _ = unit(tx);
                    Err(Abandoned)
                });
                self.inner.write_unit(priority, undone).await?;
                Ok(Some(Written { last_change: 0 }))
            }
            None => self.inner.write_unit(priority, unit).await,
            Some(committed) => {
                if committed {
                    self.inner.write_unit(priority, unit).await?;
                }
                Err(StoreError::Closed)
            }
        }
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        if self.is_dead() { Err(StoreError::Closed) } else { self.inner.read_unit(unit).await }
    }
}
