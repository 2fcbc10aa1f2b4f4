//! Fills the demonstration facility with a year of facts, recorded a day at a time.

use nosmoke_domain::fact::Recorder;
use nosmoke_domain::ids::StaffId;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, DemonstrationPin};
use nosmoke_ports::{Priority, Write, setting, write};
use nosmoke_reading::reference::{FacilityBody, StaffBody, TerminalBody};
use nosmoke_runtime::feed::WORKERS;

use super::Progress;
use crate::commands::{InitialSetUp, Membership, establish};
use crate::demonstration::{Block, Demonstration};
use crate::people::{DEMONSTRATION_PINS_SETTING, KeptDemonstrationPin, hash_pin};
use crate::terminal::Terminal;

const SEED: u64 = 20_261_120;
/// Who works at the demonstration's desk, with the PINs that its lock screen shows.
const STAFF: [(&str, Role, &str); 3] =
    [("박서연", Role::Manager, "135790"), ("최민준", Role::Supervisor, "246802"), ("이하은", Role::Staff, "1357")];

/// Fills an empty data folder while its workers are running. The setting with the PINs is written last: a
/// folder without it was filled only in part.
///
/// # Errors
/// `cancelled`, `already_set_up`, or an error of the journal or of Mypage's store.
pub async fn fill_demonstration(terminal: &Terminal, progress: &Progress) -> Result<(), AppError> {
    let (journal, ids) = (&*terminal.core.journal, terminal.core.ids.clone());
    let now = terminal.core.clock.now();
    let (mut staff, mut pins) = (Vec::new(), Vec::new());
    for (name, role, pin) in STAFF {
        let (staff_id, pin_hash) = (StaffId(ids.random()), hash_pin(&pin.into(), role, &*ids).await?);
        pins.push(KeptDemonstrationPin {
            shown: DemonstrationPin { staff_id, pin: pin.into() },
            pin_hash: pin_hash.clone(),
        });
        staff.push((staff_id, StaffBody { name: name.into(), role, pin_hash: Some(pin_hash), retired: false }));
    }
    let manager_id = staff.first().map_or_else(|| StaffId(ids.random()), |(staff_id, _)| *staff_id);
    let recorder = Recorder::Staff { id: manager_id, role: Role::Manager };
    let demonstration = Demonstration::new(SEED, now, recorder, Rules::default());
    // The progress counts each fact twice: when it is written, and when all workers have processed it.
    let (facts, total) = (demonstration.total(), demonstration.total() * 2);
    let initial = InitialSetUp {
        membership: Membership::founding(&*ids),
        facility: FacilityBody::named("한빛역 환승센터"),
        terminal: TerminalBody { name: "단말 1 · 동문 데스크".into(), retired: false },
        areas: demonstration.areas(),
        staff,
        recovery: None,
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
    let unit = move |tx: &mut dyn Write| Ok(setting::put(tx, DEMONSTRATION_PINS_SETTING, &pins)?);
    write::<(), AppError>(journal, Priority::Command, unit).await?;
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
