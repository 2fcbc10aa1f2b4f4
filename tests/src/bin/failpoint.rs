//! `failpoint <folder> <calls that succeed> <key> <command> <url>`: runs a terminal that aborts at one call to the
//! disk.
//!
//! Gives one command, prints its answer (`{"outcome"}`), and then runs all workers. If the URL isn't empty, Mypage's
//! store is the PostgreSQL server at this URL.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a part of a test")]

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_mypage_postgres::{PostgresMypage, Settings};
use nosmoke_ports::mypage_source::JournalSource;
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{MypageStore, RandomIds, SystemClock};
use nosmoke_store::Store;
use nosmoke_tests::disk::{self, Fault};
use serde_json::{Value, json};

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, after, key, command, url] = arguments.as_slice() else {
        panic!("the top of this file lists the arguments")
    };
    let folder = PathBuf::from(folder);
    disk::install();
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(RandomIds));
    let store = Store::open(&folder, clock.clone()).await.unwrap();
    let mypage: Arc<dyn MypageStore> = if url.is_empty() {
        store.mypage()
    } else {
        let source = Arc::new(JournalSource(store.journal()));
        Arc::new(PostgresMypage::new(Settings::from_url(url).unwrap(), source))
    };
    let (journal, access) = (store.journal(), store.access());
    let ports = Ports { journal, mypage, access, clock, ids, traces: Traces::default() };
    let terminal = Terminal::new(ports).await.unwrap();
    nosmoke_tests::sign_manager_in(&terminal).await;
    let caller = terminal.queries.caller().await.unwrap();
    let fails = disk::fail(&folder, Fault::Killed, after.parse().unwrap());
    let command: Value = serde_json::from_str(command).unwrap();
    let request = json!({ "idempotencyKey": key, "command": command });
    let outcome = terminal.commands.record(caller, request).await.unwrap();
    println!("{}", json!({ "outcome": outcome }));
    nosmoke_tests::settle::settle(&terminal.workers).await.unwrap();
    drop(fails);
    store.close().await;
}
