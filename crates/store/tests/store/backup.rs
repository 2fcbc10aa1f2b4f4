use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::{Change, Extent, LogPosition, Partition, PendingFact, StoreError, Topic};
use nosmoke_ports::{RESTORED_FROM, RestoredFrom};
use nosmoke_store::backup::{
    About, BackupError, Tell, back_up, back_up_beside, inspect, keep_newest, mark_target, prepare_target, restore,
    scheduled_backups,
};
use nosmoke_store::{Folder, SqliteJournal, is_being_restored};
use tempfile::TempDir;

use crate::support::{
    append, at, chain, continued, draft, journal, manifest_about, open, origin, other, read_journal, receive,
    recorded_here, run,
};

fn tell() -> Tell {
    Arc::new(|_, _| true)
}

async fn backed_up(journal: &SqliteJournal, into: &Path) -> PathBuf {
    back_up(journal, into, manifest_about(), tell()).await.unwrap().0
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
        let outcome = back_up(&journal, into.path(), manifest_about(), tell).await;
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
    fs::write(&manifest, text.replace("\"format\": 1", "\"format\": 3")).unwrap();
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
    let staged = rusqlite::Connection::open(ready.join("journal.db")).unwrap();
    staged.execute("INSERT INTO setting (key, value) VALUES (?1, '{}')", [RESTORED_FROM]).unwrap();
    drop(staged);
    fs::create_dir(&aside).unwrap();
    fs::rename(folder.path().join("journal.db"), aside.join("journal.db")).unwrap();
    fs::write(folder.path().join("journal.db-wal"), "of the replaced journal").unwrap();
    assert!(is_being_restored(folder.path()), "it is a data folder, though without a journal");

    let journal = open(folder.path()).await.unwrap();
    assert_eq!(journal.count_facts().await, Ok(3));
    assert_eq!(read_journal(&journal, |tx| tx.setting("before")).await, None);
    assert!(!ready.exists() && !is_being_restored(folder.path()));
    assert_eq!(names(&aside), ["journal.db", "journal.db-shm", "journal.db-wal"]);
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

/// A terminal's scheduled backup with a number.
async fn scheduled(journal: &SqliteJournal, into: &Path, terminal: u128, number: u64) -> PathBuf {
    let terminal_id = Some(TerminalId(uuid::Uuid::from_u128(terminal)));
    let about = About { scheduled: Some(number), terminal_id, ..manifest_about() };
    back_up(journal, into, about, tell()).await.unwrap().0
}

#[tokio::test]
async fn only_the_newest_scheduled_backups_of_a_terminal_are_kept() {
    let (_folder, journal, into, by_hand) = backup().await;
    let (own, into) = (TerminalId(uuid::Uuid::from_u128(1)), into.path());
    let of_another = scheduled(&journal, into, 2, 1).await;
    let mut made = Vec::new();
    for number in 1..=6 {
        made.push(scheduled(&journal, into, 1, number).await);
    }
    // What looks like one of ours and isn't: somebody's file inside, a manifest of another terminal, a link, a plain folder.
    fs::write(made[0].join("memo.txt"), "mine").unwrap();
    fs::create_dir(into.join("nosmoke-20200101-000000")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&made[1], into.join("nosmoke-20200101-000001")).unwrap();
    // The newest but one is damaged, so it doesn't count as one of the three.
    fs::write(made[4].join("journal.db"), "cut").unwrap();
    assert_eq!(keep_newest(into, own, 3), Ok(1));
    let left = |path: &PathBuf| path.exists();
    assert_eq!(made.iter().map(left).collect::<Vec<_>>(), [true, false, true, true, true, true]);
    assert!(left(&by_hand) && left(&of_another) && into.join("nosmoke-20200101-000000").exists());
    assert_eq!(keep_newest(into, own, 3), Ok(0), "nothing is removed twice");
    let numbers: Vec<_> = scheduled_backups(into, own).unwrap().iter().map(|it| (it.number, it.is_whole)).collect();
    assert_eq!(numbers, [(6, true), (5, false), (4, true), (3, true)]);
    // While fewer whole ones are there, none is removed, also not a damaged one.
    assert_eq!(keep_newest(into, own, 4), Ok(0));
}

#[tokio::test]
async fn an_interrupted_scheduled_backup_is_removed_by_the_next_one_only() {
    let (_folder, journal, into, _) = backup().await;
    let own = TerminalId(uuid::Uuid::from_u128(1));
    let partial = |terminal: u128| {
        let ending = format!("-scheduled-{}.partial", uuid::Uuid::from_u128(terminal).simple());
        let path = into.path().join(format!(".nosmoke-20270115-170000{ending}"));
        fs::create_dir(&path).unwrap();
        fs::write(path.join("journal.db"), "half").unwrap();
        path
    };
    let (ours, of_another) = (partial(1), partial(2));
    let missing = Err(BackupError::TargetMissing { path: into.path().to_owned() });
    assert_eq!(prepare_target(into.path(), own), missing, "nobody chose this folder");
    assert!(ours.exists());
    mark_target(into.path()).unwrap();
    assert_eq!(prepare_target(into.path(), own), Ok(()));
    assert_eq!((ours.exists(), of_another.exists()), (false, true));
    // A backup that somebody asks for leaves those of others alone, however old.
    backed_up(&journal, into.path()).await;
    assert!(of_another.exists());
}

#[tokio::test]
async fn a_journal_that_another_process_has_open_is_backed_up_beside_it() {
    let (folder, journal, into, _) = backup().await;
    append(&journal, vec![draft(31)]).await.unwrap();
    let beside = nosmoke_store::StoreBeside::open(folder.path(), Arc::new(crate::support::FixedClock)).await.unwrap();
    let (path, manifest, _) = back_up_beside(&beside.journal(), into.path(), manifest_about(), tell()).await.unwrap();
    beside.close().await;
    assert_eq!(manifest.facts, 4);
    append(&journal, vec![draft(32)]).await.unwrap();
    let empty = tempfile::tempdir().unwrap();
    restored(&empty, &path).await.unwrap();
    assert_eq!(open(empty.path()).await.unwrap().count_facts().await, Ok(4));
}

#[tokio::test]
async fn what_a_killed_restore_left_is_removed_at_the_next_start() {
    let (folder, journal, _into, _) = backup().await;
    journal.close().await;
    drop(journal);
    let partial = folder.path().join("restoring-0123.partial");
    fs::create_dir(&partial).unwrap();
    fs::write(partial.join("journal.db"), "half a copy").unwrap();
    assert_eq!(open(folder.path()).await.unwrap().count_facts().await, Ok(3));
    assert!(!partial.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn a_backup_whose_files_are_devices_is_refused() {
    let (folder, journal, _into, backup) = backup().await;
    journal.close().await;
    drop(journal);
    let instead = |name: &str| {
        fs::remove_file(backup.join(name)).unwrap();
        std::os::unix::fs::symlink("/dev/zero", backup.join(name)).unwrap();
    };
    instead("journal.db");
    assert!(matches!(restored(&folder, &backup).await, Err(BackupError::Damaged { .. })));
    instead("manifest.json");
    assert!(matches!(restored(&folder, &backup).await, Err(BackupError::NotABackup { .. })));
}
