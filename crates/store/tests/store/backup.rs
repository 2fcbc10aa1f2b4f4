use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use nosmoke_ports::{Change, Extent, LogPosition, Partition, PendingFact, StoreError, Topic};
use nosmoke_ports::{RESTORED_FROM, RestoredFrom};
use nosmoke_store::backup::{About, BackupError, Tell, back_up, inspect, restore};
use nosmoke_store::{Folder, SqliteJournal};
use tempfile::TempDir;

use crate::support::{
    append, at, chain, continued, draft, journal, open, origin, other, read_journal, receive, recorded_here, run,
};

fn tell() -> Tell {
    Arc::new(|_, _| true)
}

async fn backed_up(journal: &SqliteJournal, into: &Path) -> PathBuf {
    let about = About { facility_name: "서울역 흡연구역".into(), version: "0.1.0".into(), at: at(0) };
    back_up(journal, into, about, tell()).await.unwrap().0
}

/// A journal with three facts, and a backup of it.
async fn backup() -> (TempDir, SqliteJournal, TempDir, PathBuf) {
    let (folder, journal) = journal().await;
    append(&journal, (21..24).map(draft).collect()).await.unwrap();
    let into = tempfile::tempdir().unwrap();
    let path = backed_up(&journal, into.path()).await;
    (folder, journal, into, path)
}

async fn restored(folder: &TempDir, backup: &Path) -> Result<PathBuf, BackupError> {
    let folder = Arc::new(Folder::open(folder.path()).unwrap());
    restore(&folder, backup, at(5), tell()).await.map(|restored| restored.aside)
}

async fn facts(journal: &SqliteJournal) -> Vec<Change> {
    read_journal(journal, |tx| tx.changes(0, 1_000)).await
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_restored_backup_has_the_same_facts_and_asks_for_a_new_incarnation() {
    let (folder, journal, into, backup) = backup().await;
    assert_eq!(names(into.path()), ["nosmoke-20270115-170000"]); // Asia/Seoul
    assert_eq!(names(&backup), ["journal.db", "manifest.json"]);
    let manifest = inspect(&backup).unwrap();
    assert_eq!((manifest.facts, manifest.heads[0].seq), (3, 3));
    assert_eq!(manifest.facility_name, "서울역 흡연구역");
    let before = facts(&journal).await;
    let store_id = journal.store_id();
    append(&journal, vec![draft(31)]).await.unwrap();
    journal.close().await;
    drop(journal);

    let aside = restored(&folder, &backup).await.unwrap();
    let journal = open(folder.path()).await.unwrap();
    assert_eq!(facts(&journal).await, before);
    assert_ne!(journal.store_id(), store_id);
    let mark: RestoredFrom =
        serde_json::from_str(&read_journal(&journal, |tx| tx.setting(RESTORED_FROM)).await.unwrap()).unwrap();
    assert_eq!((mark.incarnation, mark.created_at), (Some(origin(10).incarnation), at(0)));
    journal.close().await;
    drop(journal);

    // The replaced journal is kept and can be opened.
    let old = open(&aside).await.unwrap();
    assert_eq!(old.count_facts().await, Ok(4));
}

#[tokio::test]
async fn a_backup_can_be_restored_into_an_empty_folder() {
    let (_folder, _journal, _into, backup) = backup().await;
    let empty = tempfile::tempdir().unwrap();
    restored(&empty, &backup).await.unwrap();
    assert_eq!(open(empty.path()).await.unwrap().count_facts().await, Ok(3));
}

#[tokio::test]
async fn two_backups_in_the_same_second_get_different_names() {
    let (_folder, journal, into, _) = backup().await;
    backed_up(&journal, into.path()).await;
    assert_eq!(names(into.path()), ["nosmoke-20270115-170000", "nosmoke-20270115-170000-2"]);
}

#[tokio::test]
async fn commands_are_recorded_while_a_backup_is_made() {
    let (_folder, journal, into, _) = backup().await;
    let journal = Arc::new(journal);
    let busy = journal.clone();
    let writing = tokio::spawn(async move {
        for n in 100..200 {
            append(&*busy, vec![draft(n)]).await.unwrap();
        }
    });
    let path = backed_up(&journal, into.path()).await;
    writing.await.unwrap();
    let manifest = inspect(&path).unwrap();
    assert!((3..=103).contains(&manifest.facts), "{}", manifest.facts);
    assert_eq!(journal.count_facts().await, Ok(103));
}

#[tokio::test]
async fn a_cancelled_backup_leaves_nothing() {
    let (_folder, journal, _into, _) = backup().await;
    append(&journal, (1_000..6_000).map(draft).collect()).await.unwrap();
    for stop_at in [0, 1, 2, 5, 8] {
        let into = tempfile::tempdir().unwrap();
        let asked = AtomicU64::new(0);
        let tell: Tell = Arc::new(move |_, _| asked.fetch_add(1, Ordering::Relaxed) < stop_at);
        let about = About { facility_name: String::new(), version: String::new(), at: at(0) };
        let outcome = back_up(&journal, into.path(), about, tell).await;
        assert_eq!(outcome.err(), Some(BackupError::Cancelled), "{stop_at}");
        assert_eq!(names(into.path()), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_nothing_changes() {
    let (folder, journal, into, backup) = backup().await;
    journal.close().await;
    drop(journal);
    let refused = async |what: &str| match restored(&folder, &backup).await {
        Err(error) => error,
        Ok(_) => panic!("{what} was restored"),
    };
    let copy = backup.join("journal.db");
    let whole = fs::read(&copy).unwrap();
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    fs::write(&copy, &flipped).unwrap();
    assert!(matches!(refused("a flipped bit").await, BackupError::Damaged { .. }));
    fs::write(&copy, &whole[..whole.len() - 1]).unwrap();
    assert!(matches!(refused("a short file").await, BackupError::Damaged { .. }));
    fs::remove_file(&copy).unwrap();
    assert!(matches!(refused("no journal").await, BackupError::Damaged { .. }));
    fs::write(&copy, &whole).unwrap();

    let manifest = backup.join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"facts\": 3", "\"facts\": 4")).unwrap();
    assert!(matches!(refused("another count").await, BackupError::Damaged { .. }));
    fs::write(&manifest, text.replace("\"format\": 1", "\"format\": 2")).unwrap();
    assert!(matches!(refused("a newer format").await, BackupError::Store(StoreError::Newer(_))));
    fs::write(&manifest, "{}").unwrap();
    assert!(matches!(refused("an empty manifest").await, BackupError::NotABackup { .. }));
    assert!(matches!(inspect(into.path()), Err(BackupError::NotABackup { .. })));

    let journal = open(folder.path()).await.unwrap();
    assert_eq!(journal.count_facts().await, Ok(3));
    assert!(names(folder.path()).iter().all(|name| !name.contains("restor")), "{:?}", names(folder.path()));
}

#[tokio::test]
async fn an_open_folder_is_not_restored_into() {
    let (folder, journal) = journal().await;
    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&journal, into.path()).await;
    journal.close().await;
    let folder = Arc::new(Folder::open(folder.path()).unwrap());
    let _open = SqliteJournal::open(folder.clone(), Arc::new(crate::support::FixedClock)).await.unwrap();
    let outcome = restore(&folder, &backup, at(5), tell()).await;
    assert_eq!(outcome.err(), Some(BackupError::Store(StoreError::InUse)));
}

#[tokio::test]
async fn a_restore_that_a_crash_interrupted_is_finished_at_the_next_start() {
    let (folder, journal, _into, backup) = backup().await;
    append(&journal, vec![draft(31)]).await.unwrap();
    run(&journal, |tx| tx.put_setting("before", "true")).await.unwrap();
    journal.close().await;
    drop(journal);
    // The files as a crash leaves them after the staged copy was checked and journal.db was moved aside.
    let ready = folder.path().join("restore-ready-20270115-170500");
    let aside = folder.path().join("before-restore-20270115-170500");
    fs::create_dir(&ready).unwrap();
    fs::copy(backup.join("journal.db"), ready.join("journal.db")).unwrap();
    fs::create_dir(&aside).unwrap();
    fs::rename(folder.path().join("journal.db"), aside.join("journal.db")).unwrap();
    fs::write(folder.path().join("journal.db-wal"), "of the replaced journal").unwrap();

    let journal = open(folder.path()).await.unwrap();
    assert_eq!(journal.count_facts().await, Ok(3));
    assert_eq!(read_journal(&journal, |tx| tx.setting("before")).await, None);
    assert!(!ready.exists());
    assert_eq!(names(&aside), ["journal.db", "journal.db-wal"]);
}

async fn state(journal: &SqliteJournal) -> (Vec<PendingFact>, Vec<LogPosition>, Extent) {
    read_journal(journal, |tx| Ok((tx.pending_facts(true, 0, 9)?, tx.log_positions()?, tx.extent()?))).await
}

#[tokio::test]
async fn a_backup_restores_pending_facts_and_log_positions() {
    let (folder, journal) = journal().await;
    append(&journal, vec![draft(21), draft(22)]).await.unwrap();
    let first = recorded_here(&journal).await.remove(0);
    // One own fact was read back from the log; one fact of another terminal is missing.
    receive(&journal, &[first]).await;
    receive(&journal, &chain(other(20), (31..35).map(draft))[1..]).await;
    let partition = Partition { topic: Topic::Facts, number: 3 };
    let position = LogPosition { partition, next_offset: 5, last: None };
    run(&journal, move |tx| tx.put_log_position(&position)).await.unwrap();
    let before = state(&journal).await;
    assert_eq!((before.0.len(), before.2.beyond_heads()), (1, 3));

    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&journal, into.path()).await;
    append(&journal, vec![draft(23)]).await.unwrap();
    journal.close().await;
    drop(journal);
    restored(&folder, &backup).await.unwrap();
    let journal = open(folder.path()).await.unwrap();
    assert_eq!(state(&journal).await, before);
}

#[tokio::test]
async fn a_journal_with_a_forked_chain_can_be_backed_up() {
    let (_folder, journal) = journal().await;
    let facts = chain(other(20), (31..34).map(draft));
    let mut clone = facts[..1].to_vec();
    continued(&mut clone, other(20), [draft(40), draft(41), draft(42)]);
    // The facts that the clone recorded after the fork, but not the first of them.
    receive(&journal, &facts).await;
    receive(&journal, &clone[2..]).await;
    let into = tempfile::tempdir().unwrap();
    assert_eq!(inspect(&backed_up(&journal, into.path()).await).unwrap().facts, 5);
}
