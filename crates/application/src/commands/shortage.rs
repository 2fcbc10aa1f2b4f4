//! What a command lacks if this terminal doesn't hold enough points for it.

use std::collections::HashMap;
use std::sync::Arc;

use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::points::Points;
use nosmoke_ports::StoreError;
use nosmoke_ports::contract::AppError;
use parking_lot::Mutex;
use tokio::sync::OwnedMutexGuard;

/// The points that a command needs and this terminal doesn't hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    pub customer: CustomerId,
    pub wanted: Points,
}

/// Why a command wasn't recorded.
#[derive(Debug)]
pub(super) struct Undecided {
    pub(super) error: AppError,
    /// The points that are missing here, if that is the reason.
    pub(super) shortage: Option<Shortage>,
}

impl From<AppError> for Undecided {
    fn from(error: AppError) -> Self {
        Self { error, shortage: None }
    }
}

impl From<StoreError> for Undecided {
    fn from(error: StoreError) -> Self {
        AppError::from(error).into()
    }
}

/// The commands that wait for a customer's points: one after the other.
#[derive(Debug, Default)]
pub struct Turns(Mutex<HashMap<CustomerId, Arc<tokio::sync::Mutex<()>>>>);

impl Turns {
    pub(super) async fn of(&self, customer: CustomerId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock();
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            turns.entry(customer).or_default().clone()
        };
        turn.lock_owned().await
    }
}
