//! How long a command takes, beside what no program on this disk can beat, and how many fit beside each other.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use tokio::task::JoinSet;

use crate::facility::{Facility, Guest};
use crate::measure::{in_turn, median, timed};
use crate::table::{Limit, Table};

const PAIRS: usize = 256;
const ROUNDS: usize = 9;
/// Commands that are given one after the other in a round.
const ALONE: usize = 32;
const TOGETHER: usize = 64;
/// Commands that each of the others gives.
const EACH: usize = 8;

pub(crate) async fn measure(table: &mut Table) {
    table.heading("Commands");
    let facility = Arc::new(Facility::new().await);
    let mut alone = Crowd::new(&facility).await;
    let mut bare = bare(&facility).await;
    let times = in_turn(PAIRS, async || alone.next_step(&facility).await, async || insert(&mut bare).await).await;
    table.row("time of one alone, to BEGIN; INSERT; COMMIT of a row", times, Limit::AtMost(2.0));

    let mut guests = facility.guests(TOGETHER).await;
    let (mut of_one, mut of_all) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let one = async {
            for _ in 0..ALONE {
                alone.next_step(&facility).await;
            }
        };
        of_one.push(timed(one).await.0);
        let (took, back) = timed(round(&facility, guests)).await;
        of_all.push(took);
        guests = back;
        // Decisions fold what came after their snapshot.
        nosmoke_tests::settle::settle(&facility.terminal.workers).await.unwrap();
    }
    let rate =
        |count: usize, times: Vec<Duration>| f64::from(u32::try_from(count).unwrap()) / median(times).as_secs_f64();
    // Where a sync takes long this is much more; where it takes no time, the commands' own work is the limit.
    let throughput = rate(EACH * TOGETHER, of_all) / rate(ALONE, of_one);
    table.row("throughput of 64 at the same time, to one alone", throughput, Limit::AtLeast(2.0));
    bare.close().await.unwrap();
    Arc::into_inner(facility).unwrap().close().await;
}

/// A command after a long history and after a short one.
pub(crate) async fn measure_after(short: &Facility, long: &Facility, table: &mut Table) {
    let (mut here, mut there) = (Crowd::new(long).await, Crowd::new(short).await);
    let ratio = in_turn(PAIRS, async || here.next_step(long).await, async || there.next_step(short).await).await;
    table.heading("Commands after 500,000 facts, to 5,000");
    table.row("time of one alone", ratio, Limit::AtMost(1.5));
}

/// Guests of whom each gives few commands: a decision folds what came after its snapshot, and no worker makes one
/// meanwhile.
struct Crowd(VecDeque<Guest>);

impl Crowd {
    async fn new(facility: &Facility) -> Self {
        Self(facility.guests(TOGETHER).await.into())
    }

    /// One command of the guest whose turn it is.
    async fn next_step(&mut self, facility: &Facility) {
        self.0.front_mut().unwrap().step(facility).await;
        self.0.rotate_left(1);
    }
}

async fn round(facility: &Arc<Facility>, guests: Vec<Guest>) -> Vec<Guest> {
    let mut tasks = JoinSet::new();
    for mut guest in guests {
        let facility = facility.clone();
        tasks.spawn(async move {
            for _ in 0..EACH {
                guest.step(&facility).await;
            }
            guest
        });
    }
    tasks.join_all().await
}

/// SQLite on the same disk with the journal's settings, without anything of ours.
async fn bare(facility: &Facility) -> SqliteConnection {
    let mut connection = SqliteConnectOptions::new()
        .filename(facility.folder.path().join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await
        .unwrap();
    let table = "CREATE TABLE fact (change_seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT";
    sqlx::raw_sql(table).execute(&mut connection).await.unwrap();
    connection
}

async fn insert(connection: &mut SqliteConnection) {
    let sql = "BEGIN IMMEDIATE; INSERT INTO fact (bytes) VALUES (randomblob(600)); COMMIT";
    sqlx::raw_sql(sql).execute(connection).await.unwrap();
}
