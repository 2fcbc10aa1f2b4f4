//! Big folders for the bench, written straight into the store's files, equal those that are filled through the store.
//! `NOSMOKE_BIG_FACTS=50000` compares larger ones.

use std::path::Path;
use std::sync::Arc;

use nosmoke_ports::contract::{MypageFilter, MypageInput};
use nosmoke_ports::{Priority, StoreError, Write, read, write};
use nosmoke_tests::big::{Event, Feed, REGULAR, Setting, Size, Tables, fill, set_up, size_of, tables};
use tempfile::TempDir;

use crate::clock::TestClock;
use crate::support::Desk;

const SEED: u64 = 7;
/// Enough for every kind of fact, and for all lives.
const FACTS: u64 = 8_000;
const EVENTS_PER_UNIT: usize = 500;

fn facts() -> u64 {
    std::env::var("NOSMOKE_BIG_FACTS").ok().and_then(|text| text.parse().ok()).unwrap_or(FACTS)
}

/// Records a feed as commands do, and lets the workers project it.
async fn fill_through_the_store(desk: &Desk, setting: &Setting, size: Size) {
    let mut feed = Feed::new(setting, size).peekable();
    while feed.peek().is_some() {
        let events: Vec<Event> = feed.by_ref().take(EVENTS_PER_UNIT).collect();
        let unit = move |tx: &mut dyn Write| events.iter().try_for_each(|event| record(tx, event));
        let (_, written) = write::<_, StoreError>(&*desk.terminal.core.journal, Priority::Command, unit).await.unwrap();
        desk.terminal.core.feed.wrote(written.unwrap().last_change);
    }
    desk.settle().await;
}

fn record(tx: &mut dyn Write, event: &Event) -> Result<(), StoreError> {
    match event {
        Event::Life(origin) => tx.put_origin(*origin),
        Event::Began { customers, .. } => customers.iter().try_for_each(|it| tx.put_profile(&it.profile, &it.keys)),
        Event::Happened(happened) => {
            happened.happening.note.iter().try_for_each(|note| tx.put_note(note))?;
            tx.append(vec![happened.happening.draft.clone()]).map(drop)
        }
    }
}

fn copy(from: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        std::fs::copy(&file, to.path().join(file.file_name().unwrap())).unwrap();
    }
    to
}

/// Both files of a folder; the store has closed it.
fn content(folder: &Path) -> [Tables; 2] {
    ["journal.db", "mypage.db"].map(|file| tables(&folder.join(file)))
}

fn expect_equal(made: &[Tables; 2], recorded: &[Tables; 2]) {
    for (made, recorded) in made.iter().zip(recorded) {
        assert_eq!(made.keys().collect::<Vec<_>>(), recorded.keys().collect::<Vec<_>>());
        for (table, rows) in made {
            let only_in = |rows: &[String], others: &[String]| {
                rows.iter().filter(|row| others.binary_search(row).is_err()).take(3).cloned().collect::<Vec<_>>()
            };
            let others = &recorded[table];
            assert_eq!(only_in(rows, others), only_in(others, rows), "{table}");
            assert_eq!(rows.len(), others.len(), "{table}");
        }
    }
}

async fn open(folder: TempDir) -> Desk {
    Desk::open(folder, Arc::new(TestClock::default())).await
}

/// The commits of a program that has just opened a folder, until it has nothing more to do.
async fn commits_to_settle(desk: &Desk) -> u64 {
    let before = desk.store.sqlite_journal().commits();
    desk.settle().await;
    desk.store.sqlite_journal().commits() - before
}

#[tokio::test]
async fn a_big_folder_equals_one_that_was_filled_through_the_store() {
    let (made, size) = (tempfile::tempdir().unwrap(), Size { seed: SEED, facts: facts() });
    let setting = set_up(made.path(), size.seed).await;
    let recorded = open(copy(made.path())).await;
    fill_through_the_store(&recorded, &setting, size).await;
    fill(made.path(), &setting, size).await;
    let first = content(made.path());

    // The program takes it for its own: it writes no more than into the folder that it filled itself.
    let (made, recorded) = (open(made).await, open(recorded.close().await).await);
    assert_eq!(commits_to_settle(&made).await, commits_to_settle(&recorded).await);
    let extent = async |desk: &Desk| read::<_, StoreError>(&*desk.store.journal(), |tx| tx.extent()).await.unwrap();
    let known = extent(&made).await;
    assert_eq!(known, extent(&recorded).await);
    assert_eq!(known.heads.len(), 20, "lives");
    assert!((size.facts..size.facts + 10).contains(&known.facts), "{}", known.facts);
    let all = usize::try_from(known.facts).unwrap() + 1;
    let chains = made.store.sqlite_journal().verify_chain(None, all).await.unwrap();
    assert_eq!((chains.checked, chains.broken), (known.facts, Vec::new()));
    for customer in some_customers(&first[0]) {
        assert_eq!(mypage(&made, &customer).await, mypage(&recorded, &customer).await, "{customer}");
    }
    let (made, recorded) = (made.close().await, recorded.close().await);
    let second = content(made.path());
    expect_equal(&second, &first);
    expect_equal(&second, &content(recorded.path()));
    expect_every_kind(&second);
}

/// The regular, and the customers of the first open cases and penalties.
fn some_customers(journal: &Tables) -> Vec<String> {
    let column = |table: &str, place: usize| {
        let ids = journal[table].iter().map(move |row| row.split(" | ").nth(place).unwrap().to_owned());
        ids.take(5).collect::<Vec<_>>()
    };
    [vec![REGULAR.to_string()], column("open_case", 2), column("open_penalty", 1)].concat()
}

async fn mypage(desk: &Desk, customer: &str) -> String {
    let (filter, customer_id) = (MypageFilter::All, customer.parse().unwrap());
    let input = MypageInput { customer_id, filter, from: None, to: None, cursor: None, limit: 100, moment: None };
    serde_json::to_string(&desk.terminal.queries.mypage(input).await.unwrap()).unwrap()
}

/// What isn't in the facility isn't compared.
fn expect_every_kind([journal, mypage]: &[Tables; 2]) {
    let types = [
        "CheckedIn",
        "CheckedOut",
        "VisitClosed",
        "VisitVoided",
        "Earned",
        "Paid",
        "PaymentVoided",
        "PointsAdjusted",
        "Reclaimed",
        "PenaltyImposed",
        "PenaltyDeducted",
        "PenaltyVoided",
        "PenaltyDeductionVoided",
        "CaseResolved",
        "CustomersLinked",
        "CustomersParted",
    ];
    for name in types {
        let name = format!(" | {name} | ");
        assert!(journal["fact"].iter().any(|row| row.contains(&name)), "{name}");
    }
    let filled = ["inside", "open_penalty", "open_case", "note", "standing", "last_visit", "tip", "pending_document"];
    filled.iter().for_each(|table| assert!(!journal[*table].is_empty(), "{table}"));
    ["entry", "day_sum", "hour_presence"].iter().for_each(|table| assert!(!mypage[*table].is_empty(), "{table}"));
}

#[test]
fn the_size_of_a_big_folder_is_read_with_its_unit() {
    let facts = |text| size_of(text).map(|size| size.facts);
    for (text, expected) in
        [("50000", Some(50_000)), ("500k", Some(500_000)), ("10m", Some(10_000_000)), ("10 m", None), ("0", None)]
    {
        assert_eq!(facts(text), expected, "{text}");
    }
    assert_eq!([facts("m"), facts(""), facts("99999999999999999999"), facts("-1")], [None; 4]);
}
