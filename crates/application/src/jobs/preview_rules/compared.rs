//! What the parts of a preview share.

use std::time::Duration;

use nosmoke_domain::rules::Rules;
use nosmoke_ports::Pace;
use tokio::time::timeout;

use crate::queries::Queries;

/// Items read at a time, while no commands come.
const BATCH: usize = 512;
/// Items read at a time, while commands come.
const BUSY_BATCH: usize = 64;
/// The longest pause between two reads during a burst of commands.
const BURST_PAUSE: Duration = Duration::from_millis(10);

/// The set in force and the draft.
#[derive(Debug, Clone)]
pub(super) struct Compared {
    pub(super) in_force: Rules,
    pub(super) draft: Rules,
}

/// Waits until background work may read on, and returns how many items to read. During a burst of commands the turns of
/// background work are rare, because it occupies the writer then. Reading doesn't, so it only pauses for commands.
pub(super) async fn batch(queries: &Queries) -> usize {
    match timeout(BURST_PAUSE, queries.core.journal.turn()).await {
        Ok(Pace::Free) => BATCH,
        Ok(Pace::Busy | Pace::Burst) | Err(_) => BUSY_BATCH,
    }
}
