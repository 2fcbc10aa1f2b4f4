//! A journal that crashes just before or just after its nth commit, without answering the caller.

use async_trait::async_trait;
use nosmoke_ports::{Abandoned, Journal, Priority, ReadUnit, StoreError, WriteUnit, Written};
use parking_lot::{Mutex, MutexGuard};

use super::faults::Fault;
use super::inline::InlineJournal;

/// The commit at which the journal crashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PlannedCrash {
    /// The number of commits that still succeed before the crash.
    pub(super) after: u32,
    /// True if the crash happens just after the commit, false if just before.
    pub(super) committed: bool,
}

#[derive(Debug, Default)]
struct CrashState {
    crash: Option<PlannedCrash>,
    crashed: bool,
    commits: u32,
}

#[derive(Debug)]
pub(super) struct CrashingJournal {
    inner: InlineJournal,
    state: Mutex<CrashState>,
    fault: Option<Fault>,
}

impl CrashingJournal {
    pub(super) fn new(inner: InlineJournal, fault: Option<Fault>) -> Self {
        Self { inner, state: Mutex::default(), fault }
    }

    fn state(&self) -> MutexGuard<'_, CrashState> {
        self.state.lock()
    }

    pub(super) fn plan_crash(&self, crash: PlannedCrash) {
        self.state().crash = Some(crash);
    }

    pub(super) fn cancel_crash(&self) {
        self.state().crash = None;
    }

    /// Imitates the end of the process: closes the file.
    pub(super) fn end(&self) {
        self.state().crashed = true;
        self.inner.close();
    }

    pub(super) fn has_crashed(&self) -> bool {
        self.state().crashed
    }

    /// Counts a commit. Returns `None` if the commit proceeds normally; if the crash happens at this commit, returns
    /// true if the commit is still made.
    fn count_commit(&self) -> Option<bool> {
        let mut state = self.state();
        state.commits += 1;
        let crash = state.crash.as_mut()?;
        if crash.after > 0 {
            crash.after -= 1;
            return None;
        }
        let committed = crash.committed;
        state.crashed = true;
        Some(committed)
    }

    /// Returns true if this commit must be answered but never made. This is the fault [`Fault::AnswersTooSoon`], at
    /// every 50th commit.
    fn forgets(&self) -> bool {
        self.fault == Some(Fault::AnswersTooSoon) && self.state().commits.is_multiple_of(50)
    }
}

#[async_trait]
impl Journal for CrashingJournal {
    async fn write_unit(&self, priority: Priority, mut unit: WriteUnit) -> Result<Option<Written>, StoreError> {
        if self.has_crashed() {
            return Err(StoreError::Closed);
        }
        match self.count_commit() {
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
        if self.has_crashed() { Err(StoreError::Closed) } else { self.inner.read_unit(unit).await }
    }
}
