//! The state that survives a restart of the program, the lock of an open data folder, and a full disk.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nosmoke_application::commands::save_preferences;
use nosmoke_application::queries::Place;
use nosmoke_ports::contract::{ErrorCode, Language, MypageFilter, Preferences, ScannerSetting, Session, Theme, Zoom};
use nosmoke_ports::{Pace, Priority, StoreError, Write, write};
use nosmoke_runtime::Step;
use nosmoke_runtime::feed::WORKERS;
use nosmoke_store::{Folder, Store};
use serde_json::json;

use crate::inspection::assert_contiguous;
use crate::support::Desk;

async fn session(desk: &Desk) -> Session {
    let place = Place { data_folder: "here".into(), demonstration: false, version: "1".into() };
    desk.terminal.queries.session(place).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_restart_keeps_the_session_the_checkpoints_and_the_chain() {
    let desk = Desk::new().await;
    let zoom = Zoom::try_from(150).unwrap();
    let scanner = ScannerSetting { pace_ms: 120_u16.try_into().unwrap(), prefix: "~".to_owned().try_into().unwrap() };
    let auto_lock_minutes = 30.try_into().unwrap();
    let preferences =
        Preferences { language: Language::En, theme: Theme::Dark, sound: true, zoom, scanner, auto_lock_minutes };
    save_preferences(&*desk.terminal.core.journal, preferences).await.unwrap();
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let (before, shown) = (session(&desk).await, desk.page(customer, MypageFilter::All).await.entries);
    let checkpoints = WORKERS.map(|worker| desk.terminal.core.feed.checkpoint(worker));
    let desk = desk.restart().await;
    assert_eq!(session(&desk).await, before);
    assert_eq!(WORKERS.map(|worker| desk.terminal.core.feed.checkpoint(worker)), checkpoints);
    assert_eq!(desk.terminal.core.feed.last_written(), checkpoints[0]);
    // No worker has work left: the checkpoints survived, so no fact is projected again.
    for worker in WORKERS {
        assert_ne!(desk.terminal.workers.step(worker, Pace::Free).await.unwrap(), Step::More);
    }
    assert_eq!(desk.page(customer, MypageFilter::All).await.entries, shown);
    desk.pay(customer, 60).await.unwrap();
    let changes = desk.changes().await;
    assert_contiguous(&changes);
    assert_eq!((changes.len(), desk.verify_after(None).await), (4, 4));
}

#[tokio::test]
async fn a_kept_preference_that_cannot_be_used_has_its_default_and_is_named() {
    let desk = Desk::new().await;
    let text = r#"{"language":"en","scanner":{"paceMs":"fast"}}"#;
    let unit = move |tx: &mut dyn Write| tx.put_setting("preferences", text);
    write(&*desk.terminal.core.journal, Priority::Command, unit).await.unwrap();
    let desk = desk.restart().await;
    let Session { preferences, preferences_lost, .. } = session(&desk).await;
    assert_eq!(preferences, Preferences { language: Language::En, ..Preferences::default() });
    assert_eq!(preferences_lost, ["scanner"]);
    save_preferences(&*desk.terminal.core.journal, preferences).await.unwrap();
    assert_eq!(session(&desk).await.preferences_lost, Vec::<String>::new());
}

#[tokio::test]
async fn unfinished_work_is_done_after_a_restart() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let visit = desk.check_in(customer).await;
    desk.check_out(visit).await;
    let desk = desk.restart().await;
    desk.settle().await;
    assert_eq!(desk.balance(customer).await, 100);
    assert_eq!(desk.lines(customer, MypageFilter::Visits).await[0].1, "EARNED");
}

#[tokio::test]
async fn an_open_folder_cannot_be_opened_again() {
    let desk = Desk::new().await;
    let second = Store::open(desk.folder.path(), desk.clock.clone()).await;
    assert_eq!(second.map(|_| ()).unwrap_err(), StoreError::InUse);
    let (clock, folder) = (desk.clock.clone(), desk.close().await);
    let first = Store::open(folder.path(), clock.clone()).await.unwrap();
    assert_eq!(Store::open(folder.path(), clock).await.map(|_| ()).unwrap_err(), StoreError::InUse);
    drop(first);
}

#[tokio::test]
async fn a_closed_folder_is_unlocked_at_once_even_while_processes_start() {
    let folder = tempfile::tempdir().unwrap();
    let over = Arc::new(AtomicBool::new(false));
    let until = over.clone();
    // Start processes all the time: until a new process calls exec, it holds copies of all open files of this process,
    // so the folder's lock too.
    let starting = std::thread::spawn(move || {
        while !until.load(Ordering::SeqCst) {
            let _ = Command::new(env!("CARGO_BIN_EXE_burst")).stderr(Stdio::null()).status();
        }
    });
    let mut opened = Ok(());
    for _ in 0..2_000 {
        opened = Folder::open(folder.path()).map(drop);
        if opened.is_err() {
            break;
        }
    }
    over.store(true, Ordering::SeqCst);
    starting.join().unwrap();
    assert_eq!(opened, Ok(()));
}

/// A small mounted disk, unmounted when dropped.
pub(crate) struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// Mounts a small disk; `None` if that fails, because only root may mount.
    pub(crate) fn mount() -> Option<Self> {
        let place = tempfile::tempdir().unwrap();
        let mounted = cfg!(target_os = "linux")
            && Command::new("mount")
                .args(["-t", "tmpfs", "-o", "size=6m", "nosmoke-small-disk"])
                .arg(place.path())
                .status()
                .is_ok_and(|status| status.success());
        mounted.then_some(Self(place))
    }

    pub(crate) fn folder(&self) -> tempfile::TempDir {
        tempfile::tempdir_in(self.0.path()).unwrap()
    }

    /// Fills the disk with a file, and returns the file's path.
    pub(crate) fn fill(&self) -> std::path::PathBuf {
        let filler = self.0.path().join("filler");
        let mut size = 6 << 20;
        let mut file = std::fs::File::create(&filler).unwrap();
        while size > 0 {
            if std::io::Write::write_all(&mut file, &vec![7; size]).is_err() {
                size /= 2;
            }
        }
        filler
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_leaves_nothing_half_written_and_recovers_with_space() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("skipped: only root can mount a small disk");
        return;
    };
    let desk = Desk::in_folder(disk.folder()).await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let filler = disk.fill();
    // Commands succeed while they fit into pages that are already allocated; then all fail.
    let mut taken = desk.facts().await;
    let mut refused = None;
    for number in 0..5_000 {
        let key = format!("key {number}");
        match desk.give_with_key(&key, pay(customer)).await {
            Ok(_) => taken += 1,
            Err(error) => {
                assert_eq!(error.code, ErrorCode::DiskFull, "{error}");
                refused = Some(key);
                break;
            }
        }
        if number % 20 == 0 {
            desk.give(json!({ "type": "adjustPoints", "customerId": customer, "points": 20, "reason": "other" }))
                .await
                .map_or_else(|error| assert_eq!(error.code, ErrorCode::DiskFull), |_| taken += 1);
        }
    }
    let key = refused.expect("the disk is full");
    for number in 0..10 {
        let again = desk.give_with_key(&format!("{key} {number}"), pay(customer)).await;
        assert_eq!(again.unwrap_err().code, ErrorCode::DiskFull);
    }
    let changes = desk.changes().await;
    assert_eq!(changes.len() as u64, taken);
    assert_contiguous(&changes);
    assert_eq!(desk.verify_after(None).await, taken);
    // Reading still works.
    assert!(desk.balance(customer).await > 0);

    std::fs::remove_file(filler).unwrap();
    desk.give_with_key(&key, pay(customer)).await.unwrap();
    desk.settle().await;
    assert_eq!(desk.facts().await, taken + 1);
    let balance = desk.balance(customer).await;
    assert_eq!(desk.page(customer, MypageFilter::All).await.entries[0].balance, balance);
    // The disk's files must be closed before the disk is unmounted.
    let folder = desk.close().await;
    assert_eq!(Store::open(folder.path(), Arc::new(crate::clock::TestClock::default())).await.map(|_| ()), Ok(()));
    assert!(Path::new(folder.path()).exists());
}

fn pay(customer: nosmoke_domain::ids::CustomerId) -> serde_json::Value {
    json!({ "type": "pay", "customerId": customer, "points": 1, "note": "무인매점 ".repeat(40) })
}
