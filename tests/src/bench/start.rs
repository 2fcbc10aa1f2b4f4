//! Opening a data folder must not take longer with a longer history. Compares the number of reads from the disk, which
//! has no noise, and the time, which has some.

use std::path::Path;
use std::time::Duration;

use nosmoke_tests::disk::calls;
use tempfile::TempDir;

use crate::facility::open;
use crate::measure::{float, ratio, timed};
use crate::table::{Limit, Table};

const ROUNDS: usize = 41;

pub(crate) async fn measure(short: &TempDir, long: &TempDir, table: &mut Table) {
    let (mut of, mut to) = (Vec::new(), Vec::new());
    let (mut reads_of, mut reads_to) = (0, 0);
    // The first round only warms the operating system's cache and isn't counted.
    for round in 0..=ROUNDS {
        for (folder, times, reads) in [(long, &mut of, &mut reads_of), (short, &mut to, &mut reads_to)] {
            let (took, read) = start(folder.path()).await;
            if round > 0 {
                times.push(took);
                *reads = read;
            }
        }
    }
    table.heading("Start with 500,000 facts, to 5,000");
    table.row("reads from journal and read model", float(reads_of) / float(reads_to), Limit::AtMost(1.5));
    table.row("time until commands are taken", ratio(of, to), Limit::AtMost(1.5));
}

/// Opens the folder, and returns the time that it took and the number of reads.
async fn start(folder: &Path) -> (Duration, u64) {
    let files = ["journal.db", "journal.db-wal", "mypage.db", "mypage.db-wal"].map(|file| calls(&folder.join(file)));
    let reads = || files.iter().map(|calls| calls.reads()).sum::<u64>();
    let before = reads();
    let (took, (store, terminal)) = timed(open(folder)).await;
    let read = reads() - before;
    drop(terminal);
    store.close().await;
    (took, read)
}
