//! Attacks by a backup, and on one: what a restored journal may bring along, what a backup gives away.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nosmoke_domain::ids::EventId;
use nosmoke_ports::setting::outward;
use nosmoke_ports::{Profile, RESTORED_FROM, Reference, ReferenceKind, SearchKeys};
use nosmoke_store::backup::{About, BackupError, Passphrase, Remarks, back_up, inspect, restore_locked};
use nosmoke_store::{Folder, Secret, SqliteJournal};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{append, at, customer, draft, id, journal, manifest_about, open, read_journal, run};

const NAME: &str = "홍길동";

async fn backed_up(journal: &SqliteJournal, into: &Path, passphrase: Option<&str>) -> PathBuf {
    let about = About { passphrase: passphrase.and_then(Passphrase::new), ..manifest_about() };
    let (path, _, remarks) = back_up(journal, into, about, Arc::new(|_, _| true)).await.unwrap();
    assert_eq!(remarks, Remarks::default());
    path
}

/// A journal with a fact and a person.
async fn with_a_person() -> (TempDir, SqliteJournal) {
    let (folder, journal) = journal().await;
    append(&journal, vec![draft(21)]).await.unwrap();
    run(&journal, |tx| {
        let profile = Profile {
            customer_id: customer(7),
            revision: 1,
            event_id: EventId(id(1)),
            base_revision: 0,
            bases: Vec::new(),
            name: Some(NAME.into()),
            phone: None,
            card: None,
            registered_at: at(0),
            consent_on: None,
            erased: false,
        };
        tx.put_profile(&profile, &SearchKeys::default())
    })
    .await
    .unwrap();
    (folder, journal)
}

async fn restored(folder: &Path, backup: &Path, passphrase: Option<&str>) -> Result<PathBuf, BackupError> {
    let folder = Arc::new(Folder::open(folder).unwrap());
    let passphrase = passphrase.and_then(Passphrase::new);
    let restored = restore_locked(&folder, backup, passphrase, at(5), Arc::new(|_, _| true)).await;
    restored.map(|restored| restored.aside)
}

/// Changes the journal of a backup and its manifest, so that all checksums are right again.
fn forge(backup: &Path, sql: &str) {
    let path = backup.join("journal.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let bytes = fs::read(&path).unwrap();
    let mut manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(backup.join("manifest.json")).unwrap()).unwrap();
    manifest["files"][0]["bytes"] = json!(bytes.len());
    manifest["files"][0]["blake3"] = json!(blake3::hash(&bytes).to_hex().as_str());
    fs::write(backup.join("manifest.json"), manifest.to_string()).unwrap();
}

#[expect(clippy::panic, reason = "the test fails by it")]
fn detail(outcome: Result<PathBuf, BackupError>) -> String {
    match outcome {
        Err(BackupError::Damaged { detail, .. } | BackupError::NotABackup { detail, .. }) => detail,
        other => panic!("{other:?}"),
    }
}

const FORGERIES: [(&str, &str); 4] = [
    (
        "CREATE TRIGGER spy AFTER UPDATE ON profile BEGIN UPDATE setting SET value = NEW.name WHERE key = 'x'; END;",
        "trigger spy",
    ),
    ("CREATE VIEW everyone AS SELECT name FROM profile;", "view everyone"),
    ("CREATE TABLE more (x INTEGER) STRICT;", "table more"),
    ("CREATE INDEX slow ON profile (lower(name));", "index slow"),
];

#[tokio::test]
async fn a_backup_with_a_trigger_a_view_or_a_table_of_its_own_is_refused_by_name() {
    let (_folder, journal) = with_a_person().await;
    let into = tempfile::tempdir().unwrap();
    let empty = tempfile::tempdir().unwrap();
    for (sql, named) in FORGERIES {
        let backup = backed_up(&journal, into.path(), None).await;
        forge(&backup, sql);
        let detail = detail(restored(empty.path(), &backup, None).await);
        assert!(detail.contains(named), "{detail}");
        assert!(!empty.path().join("journal.db").exists());
    }
    let backup = backed_up(&journal, into.path(), None).await;
    forge(&backup, "DROP INDEX profile_erased;");
    assert!(detail(restored(empty.path(), &backup, None).await).contains("profile_erased"));
}

#[tokio::test]
async fn a_staged_journal_that_this_program_did_not_stage_is_left_out_at_the_start() {
    let (folder, journal) = with_a_person().await;
    journal.close().await;
    drop(journal);
    let path = folder.path();
    for (number, sql) in [FORGERIES[0].0, "SELECT 1;"].into_iter().enumerate() {
        let ready = path.join(format!("restore-ready-{number}"));
        fs::create_dir(&ready).unwrap();
        fs::copy(path.join("journal.db"), ready.join("journal.db")).unwrap();
        rusqlite::Connection::open(ready.join("journal.db")).unwrap().execute_batch(sql).unwrap();
        let journal = open(path).await.unwrap();
        assert_eq!(journal.count_facts().await, Ok(1));
        assert!(!ready.exists() && path.join(format!("restore-refused-{number}/journal.db")).exists());
        assert_eq!(read_journal(&journal, |tx| tx.setting(RESTORED_FROM)).await, None, "it is the journal from before");
        journal.close().await;
    }
}

#[tokio::test]
async fn settings_that_let_data_out_stay_as_they_are_here() {
    let (_giver, journal) = with_a_person().await;
    run(&journal, |tx| {
        outward::ALL.iter().try_for_each(|key| tx.put_setting(key, "{\"servers\":\"rogue:9092\"}"))?;
        tx.put_setting("preferences", "{}")
    })
    .await
    .unwrap();
    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&journal, into.path(), None).await;
    // On another PC nothing is set, and on one that has a connection that one stays.
    let empty = tempfile::tempdir().unwrap();
    let (here, own) = with_a_person().await;
    run(&own, |tx| tx.put_setting(outward::CONNECTION, "{\"servers\":\"ours:9092\"}")).await.unwrap();
    own.close().await;
    drop(own);
    for (folder, connection) in [(&empty, None), (&here, Some("{\"servers\":\"ours:9092\"}"))] {
        restored(folder.path(), &backup, None).await.unwrap();
        let journal = open(folder.path()).await.unwrap();
        let settings = read_journal(&journal, |tx| {
            outward::ALL.into_iter().map(|key| tx.setting(key)).collect::<Result<Vec<_>, _>>()
        })
        .await;
        assert_eq!(settings[0].as_deref(), connection);
        assert!(settings[1..].iter().all(Option::is_none), "{settings:?}");
        assert_eq!(read_journal(&journal, |tx| tx.setting("preferences")).await.as_deref(), Some("{}"));
        journal.close().await;
    }
}

#[tokio::test]
async fn staff_of_a_higher_revision_stay_on_the_same_pc() {
    let staff = |revision, role: &str| Reference {
        kind: ReferenceKind::Staff,
        id: id(3),
        revision,
        event_id: EventId(id(60)),
        base_revision: revision - 1,
        bases: Vec::new(),
        body: json!({ "role": role }),
    };
    let (folder, journal) = with_a_person().await;
    let before = staff(1, "manager");
    run(&journal, move |tx| tx.put_reference(&before)).await.unwrap();
    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&journal, into.path(), None).await;
    // The manager has left, and a backup from before must not give the rights back.
    let since = staff(2, "staff");
    run(&journal, move |tx| tx.put_reference(&since)).await.unwrap();
    journal.close().await;
    drop(journal);
    restored(folder.path(), &backup, None).await.unwrap();
    let journal = open(folder.path()).await.unwrap();
    let kept = read_journal(&journal, |tx| tx.reference(ReferenceKind::Staff, id(3))).await.unwrap();
    assert_eq!((kept.revision, kept.body), (2, json!({ "role": "staff" })));
}

#[cfg(unix)]
#[tokio::test]
async fn devices_pipes_and_files_longer_than_they_claim_are_not_read() {
    use std::os::unix::fs::symlink;
    let (folder, journal) = with_a_person().await;
    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&journal, into.path(), None).await;
    journal.close().await;
    drop(journal);
    let (copy, manifest) = (backup.join("journal.db"), backup.join("manifest.json"));
    let whole = fs::read(&copy).unwrap();
    let claims = fs::read(&manifest).unwrap();
    let replaced_by = |path: &Path, by: &str| {
        fs::remove_file(path).unwrap();
        symlink(by, path).unwrap();
    };
    let pipe = into.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for device in ["/dev/zero", pipe.to_str().unwrap()] {
        replaced_by(&manifest, device);
        assert_eq!(detail(inspect(&backup).map(|_| PathBuf::new())), "manifest.json is no file");
    }
    fs::remove_file(&manifest).unwrap();
    fs::write(&manifest, vec![b' '; 1024 * 1024 + 1]).unwrap();
    assert_eq!(detail(inspect(&backup).map(|_| PathBuf::new())), "manifest.json is too large");
    fs::write(&manifest, &claims).unwrap();
    for device in ["/dev/zero", pipe.to_str().unwrap()] {
        replaced_by(&copy, device);
        assert!(matches!(restored(folder.path(), &backup, None).await, Err(BackupError::Damaged { .. })));
    }
    fs::remove_file(&copy).unwrap();
    fs::write(&copy, [whole.clone(), whole].concat()).unwrap();
    let detail = detail(restored(folder.path(), &backup, None).await);
    assert!(detail.contains("longer than its manifest says"), "{detail}");
}

fn contains(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[tokio::test]
async fn the_facility_key_lies_in_a_file_of_its_own_and_in_no_backup() {
    const SECRET: &str = "abababababababababababababababababababababababababababababababab";
    let (folder, journal) = with_a_person().await;
    run(&journal, |tx| tx.put_facility_key(&format!("facility {SECRET} 1"))).await.unwrap();
    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&journal, into.path(), None).await;
    assert!(contains(&backup, NAME.as_bytes()), "the search itself works");
    assert!(!contains(&backup, SECRET.as_bytes()));
    assert!(!contains(&backup, &[0xab; 32]));
    let file = folder.path().join("facility.key");
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("facility {SECRET} 1"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    journal.close().await;
    assert!(!contains_in_files(folder.path(), "journal.db", SECRET));
}

fn contains_in_files(folder: &Path, prefix: &str, needle: &str) -> bool {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).any(|entry| {
        entry.file_name().to_string_lossy().starts_with(prefix)
            && fs::read(entry.path()).unwrap().windows(needle.len()).any(|window| window == needle.as_bytes())
    })
}

#[tokio::test]
async fn the_key_in_a_journal_of_an_earlier_version_moves_into_its_file() {
    let secret = "cd".repeat(32);
    let (folder, journal) = with_a_person().await;
    let stored = format!("{secret} 3");
    run(&journal, move |tx| tx.put_setting("facility_key", &stored)).await.unwrap();
    let into = tempfile::tempdir().unwrap();
    // Such a backup has the key, which a restore elsewhere doesn't take; it knows the number.
    let backup = backed_up(&journal, into.path(), None).await;
    journal.close().await;
    drop(journal);
    let empty = tempfile::tempdir().unwrap();
    restored(empty.path(), &backup, None).await.unwrap();
    let journal = open(empty.path()).await.unwrap();
    assert_eq!(read_journal(&journal, |tx| tx.facility_key()).await, None);
    assert_eq!(read_journal(&journal, |tx| tx.setting("facility_key_number")).await.as_deref(), Some("3"));
    journal.close().await;
    assert!(!contains_in_files(empty.path(), "journal.db", &secret));

    let journal = open(folder.path()).await.unwrap();
    let key = read_journal(&journal, |tx| tx.facility_key()).await.unwrap();
    assert!(key.ends_with(&format!(" {secret} 3")), "{key}");
    assert_eq!(read_journal(&journal, |tx| tx.setting("facility_key")).await, None);
    journal.close().await;
    assert!(!contains_in_files(folder.path(), "journal.db", &secret), "not even deleted");
}

#[tokio::test]
async fn a_restore_on_the_same_pc_keeps_its_key() {
    let (folder, journal) = with_a_person().await;
    run(&journal, |tx| tx.put_facility_key("facility ours 1")).await.unwrap();
    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&journal, into.path(), None).await;
    run(&journal, |tx| {
        tx.put_facility_key("facility newer 2")?;
        tx.put_setting("facility_key_number", "2")
    })
    .await
    .unwrap();
    journal.close().await;
    drop(journal);
    restored(folder.path(), &backup, None).await.unwrap();
    let journal = open(folder.path()).await.unwrap();
    assert_eq!(read_journal(&journal, |tx| tx.facility_key()).await.as_deref(), Some("facility newer 2"));
    assert_eq!(read_journal(&journal, |tx| tx.setting("facility_key_number")).await.as_deref(), Some("2"));
}

#[tokio::test]
async fn a_locked_backup_shows_nothing_and_opens_with_its_passphrase_only() {
    let (folder, journal) = with_a_person().await;
    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&journal, into.path(), Some("비밀 문장 12\n")).await;
    journal.close().await;
    drop(journal);
    let mut names: Vec<_> =
        fs::read_dir(&backup).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["journal.db.age", "manifest.json"]);
    assert!(inspect(&backup).unwrap().is_locked());
    assert!(!contains(&backup, NAME.as_bytes()) && !contains(&backup, b"SQLite format 3"));
    assert!(fs::read(backup.join("journal.db.age")).unwrap().starts_with(b"age-encryption.org/v1\n-> scrypt "));
    // The copy in clear that was locked lay in the data folder, and is gone.
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("partial")), "{left:?}");

    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(restored(empty.path(), &backup, None).await, Err(BackupError::Locked { .. })));
    assert!(matches!(restored(empty.path(), &backup, Some("guess")).await, Err(BackupError::WrongPassphrase { .. })));
    assert!(!empty.path().join("journal.db").exists());
    restored(empty.path(), &backup, Some("비밀 문장 12")).await.unwrap();
    assert_eq!(open(empty.path()).await.unwrap().count_facts().await, Ok(1));

    let locked = backup.join("journal.db.age");
    let mut bytes = fs::read(&locked).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&locked, bytes).unwrap();
    let outcome = restored(folder.path(), &backup, Some("비밀 문장 12")).await;
    assert!(matches!(outcome, Err(BackupError::Damaged { .. })), "{outcome:?}");
}

#[test]
fn a_passphrase_is_never_shown_in_debug_output_and_never_empty() {
    assert!(Passphrase::new("\n").is_none() && Passphrase::new("").is_none());
    assert_eq!(format!("{:?}", Passphrase::new("비밀").unwrap()), "Passphrase(..)");
    let folder = tempfile::tempdir().unwrap();
    Secret::backup_passphrase(folder.path()).write("비밀").unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("backup-passphrase")).unwrap(), "비밀");
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_in_which_others_keep_files_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let make = |name: &str, holds: Option<&str>| {
        let folder = parent.path().join(name);
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        if let Some(held) = holds {
            fs::write(folder.join(held), "").unwrap();
        }
        folder
    };
    for (folder, expected) in [
        (make("empty", None), 0o700),
        (make("with-logs", Some("logs")), 0o700),
        (make("srv", Some("index.html")), 0o755),
        (parent.path().join("missing"), 0o700),
    ] {
        for _ in 0..2 {
            drop(Folder::open(&folder).unwrap());
            assert_eq!(mode(&folder), expected, "{}", folder.display());
        }
        assert_eq!(mode(&folder.join("lock")), 0o600);
    }
    // Ours is closed again if somebody opened it.
    let ours = parent.path().join("empty");
    fs::set_permissions(&ours, fs::Permissions::from_mode(0o755)).unwrap();
    drop(Folder::open(&ours).unwrap());
    assert_eq!(mode(&ours), 0o700);
}
