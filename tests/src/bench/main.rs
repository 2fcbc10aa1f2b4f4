//! `npm run bench`: performance limits, as ratios of two things measured side by side in one run.
//!
//! Absolute times depend on the disk more than on the program, so every result is a ratio. Each line of the output has
//! one ratio with its limit. The exit code is 1 if a limit is broken. `npm run bench replication` measures replication
//! only, `npm run bench points` only payments across terminals, `npm run bench isolation` only contexts with faults.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench fails by panicking")]
#![allow(clippy::print_stdout, reason = "its results are for a person")]

mod commands;
mod desk;
mod facility;
mod history;
mod isolation;
mod measure;
mod mypage;
mod replication;
mod search;
mod start;
mod syncs;
mod table;

use std::process::ExitCode;

use crate::history::{LONG, SHORT};
use crate::table::Table;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    nosmoke_tests::disk::install();
    let mut table = Table::default();
    match std::env::args().nth(1).as_deref() {
        Some("replication") => {
            replication::measure(&mut table).await;
            return table.verdict();
        }
        Some("points") => {
            replication::measure_points(&mut table).await;
            return table.verdict();
        }
        Some("isolation") => {
            isolation::measure(&mut table).await;
            return table.verdict();
        }
        _ => {}
    }
    syncs::measure(&mut table).await;
    commands::measure(&mut table).await;
    search::measure(&mut table).await;
    let short = history::filled(SHORT, &mut table).await;
    let long = history::filled(LONG, &mut table).await;
    mypage::measure(&long, &mut table).await;
    commands::measure_after(&short.facility, &long.facility, &mut table).await;
    let (short, long) = (short.facility.close().await, long.facility.close().await);
    start::measure(&short, &long, &mut table).await;
    isolation::measure(&mut table).await;
    replication::measure(&mut table).await;
    table.verdict()
}
