//! What a command waits for: the disk, as often as must be. The workers, whose commits nobody waits for, don't run.

use nosmoke_tests::together::together;

use crate::facility::Facility;
use crate::measure::float;
use crate::table::{Limit, Table};

const ALONE: u64 = 32;
const WAITING: usize = 64;
/// Enough that the write-ahead log is moved into the journal on the way.
const MANY: u64 = 512;

pub(crate) async fn measure(table: &mut Table) {
    table.heading("Syncs of the journal's write-ahead log per command");
    let facility = Facility::new().await;
    let mut guests = facility.guests(WAITING).await;
    let (log, journal) = (facility.calls("journal.db-wal"), facility.calls("journal.db"));

    let before = log.syncs();
    for place in 0..ALONE {
        guests[usize::try_from(place).unwrap()].step(&facility).await;
    }
    table.row("a command alone", float(log.syncs() - before) / float(ALONE), Limit::Exactly(1.0));

    let before = log.syncs();
    together(facility.store.journal(), guests.iter_mut().map(|guest| guest.step(&facility)).collect()).await;
    let waiting = float(WAITING as u64);
    table.row("64 waiting commands", float(log.syncs() - before) / waiting, Limit::Exactly(1.0 / waiting));

    let all = || log.syncs() + log.syncs_beside() + journal.syncs() + journal.syncs_beside();
    let before = all();
    for number in 0..MANY {
        guests[usize::try_from(number).unwrap() % WAITING].step(&facility).await;
    }
    let syncs = all() - before;
    table.row("512 alone, with every checkpoint of both files", float(syncs) / float(MANY), Limit::AtMost(1.1));
    facility.close().await;
}
