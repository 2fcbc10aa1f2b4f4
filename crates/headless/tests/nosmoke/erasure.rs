//! An erased person is gone: from the data folder, from the copies in it, and after a restore from before the erasure.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_application::permission::Caller;
use nosmoke_composition::OpenFolder;
use nosmoke_ports::contract::{BackupWaitsFor, Outcome, OutdatedBackup};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::folder::{TestClock, hold};
use crate::process::{ANSWER_TIMEOUT, Served, TestFolder, text};

const NAME: &str = "선우가람하늘";
const PHONE: &str = "01077778888";

async fn registered(served: &Served, name: &str, phone: &str) -> String {
    let (status, saved) = served.post("/customers", json!({ "name": name, "phone": phone })).await;
    assert_eq!(status, 201, "{saved}");
    text(&saved, "id")
}

/// Returns the files below a folder that have one of these texts in them.
fn holding(folder: &Path, texts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, texts));
            continue;
        }
        // A file may be removed meanwhile, such as a write-ahead log.
        let bytes = std::fs::read(&path).unwrap_or_default();
        let holds = |text: &&str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        if texts.iter().any(holds) {
            found.push(path.display().to_string());
        }
    }
    found
}

fn until_nothing_holds(folder: &Path, texts: &[&str]) {
    let begun = Instant::now();
    loop {
        let found = holding(folder, texts);
        if found.is_empty() {
            return;
        }
        assert!(begun.elapsed() < ANSWER_TIMEOUT, "{found:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn backup(folder: &TestFolder) -> String {
    let into = folder.folder("backups");
    let (code, made) = folder.with_json(&["backup", "--out", into.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{made}");
    text(&made, "path")
}

/// Puts a message under a customer's id into the quarantine, as one that couldn't be used.
fn quarantine(folder: &TestFolder, customer: &str) {
    let sql = format!(
        "INSERT INTO quarantine (topic, partition, log_offset, hash, reason, detail, received_at_ms, key, value, size, \
         headers) VALUES ('profiles', 0, 1, zeroblob(32), 'malformed', '', 0, CAST('{customer}' AS BLOB), \
         CAST('{NAME} {PHONE}' AS BLOB), 9, '[]'); UPDATE quarantine_size SET messages = 1, bytes = 60;"
    );
    let done = std::process::Command::new("sqlite3").arg(folder.data.join("journal.db")).arg(sql).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test]
async fn an_erased_person_stays_erased_after_a_restore_and_is_in_no_copy() {
    let served = TestFolder::new().serve();
    let person = registered(&served, NAME, PHONE).await;
    registered(&served, "강먼저", "01033334444").await;
    let before = backup(&served.folder);
    let folder = served.stop();
    quarantine(&folder, &person);
    // The copy that an earlier version of the program left, and the journal that an earlier restore replaced.
    let old = folder.data.join("journal.before-upgrade-from-20261123060000.db");
    std::fs::copy(folder.data.join("journal.db"), &old).unwrap();
    let aside = folder.data.join("before-restore-20260101-000000");
    std::fs::create_dir(&aside).unwrap();
    std::fs::copy(folder.data.join("journal.db"), aside.join("journal.db")).unwrap();

    let served = folder.serve();
    let data = served.folder.data.clone();
    assert!(holding(&data, &[NAME, PHONE]).len() >= 3);
    assert_eq!(served.delete(&format!("/customers/{person}")).await.0, 204);
    until_nothing_holds(&data, &[NAME, PHONE]);
    assert!(!holding(&data, &["강먼저"]).is_empty(), "nobody else is erased");

    let folder = served.stop();
    let (code, said) = folder.with_json(&["restore", &before, "--yes"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!holding(&data, &[NAME]).is_empty(), "the backup is from before the erasure");
    let served = folder.serve();
    let refused = served.delete(&format!("/customers/{person}")).await;
    assert_eq!(text(&refused.1, "code"), "customer_erased", "{}", refused.1);
    until_nothing_holds(&data, &[NAME, PHONE]);
    assert!(!holding(&data, &["강먼저"]).is_empty(), "nobody else is erased");
    let folder = served.stop();
    assert_eq!(holding(&data, &[NAME, PHONE]), Vec::<String>::new());
    assert!(folder.run(&["verify"]).status.success());
}

#[tokio::test]
async fn an_erasure_that_the_program_could_not_note_is_kept_by_the_restore_itself() {
    let served = TestFolder::new().serve();
    let person = registered(&served, NAME, PHONE).await;
    let before = backup(&served.folder);
    assert_eq!(served.delete(&format!("/customers/{person}")).await.0, 204);
    let folder = served.stop();
    // As after a kill between the commit and the note.
    std::fs::remove_file(folder.data.join("erased")).unwrap();
    let (code, said) = folder.with_json(&["restore", &before, "--yes"]);
    assert_eq!(code, Some(0), "{said}");
    let served = folder.serve();
    let refused = served.delete(&format!("/customers/{person}")).await;
    assert_eq!(text(&refused.1, "code"), "customer_erased", "{}", refused.1);
}

async fn record(open: &OpenFolder, command: Value) -> Outcome {
    let request = json!({ "idempotencyKey": Uuid::new_v4(), "command": command });
    open.terminal().commands.record(Caller::OWNER, request).await.unwrap()
}

async fn left(open: &OpenFolder) -> Vec<(String, BackupWaitsFor)> {
    let outdated = open.backup_source().remove_outdated().await.unwrap();
    outdated.into_iter().map(|OutdatedBackup { path, waits_for, .. }| (path, waits_for)).collect()
}

/// The backups of a person who was erased go after 30 days, but never the only one; those on a disk that isn't connected
/// go when it is.
#[tokio::test(flavor = "multi_thread")]
async fn backups_from_before_an_erasure_are_removed_after_30_days() {
    let (folder, clock) = (TestFolder::new(), Arc::new(TestClock::default()));
    clock.set("2026-03-02T03:00:00Z");
    let open = hold(&folder, clock.clone()).await;
    let profile = json!({ "name": NAME, "phone": PHONE });
    let registered = record(&open, json!({ "type": "registerCustomer", "profile": profile })).await;
    let Outcome::CustomerSaved { customer_id: person, .. } = registered else { panic!("{registered:?}") };
    let (here, stick) = (folder.folder("here"), folder.folder("stick"));
    let mut before = Vec::new();
    for into in [&here, &stick] {
        let made = open.backup_source().back_up(into, None, Arc::new(|_, _| true)).await.unwrap();
        before.push(made.path.display().to_string());
    }
    assert_eq!(left(&open).await, []);
    clock.set("2026-03-03T03:00:00Z");
    record(&open, json!({ "type": "eraseCustomer", "customerId": person })).await;
    clock.set("2026-04-02T02:59:00Z");
    let waiting = |why: BackupWaitsFor| before.iter().map(|path| (path.clone(), why)).collect::<Vec<_>>();
    assert_eq!(left(&open).await, waiting(BackupWaitsFor::Day));
    clock.set("2036-04-02T03:00:00Z");
    assert_eq!(left(&open).await, waiting(BackupWaitsFor::NewerBackup), "the only backups, whatever the clock says");

    clock.set("2026-04-02T03:00:00Z");
    let away = folder.file("stick pulled out");
    std::fs::rename(&stick, &away).unwrap();
    // An empty mount point.
    std::fs::create_dir(&stick).unwrap();
    let newer = open.backup_source().back_up(&here, None, Arc::new(|_, _| true)).await.unwrap();
    assert_eq!(left(&open).await, [(before[1].clone(), BackupWaitsFor::Medium)]);
    assert!(!Path::new(&before[0]).exists() && newer.path.exists());
    std::fs::remove_dir(&stick).unwrap();
    assert_eq!(left(&open).await, [(before[1].clone(), BackupWaitsFor::Medium)]);
    std::fs::rename(&away, &stick).unwrap();
    assert!(!holding(&stick, &[NAME]).is_empty());
    assert_eq!(left(&open).await, []);
    assert_eq!(holding(&stick, &[NAME]), Vec::<String>::new());
    assert!(newer.path.exists());
    open.close().await;
}
