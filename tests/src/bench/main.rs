//! `npm run bench`: performance limits, as ratios of two things measured side by side in one run.
//!
//! Absolute times depend on the disk more than on the program, so every result is a ratio. Each line of the output has
//! one ratio with its limit. The exit code is 1 if a limit is broken. `npm run bench SECTION...` measures some sections
//! only; without any, all but `points`, `rules`, `review` and `big`. `--facts 10m` after `big` is the size of its folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench fails by panicking")]
#![allow(clippy::print_stdout, reason = "its results are for a person")]

mod access;
mod big;
mod calm;
mod commands;
mod desk;
mod facility;
mod history;
mod isolation;
mod measure;
mod mypage;
mod program;
mod replication;
mod review;
mod rules;
mod search;
mod start;
mod syncs;
mod table;

use std::process::ExitCode;

use nosmoke_tests::big::{Size, size_of};

use crate::history::{LONG, SHORT};
use crate::table::Table;

/// What can be measured by itself, in the order in which it is.
const SECTIONS: [&str; 12] = [
    "syncs",
    "commands",
    "access",
    "search",
    "history",
    "isolation",
    "exchange",
    "replication",
    "points",
    "rules",
    "review",
    "big",
];
/// Those that are measured only if they are named.
const NAMED: [&str; 4] = ["points", "rules", "review", "big"];
const FACTS: &str = "--facts";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    nosmoke_tests::disk::install();
    let mut table = Table::default();
    let mut chosen: Vec<String> = std::env::args().skip(1).collect();
    if let [word, folder] = &chosen[..]
        && word == rules::REVISE
    {
        rules::run_until_killed(folder.as_ref()).await;
    }
    let size = size_of_big(&mut chosen);
    let unknown = chosen.iter().find(|it| !SECTIONS.contains(&it.as_str()));
    assert!(unknown.is_none(), "{unknown:?} is none of {SECTIONS:?}");
    let is_on = |section: &str| chosen.iter().any(|it| it == section) || chosen.is_empty() && !NAMED.contains(&section);
    if is_on("syncs") {
        syncs::measure(&mut table).await;
    }
    if is_on("commands") {
        commands::measure(&mut table).await;
    }
    if is_on("access") {
        access::measure(&mut table).await;
    }
    if is_on("search") {
        search::measure(&mut table).await;
    }
    if is_on("history") {
        let short = history::filled(SHORT, &mut table).await;
        let long = history::filled(LONG, &mut table).await;
        mypage::measure(&long, &mut table).await;
        commands::measure_after(&short.facility, &long.facility, &mut table).await;
        let (short, long) = (short.facility.close().await, long.facility.close().await);
        start::measure(&short, &long, &mut table).await;
    }
    if is_on("isolation") {
        isolation::measure(&mut table).await;
    }
    if is_on("exchange") {
        replication::measure_exchange(&mut table).await;
    }
    if is_on("replication") {
        replication::measure(&mut table).await;
    }
    if is_on("points") {
        replication::measure_points(&mut table).await;
    }
    if is_on("rules") {
        rules::measure(&mut table).await;
    }
    if is_on("review") {
        review::measure(&mut table).await;
    }
    if is_on("big")
        && let Err(error) = big::measure(size, &mut table).await
    {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    table.verdict()
}

/// Takes the size of the big folder from the arguments.
fn size_of_big(arguments: &mut Vec<String>) -> Size {
    let Some(place) = arguments.iter().position(|it| it == FACTS) else { return Size::DEFAULT };
    let given = arguments.drain(place..).nth(1);
    given.as_deref().and_then(size_of).unwrap_or_else(|| panic!("{FACTS} needs a number such as 500k or 10m"))
}
