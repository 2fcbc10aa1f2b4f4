//! Progress and cancellation of a backup or a restore.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::BackupError;

/// Progress callback: receives the number of bytes done and the total, and returns false to cancel.
pub type Tell = Arc<dyn Fn(u64, u64) -> bool + Send + Sync>;

/// Counts the bytes of all phases. Every phase counts as many bytes as the journal has.
pub(super) struct Progress {
    tell: Tell,
    bytes: u64,
    phases: u64,
    phase: AtomicU64,
    cancelled: AtomicBool,
}

impl Progress {
    pub(super) fn new(tell: Tell, bytes: u64, phases: u64) -> Arc<Self> {
        Arc::new(Self { tell, bytes, phases, phase: AtomicU64::new(0), cancelled: AtomicBool::new(false) })
    }

    /// Reports the bytes done in this phase. Returns false if the work is cancelled.
    pub(super) fn report(&self, done: u64) -> bool {
        let before = self.phase.load(Ordering::Relaxed) * self.bytes;
        if !(self.tell)(before + done.min(self.bytes), self.phases * self.bytes) {
            self.cancelled.store(true, Ordering::Relaxed);
        }
        !self.cancelled.load(Ordering::Relaxed)
    }

    pub(super) fn next_phase(&self) -> Result<(), BackupError> {
        self.phase.fetch_add(1, Ordering::Relaxed);
        if self.report(0) { Ok(()) } else { Err(BackupError::Cancelled) }
    }

    /// Reports that `done` of `of` items of this phase are done. Returns false if the work is cancelled.
    pub(super) fn report_share(&self, done: u64, of: u64) -> bool {
        let share = u128::from(self.bytes) * u128::from(done) / u128::from(of.max(1));
        self.report(u64::try_from(share).unwrap_or(u64::MAX))
    }

    /// Returns `Cancelled` if the work is cancelled, because then the error is only a result of that.
    pub(super) fn or_cancelled<E: Into<BackupError>>(&self, error: E) -> BackupError {
        if self.cancelled.load(Ordering::Relaxed) { BackupError::Cancelled } else { error.into() }
    }
}
