//! A manager takes over what a lost terminal held.

use std::sync::Arc;

use nosmoke_domain::fact::Recorder;
use nosmoke_domain::ids::TerminalId;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::{Priority, Write, read, write};
use nosmoke_replication::lives::reclaim::{BLOCK, expect_link, lost_lives, take_block};
use serde_json::json;

use super::Progress;
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
    if recorder.role < Role::Manager {
        return Err(AppError::with(ErrorCode::NotAuthorised, json!({ "needed": Role::Manager })));
    }
    expect_link(&terminal.link)?;
    let now = terminal.ports.clock.now();
    let lives = read(&*terminal.ports.journal, move |tx| lost_lives(tx, lost, now)).await?;
    let (mut after, mut done) = (None, 0);
    loop {
        // What arrives meanwhile may be the lost one's own facts.
        expect_link(&terminal.link)?;
        let (clock, ids) = (terminal.ports.clock.clone(), terminal.ports.ids.clone());
        let from = lives.clone();
        let unit = move |tx: &mut dyn Write| take_block(tx, after, &from, (&*clock, &*ids), recorder);
        let (next, written) = write::<_, AppError>(&*terminal.ports.journal, Priority::Background, unit).await?;
        if let Some(written) = written {
            terminal.feed.wrote(written.last_change);
        }
        let Some(next) = next else { return Ok(()) };
        after = Some(next);
        done += BLOCK as u64;
        progress.advance(done, None)?;
    }
}
