//! A terminal that answers over the real gateway: `served <data folder> <folder of marks> [--point-hangs]`. Composed as the
//! programs compose one; with the last over doubles of point that end no step and answer no call. It says its address, and
//! whoever starts it kills it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "a part of a test")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::commands::Unattended;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_composition::{Means, OpenFolder, Place, open_gateway_token};
use nosmoke_gateway::{Limits, Served, bind, serve};
use nosmoke_ports::contract::ContextName;
use nosmoke_ports::traces::Traces;
use nosmoke_store::Store;
use nosmoke_tests::doubles::{Mood, Moods, MoodyJournal, MoodyPoint, start_apart, with_point};

/// Whoever starts it kills it; if not, it ends by itself.
const LONGEST: Duration = Duration::from_secs(300);

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, marks, options @ ..] = words.as_slice() else { panic!("see the head of this file") };
    let means = Means::of_system("served", env!("CARGO_PKG_VERSION"));
    let (folder, marks) = (PathBuf::from(folder), Some(PathBuf::from(marks)));
    let place = Place { folder: folder.clone(), marks, linked: false, connection: None, mypage: None };
    let mut open = OpenFolder::open(means.clone(), place, Arc::new(())).await.unwrap();
    if !open.is_set_up().await.unwrap() {
        open.set_up_unattended(Unattended::default()).await.unwrap();
    }
    let token = open_gateway_token(&folder, &*means.ids).unwrap();
    if options.iter().any(|option| option == "--point-hangs") {
        open.close().await;
        answer(Arc::new(without_answers_of_point(&means, &folder).await), &token).await;
    } else {
        answer(open.terminal().clone(), &token).await;
    }
}

/// The terminal of a folder, whose point hangs with all its tasks.
async fn without_answers_of_point(means: &Means, folder: &Path) -> Terminal {
    let Means { clock, ids, .. } = means.clone();
    let store = Store::open(folder, clock.clone()).await.unwrap();
    let (journal, mypage) = (store.journal(), store.mypage());
    let ports = Ports { journal: journal.clone(), mypage, clock, ids, traces: Traces::default() };
    let moods = Moods::default();
    moods.turn(Mood::Hangs);
    let own = Arc::new(MoodyJournal(journal, moods.clone()));
    let terminal = Terminal::new(ports).await.unwrap();
    let terminal = with_point(terminal, Arc::new(MoodyPoint(moods)));
    // Both run until the process is killed.
    std::mem::forget((start_apart(&terminal, &[(ContextName::Point, own as _)].into()), store));
    terminal
}

async fn answer(terminal: Arc<Terminal>, token: &str) {
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let running = serve(listener, Served::new(terminal, token, Limits::default())).unwrap();
    println!("http://{}", running.address);
    tokio::time::sleep(LONGEST).await;
}
