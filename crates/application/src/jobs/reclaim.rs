//! A manager takes over what a lost terminal held.

use std::sync::Arc;

use nosmoke_domain::fact::Recorder;
use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::contract::AppError;
use nosmoke_ports::{Priority, Write, read, write};
use nosmoke_replication::lives::reclaim::{BLOCK, expect_link, lost_lives, take_block};

use super::Progress;
use crate::permission::Act;
use crate::terminal::Terminal;

/// Takes over what a terminal's lives hold, as far as it is known here; done again, it takes over what has become known
/// since. Recorded only once the whole log was read, since what the lost one had paid lowers what there is to take.
///
/// # Errors
/// `not_authorised`, `link_down`, `still_reading`, `unknown_terminal`, `terminal_alive`, `cancelled`; the store's. What was
/// taken over so far stays.
pub async fn reclaim_terminal(
    terminal: &Terminal,
    recorder: Recorder,
    lost: TerminalId,
    progress: Arc<Progress>,
) -> Result<(), AppError> {
    Act::ReclaimTerminal.expect(recorder.role)?;
    expect_link(&terminal.core.link)?;
    let now = terminal.core.clock.now();
    let lives = read(&*terminal.core.journal, move |tx| lost_lives(tx, lost, now)).await?;
    let (mut after, mut done) = (None, 0);
    loop {
        // What arrives meanwhile may be the lost one's own facts.
        expect_link(&terminal.core.link)?;
        let (clock, ids) = (terminal.core.clock.clone(), terminal.core.ids.clone());
        let from = lives.clone();
        let unit = move |tx: &mut dyn Write| take_block(tx, after, &from, (&*clock, &*ids), recorder);
        let (next, written) = write::<_, AppError>(&*terminal.core.journal, Priority::Background, unit).await?;
        if let Some(written) = written {
            terminal.core.feed.wrote(written.last_change);
        }
        let Some(next) = next else { return Ok(()) };
        after = Some(next);
        done += BLOCK as u64;
        progress.advance(done, None)?;
    }
}
