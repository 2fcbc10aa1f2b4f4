//! Fills the demonstration facility with a year of facts, recorded a day at a time.

use nosmoke_domain::fact::Recorder;
use nosmoke_domain::ids::StaffId;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::AppError;
use nosmoke_ports::{Priority, Write, write};
use nosmoke_reading::reference::{FacilityBody, StaffBody, TerminalBody};
use nosmoke_runtime::feed::WORKERS;

use super::Progress;
use crate::commands::{InitialSetUp, Membership, STAFF_SETTING, establish};
use crate::demonstration::{Block, Demonstration};
use crate::terminal::Terminal;

const SEED: u64 = 20_261_120;

/// Fills an empty data folder while its workers are running. The setting that names the member of staff is written
/// last: a folder without it was filled only in part.
///
/// # Errors
/// `cancelled`, `already_set_up`, or an error of the journal or of Mypage's store.
pub async fn fill_demonstration(terminal: &Terminal, progress: &Progress) -> Result<(), AppError> {
    let (journal, ids) = (&*terminal.core.journal, terminal.core.ids.clone());
    let now = terminal.core.clock.now();
    let manager_id = StaffId(ids.random());
    let recorder = Recorder::Staff { id: manager_id, role: Role::Manager };
    let demonstration = Demonstration::new(SEED, now, recorder, Rules::default());
    // The progress counts each fact twice: when it is written, and when all workers have processed it.
    let (facts, total) = (demonstration.total(), demonstration.total() * 2);
    let initial = InitialSetUp {
        membership: Membership::founding(&*ids),
        facility: FacilityBody { name: "한빛역 환승센터".into() },
        terminal: TerminalBody { name: "단말 1 · 동문 데스크".into(), retired: false },
        areas: demonstration.areas(),
        manager_id,
        manager: StaffBody { name: "박서연".into(), role: Role::Manager, pin_hash: None, retired: false },
    };
    write::<(), AppError>(journal, Priority::Command, move |tx| establish(tx, &*ids, now, &initial)).await?;

    let mut done = 0;
    for block in demonstration {
        done += block.drafts.len() as u64;
        let (_, written) = write(journal, Priority::Command, move |tx| record(tx, &block)).await?;
        terminal.core.feed.wrote(written.map_or(0, |written| written.last_change));
        progress.advance(done.min(facts), Some(total))?;
    }
    while !terminal.core.feed.caught_up(&WORKERS).await {
        let slowest = WORKERS.iter().map(|worker| terminal.core.feed.checkpoint(*worker)).min();
        let folded = u64::try_from(slowest.unwrap_or(0)).unwrap_or(0);
        progress.advance(facts + folded.min(facts), Some(total))?;
    }
    let staff = manager_id.to_string();
    write::<(), AppError>(journal, Priority::Command, move |tx| Ok(tx.put_setting(STAFF_SETTING, &staff)?)).await?;
    progress.advance(total, Some(total))
}

fn record(tx: &mut dyn Write, block: &Block) -> Result<(), AppError> {
    for (profile, keys) in &block.customers {
        tx.put_profile(profile, keys)?;
    }
    for note in &block.notes {
        tx.put_note(note)?;
    }
    tx.append(block.drafts.clone())?;
    Ok(())
}
