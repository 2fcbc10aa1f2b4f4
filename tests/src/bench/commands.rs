//! The latency of a command, compared with the fastest possible durable write, and the throughput of concurrent
//! commands.

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
/// Commands per round that are given one after another.
const COMMANDS_ALONE: usize = 32;
const CONCURRENT_GUESTS: usize = 64;
const COMMANDS_PER_GUEST: usize = 8;

pub(crate) async fn measure(table: &mut Table) {
    table.heading("Commands");
    let facility = Arc::new(Facility::new().await);
    let mut alone = GuestRotation::new(&facility).await;
    let mut bare = bare(&facility).await;
    let times = in_turn(PAIRS, async || alone.next_step(&facility).await, async || insert(&mut bare).await).await;
    table.row("time of one alone, to BEGIN; INSERT; COMMIT of a row", times, Limit::AtMost(2.0));

    let mut guests = facility.guests(CONCURRENT_GUESTS).await;
    let (mut of_one, mut of_all) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let one = async {
            for _ in 0..COMMANDS_ALONE {
                alone.next_step(&facility).await;
            }
        };
        of_one.push(timed(one).await.0);
        let (took, back) = timed(round(&facility, guests)).await;
        of_all.push(took);
        guests = back;
        // Let the workers write snapshots: a decision folds all facts newer than the snapshot, so a backlog would slow
        // it.
        nosmoke_tests::settle::settle(&facility.terminal.workers).await.unwrap();
    }
    let rate =
        |count: usize, times: Vec<Duration>| f64::from(u32::try_from(count).unwrap()) / median(times).as_secs_f64();
    // On a disk with slow syncs the ratio is much higher. If syncs cost nothing, the CPU time of a command is the
    // limit.
    let throughput = rate(COMMANDS_PER_GUEST * CONCURRENT_GUESTS, of_all) / rate(COMMANDS_ALONE, of_one);
    table.row("throughput of 64 at the same time, to one alone", throughput, Limit::AtLeast(2.0));
    bare.close().await.unwrap();
    Arc::into_inner(facility).unwrap().close().await;
}

/// The latency of a command on a long history, compared with a short one.
pub(crate) async fn measure_after(short: &Facility, long: &Facility, table: &mut Table) {
    let (mut here, mut there) = (GuestRotation::new(long).await, GuestRotation::new(short).await);
    let ratio = in_turn(PAIRS, async || here.next_step(long).await, async || there.next_step(short).await).await;
    table.heading("Commands after 500,000 facts, to 5,000");
    table.row("time of one alone", ratio, Limit::AtMost(1.5));
}

/// Guests who take turns, so that each gives only a few commands: no worker writes snapshots during the measurement,
/// and a decision folds all of the customer's facts newer than the snapshot.
struct GuestRotation(VecDeque<Guest>);

impl GuestRotation {
    async fn new(facility: &Facility) -> Self {
        Self(facility.guests(CONCURRENT_GUESTS).await.into())
    }

    /// Gives one command for the guest whose turn it is.
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
            for _ in 0..COMMANDS_PER_GUEST {
                guest.step(&facility).await;
            }
            guest
        });
    }
    tasks.join_all().await
}

/// Opens a plain SQLite database on the same disk with the journal's settings.
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
