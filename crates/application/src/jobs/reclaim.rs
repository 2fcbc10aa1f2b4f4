//! A manager takes over the points that a lost terminal holds.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::contract::AppError;
use nosmoke_ports::{Priority, Write, write};
use nosmoke_replication::incarnations::reclaim::{Lost, RECLAIM_BATCH, find_lost, reclaim_batch};
use tokio::time::sleep;

use super::Progress;
use crate::permission::{Act, Authority};
use crate::terminal::Terminal;

/// How often the job looks whether the terminal is still silent.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// Returns the incarnations that a reclaim would take points from, so that a caller can refuse it before the job starts.
///
/// # Errors
/// `not_authorised`, `not_connected`, `still_reading`, `unknown_terminal`, `terminal_alive`, or an error of the store.
pub async fn check_reclaim(terminal: &Terminal, authority: Authority, lost: TerminalId) -> Result<Lost, AppError> {
    authority.expect(Act::ReclaimTerminal)?;
    find_lost(&terminal.core, lost).await
}

/// Takes over the points that a lost terminal's incarnations hold, as far as this terminal's facts say. Waits before
/// until they have been silent for two minutes, and looks again before each batch. If more such points become known
/// later, another reclaim takes over those.
///
/// # Errors
/// The errors of [`check_reclaim`], or `cancelled`. Points taken over before the error stay taken over.
pub async fn reclaim_terminal(
    terminal: &Terminal,
    authority: Authority,
    lost: TerminalId,
    progress: Arc<Progress>,
) -> Result<(), AppError> {
    let (mut after, mut done) = (None, 0);
    loop {
        let Lost { incarnations, wait } = check_reclaim(terminal, authority, lost).await?;
        if !wait.is_zero() {
            progress.waits(wait.as_secs() + 1)?;
            sleep(wait.min(LOOK_INTERVAL)).await;
            continue;
        }
        let (present, ids) = (terminal.core.present.clone(), terminal.core.ids.clone());
        let by = (authority.recorded_by, authority.approved_by);
        let unit = move |tx: &mut dyn Write| reclaim_batch(tx, after, &incarnations, (present.read(), &*ids), by);
        let (next, written) = write::<_, AppError>(&*terminal.core.journal, Priority::Background, unit).await?;
        if let Some(written) = written {
            terminal.core.feed.wrote(written.last_change);
        }
        let Some(next) = next else { return Ok(()) };
        after = Some(next);
        done += RECLAIM_BATCH as u64;
        progress.advance(done, None)?;
    }
}
