//! The number of syncs to the disk that a command waits for. The workers don't run, because no command waits for their
//! commits, and their syncs would be counted.

use nosmoke_tests::shared_commit::commit_together;

use crate::facility::Facility;
use crate::measure::float;
use crate::table::{Limit, Table};

const COMMANDS_ALONE: u64 = 32;
const WAITING_COMMANDS: usize = 64;
/// Enough that SQLite meanwhile moves the write-ahead log into the journal (a checkpoint of SQLite).
const MANY_COMMANDS: u64 = 512;

pub(crate) async fn measure(table: &mut Table) {
    table.heading("Syncs of the journal's write-ahead log per command");
    let facility = Facility::new().await;
    let mut guests = facility.guests(WAITING_COMMANDS).await;
    let (log, journal) = (facility.calls("journal.db-wal"), facility.calls("journal.db"));

    let before = log.syncs();
    for place in 0..COMMANDS_ALONE {
        guests[usize::try_from(place).unwrap()].step(&facility).await;
    }
    table.row("a command alone", float(log.syncs() - before) / float(COMMANDS_ALONE), Limit::Exactly(1.0));

    let before = log.syncs();
    commit_together(facility.store.journal(), guests.iter_mut().map(|guest| guest.step(&facility)).collect()).await;
    let waiting = float(WAITING_COMMANDS as u64);
    table.row("64 waiting commands", float(log.syncs() - before) / waiting, Limit::Exactly(1.0 / waiting));

    let all = || log.syncs() + log.syncs_beside() + journal.syncs() + journal.syncs_beside();
    let before = all();
    for number in 0..MANY_COMMANDS {
        guests[usize::try_from(number).unwrap() % WAITING_COMMANDS].step(&facility).await;
    }
    let syncs = all() - before;
    table.row(
        "512 alone, with every checkpoint of both files",
        float(syncs) / float(MANY_COMMANDS),
        Limit::AtMost(1.1),
    );
    facility.close().await;
}
