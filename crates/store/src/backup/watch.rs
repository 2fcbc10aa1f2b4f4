//! Progress of a long work, and its cancelling.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::BackupError;

/// Hears how many bytes of how many are done, and answers whether to go on.
pub type Tell = Arc<dyn Fn(u64, u64) -> bool + Send + Sync>;

/// Every phase counts as many bytes as the journal has.
pub(super) struct Watch {
    tell: Tell,
    bytes: u64,
    phases: u64,
    phase: AtomicU64,
    cancelled: AtomicBool,
}

impl Watch {
    pub(super) fn new(tell: Tell, bytes: u64, phases: u64) -> Arc<Self> {
        Arc::new(Self { tell, bytes, phases, phase: AtomicU64::new(0), cancelled: AtomicBool::new(false) })
    }

    /// So many bytes of this phase are done. False once cancelled.
    pub(super) fn go_on(&self, done: u64) -> bool {
        let before = self.phase.load(Ordering::Relaxed) * self.bytes;
        if !(self.tell)(before + done.min(self.bytes), self.phases * self.bytes) {
            self.cancelled.store(true, Ordering::Relaxed);
        }
        !self.cancelled.load(Ordering::Relaxed)
    }

    pub(super) fn next_phase(&self) -> Result<(), BackupError> {
        self.phase.fetch_add(1, Ordering::Relaxed);
        if self.go_on(0) { Ok(()) } else { Err(BackupError::Cancelled) }
    }

    /// Part of a phase in other units than bytes.
    pub(super) fn go_on_by(&self, done: u64, of: u64) -> bool {
        let share = u128::from(self.bytes) * u128::from(done) / u128::from(of.max(1));
        self.go_on(u64::try_from(share).unwrap_or(u64::MAX))
    }

    /// An error that cancelling caused is `Cancelled`.
    pub(super) fn told<E: Into<BackupError>>(&self, error: E) -> BackupError {
        if self.cancelled.load(Ordering::Relaxed) { BackupError::Cancelled } else { error.into() }
    }
}
