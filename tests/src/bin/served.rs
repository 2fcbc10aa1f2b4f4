//! `served <data folder> <folder of marks> [--point-hangs]`: runs a terminal behind the real gateway until the process
//! is killed. Prints the gateway's address.
//!
//! The terminal is composed as in the shipped programs. With `--point-hangs`, doubles make the tasks of the context
//! point and all calls to point hang.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a part of a test")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::commands::Unattended;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_composition::{Environment, FolderOptions, OpenFolder, Purpose};
use nosmoke_gateway::{Limits, Served, bind, serve};
use nosmoke_ports::contract::ContextName;
use nosmoke_ports::traces::Traces;
use nosmoke_store::Store;
use nosmoke_tests::doubles::{
    Behaviour, FaultSwitch, FaultyJournal, FaultyPoint, MemoryTokens, start_with_journals, with_point,
};

/// A bound in case the test ended without killing this process.
const MAX_RUNTIME: Duration = Duration::from_secs(300);

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, marks, options @ ..] = words.as_slice() else { panic!("the top of this file lists the arguments") };
    let environment = Environment::of_system("served", env!("CARGO_PKG_VERSION"));
    let (folder, purpose) = (PathBuf::from(folder), Purpose::Record { marks: Some(PathBuf::from(marks)) });
    let place = FolderOptions { folder: folder.clone(), purpose, replicates: false, connection: None, mypage: None };
    let mut open = OpenFolder::open(environment.clone(), place, Arc::new(())).await.unwrap();
    if !open.is_set_up().await.unwrap() {
        open.set_up_unattended(Unattended::default()).await.unwrap();
    }
    let token = open.tokens().owner_secret().unwrap();
    if options.iter().any(|option| option == "--point-hangs") {
        open.close().await;
        answer(Arc::new(without_answers_of_point(&environment, &folder).await), &token).await;
    } else {
        answer(open.terminal().clone(), &token).await;
    }
}

/// Opens the folder's terminal with doubles for the context point: its tasks hang, and so do calls to it.
async fn without_answers_of_point(environment: &Environment, folder: &Path) -> Terminal {
    let Environment { clock, ids, .. } = environment.clone();
    let store = Store::open(folder, clock.clone()).await.unwrap();
    let (journal, mypage) = (store.journal(), store.mypage());
    let access = store.access();
    let ports = Ports { journal: journal.clone(), mypage, access, clock, ids, traces: Traces::default() };
    let switch = FaultSwitch::default();
    switch.set(Behaviour::Hangs);
    let own = Arc::new(FaultyJournal(journal, switch.clone()));
    let terminal = Terminal::new(ports).await.unwrap();
    let terminal = with_point(terminal, Arc::new(FaultyPoint(switch)));
    // Leaked on purpose, because the tasks and the store must live until the process is killed.
    std::mem::forget((start_with_journals(&terminal, &[(ContextName::Point, own as _)].into()), store));
    terminal
}

async fn answer(terminal: Arc<Terminal>, token: &str) {
    let tokens = MemoryTokens::owned(&terminal, token);
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let running = serve(listener, Served::new(terminal, tokens, Limits::default())).unwrap();
    println!("http://{}", running.address);
    tokio::time::sleep(MAX_RUNTIME).await;
}
