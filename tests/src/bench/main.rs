//! What must not become slow, as ratios of two things measured side by side in one run: `npm run bench`.
//!
//! A time says more of the disk than of the program, so none is a result. Each line is one ratio, with the limit that it
//! has; a limit that is broken ends the run with 1. `npm run bench exchange` measures the exchange alone, `npm run bench apart`
//! contexts in trouble.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench fails by panicking")]
#![allow(clippy::print_stdout, reason = "its results are for a person")]

mod apart;
mod commands;
mod desk;
mod exchange;
mod facility;
mod history;
mod measure;
mod mypage;
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
        Some("exchange") => {
            exchange::measure(&mut table).await;
            return table.verdict();
        }
        Some("apart") => {
            apart::measure(&mut table).await;
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
    apart::measure(&mut table).await;
    exchange::measure(&mut table).await;
    table.verdict()
}
