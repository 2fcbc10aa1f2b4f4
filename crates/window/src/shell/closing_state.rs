//! What the program knows about closing the window.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use nosmoke_ports::contract::JobState;
use parking_lot::Mutex;

use crate::host::Host;

#[derive(Debug, Default)]
pub(super) struct ClosingState {
    /// Whether a screen has typed settings that aren't saved.
    pub(super) unsaved: AtomicBool,
    /// Whether the window closes when the running job has ended.
    pub(super) when_done: AtomicBool,
    /// When the screen was asked; `None` if it wasn't, or has answered.
    pub(super) asked_at: Mutex<Option<Instant>>,
}

impl ClosingState {
    /// Called when a job has ended.
    pub(super) fn job_ended(&self, host: &dyn Host, state: JobState) {
        if self.when_done.swap(false, Ordering::SeqCst) && state != JobState::Failed {
            host.close();
        }
    }
}
