//! What `/health` answers. It is kept in memory, because the route needs no token and so anybody on this machine can call
//! it without end.

use std::sync::Arc;

use nosmoke_ports::contract::{AppError, ErrorCode};
use parking_lot::Mutex;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok` if the journal could be read a few seconds ago.
    pub(crate) status: &'static str,
    /// `off` without a cluster, `hears_nobody` while no other terminal of this facility is known, else `on`.
    pub(crate) exchange: &'static str,
    /// `before_newest_fact` or `long_after_newest_fact` if this start doubts the PC's clock and nobody has said that it is
    /// right, else `ok`. Verdicts may be wrong meanwhile.
    pub(crate) clock: &'static str,
}

/// The latest result of a look at the journal.
#[derive(Debug, Clone)]
pub(crate) struct KeptHealth(Arc<Mutex<Result<Health, AppError>>>);

impl Default for KeptHealth {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Err(AppError::new(ErrorCode::Internal)))))
    }
}

impl KeptHealth {
    pub(crate) fn get(&self) -> Result<Health, AppError> {
        self.0.lock().clone()
    }

    pub(crate) fn set(&self, health: Result<Health, AppError>) {
        *self.0.lock() = health;
    }
}
