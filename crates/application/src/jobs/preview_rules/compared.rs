//! What the parts of a preview share.

use nosmoke_domain::rules::Rules;
use nosmoke_ports::Pace;

use crate::queries::Queries;

/// Items read at a time, while no commands come.
const BATCH: usize = 512;
/// Items read at a time, while commands come.
const BUSY_BATCH: usize = 64;

/// The set in force and the draft.
#[derive(Debug, Clone)]
pub(super) struct Compared {
    pub(super) in_force: Rules,
    pub(super) draft: Rules,
}

/// Waits for background work's turn, and returns how many items to read.
pub(super) async fn batch(queries: &Queries) -> usize {
    match queries.core.journal.turn().await {
        Pace::Free => BATCH,
        Pace::Busy | Pace::Burst => BUSY_BATCH,
    }
}
