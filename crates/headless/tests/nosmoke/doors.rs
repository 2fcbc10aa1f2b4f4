//! Who a terminal is, what a backup gives away, and which files a command line writes.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use nosmoke_application::commands::Unattended;
use nosmoke_composition::{Environment, FolderOptions, OpenFolder, Purpose};
use nosmoke_ports::{StoreError, read};
use serde_json::json;

use crate::folder::enter;
use crate::process::TestFolder;

async fn open(data: &Path, purpose: Purpose) -> OpenFolder {
    let options = FolderOptions { folder: data.to_owned(), purpose, replicates: false, connection: None, mypage: None };
    let mut open = OpenFolder::open(Environment::of_system("test", "test"), options, Arc::new(())).await.unwrap();
    if !open.is_set_up().await.unwrap() {
        open.set_up_unattended(Unattended::default()).await.unwrap();
    }
    open
}

/// Opens a folder, and returns in which incarnation it records.
async fn life(data: &Path, purpose: Purpose) -> String {
    let open = open(data, purpose).await;
    let origin = read::<_, StoreError>(&*open.terminal().core.journal, |tx| tx.origin()).await.unwrap().unwrap();
    open.close().await;
    origin.incarnation.to_string()
}

fn recording(marks: PathBuf) -> Purpose {
    Purpose::Record { marks: Some(marks) }
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[tokio::test]
async fn twenty_starts_under_five_homes_with_exports_between_are_one_life() {
    let folder = TestFolder::new();
    let marks = |home: usize| folder.file(&format!("home-{home}/marks"));
    let first = life(&folder.data, recording(marks(0))).await;
    for start in 0..20 {
        assert_eq!(life(&folder.data, recording(marks(start % 5))).await, first, "start {start}");
        assert_eq!(life(&folder.data, Purpose::Read).await, first, "an export after start {start}");
    }
    // A container's new layer has no marks, and a service may have no HOME.
    fs::remove_dir_all(marks(0)).unwrap();
    assert_eq!(life(&folder.data, recording(marks(0))).await, first);
    assert_eq!(life(&folder.data, Purpose::Record { marks: None }).await, first);
    assert_eq!(life(&folder.data, recording("/dev/null/marks".into())).await, first);
    // A moved folder, and a file that was put back as it was.
    let moved = folder.file("moved");
    fs::rename(&folder.data, &moved).unwrap();
    assert_eq!(life(&moved, recording(marks(1))).await, first);
    let (journal, aside) = (moved.join("journal.db"), folder.file("aside"));
    fs::copy(&journal, &aside).unwrap();
    fs::remove_file(&journal).unwrap();
    fs::rename(&aside, &journal).unwrap();
    assert_eq!(life(&moved, recording(marks(1))).await, first);
}

#[tokio::test]
async fn a_copy_is_another_life_under_any_home_and_the_original_goes_on() {
    let folder = TestFolder::new();
    let (marks, elsewhere) = (folder.file("marks"), folder.file("other-home/marks"));
    let first = life(&folder.data, recording(marks.clone())).await;
    let mut lives = vec![first.clone()];
    for (number, marks) in [Some(marks.clone()), Some(elsewhere), None].into_iter().enumerate() {
        let copy = folder.file(&format!("copy-{number}"));
        copied(&folder.data, &copy);
        let copy_life = life(&copy, Purpose::Record { marks: marks.clone() }).await;
        assert!(!lives.contains(&copy_life), "copy {number} goes on");
        assert_eq!(life(&copy, Purpose::Record { marks }).await, copy_life, "once");
        lives.push(copy_life);
    }
    assert_eq!(life(&folder.data, recording(marks)).await, first);
}

#[tokio::test]
async fn an_older_file_put_back_is_another_life() {
    let folder = TestFolder::new();
    let marks = folder.file("marks");
    let first = life(&folder.data, recording(marks.clone())).await;
    let older = folder.file("older.db");
    fs::copy(folder.data.join("journal.db"), &older).unwrap();
    let open = open(&folder.data, recording(marks.clone())).await;
    enter(&open).await;
    open.close().await;
    fs::copy(&older, folder.data.join("journal.db")).unwrap();
    assert_ne!(life(&folder.data, recording(marks)).await, first);
}

#[tokio::test]
async fn an_export_of_a_copy_records_nothing_and_decides_nothing() {
    let folder = TestFolder::new();
    let first = life(&folder.data, recording(folder.file("marks"))).await;
    let copy = folder.file("copy");
    copied(&folder.data, &copy);
    let before = folder.json(&["digest"]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_nosmoke"));
    command.args(["export", "customers", "--out", "-", "--data-dir"]).arg(&copy).env("HOME", folder.file("root"));
    assert!(command.output().unwrap().status.success());
    assert_eq!(life(&copy, Purpose::Read).await, first);
    assert_eq!(folder.json(&["digest"]), before);
    assert!(!folder.file("root").exists(), "no mark is written");
}

#[tokio::test]
async fn a_program_without_a_home_serves_and_says_once_that_it_has_no_mark() {
    let folder = TestFolder::new()
        .in_environment("NOSMOKE_MARKS_DIR", "")
        .in_environment("XDG_CONFIG_HOME", "")
        .in_environment("HOME", "/dev/null");
    let served = folder.serve();
    served.customer_with(100).await;
    let folder = served.stop();
    let errors = fs::read_to_string(folder.file("errors")).unwrap();
    assert_eq!(errors.matches("the mark of the data folder can't be written").count(), 1, "{errors}");
}

#[tokio::test]
async fn a_backup_has_no_key_no_token_and_no_password() {
    let folder = TestFolder::new();
    let folder = folder.serve().stop();
    for name in ["cluster-password", "mypage-password", "backup-passphrase"] {
        fs::write(folder.data.join(name), format!("secret-of-{name}")).unwrap();
    }
    let key = fs::read_to_string(folder.data.join("facility.key")).unwrap();
    let key = key.split(' ').nth(1).unwrap();
    assert_eq!(key.len(), 64);
    let token = fs::read_to_string(folder.data.join("gateway.token")).unwrap();
    let raw = data_of_hex(key);
    let made = folder.json(&["backup", "--out", folder.folder("backups").to_str().unwrap(), "--json"]);
    for entry in fs::read_dir(made["path"].as_str().unwrap()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for secret in [key.as_bytes(), &raw, token.trim().as_bytes(), b"secret-of-"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
}

fn data_of_hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[tokio::test]
async fn a_restore_elsewhere_takes_the_pairing_code_or_makes_a_newer_key() {
    let folder = TestFolder::new();
    let code = folder.file("facility-key");
    let folder = folder.with(&["--facility-key", code.to_str().unwrap()]);
    let folder = folder.serve().stop();
    let backups = folder.folder("backups");
    let made = folder.json(&["backup", "--out", backups.to_str().unwrap(), "--json"]);
    let restored = || {
        let elsewhere = TestFolder::new();
        assert_eq!(elsewhere.with_json(&["restore", made["path"].as_str().unwrap(), "--yes"]).0, Some(0));
        assert!(!elsewhere.data.join("facility.key").exists());
        elsewhere
    };
    let key = |folder: &TestFolder| fs::read_to_string(folder.data.join("facility.key")).unwrap();
    let with_code = restored().with(&["--facility-key", code.to_str().unwrap()]).serve().stop();
    assert_eq!(key(&with_code), key(&folder));
    let alone = restored();
    let new_code = alone.file("new-key");
    let alone = alone.with(&["--facility-key", new_code.to_str().unwrap()]).serve().stop();
    assert!(key(&alone).ends_with(" 2") && key(&folder).ends_with(" 1"), "{}", key(&alone));
    assert_ne!(fs::read(&new_code).unwrap(), fs::read(&code).unwrap());
    // Without the option it works alone, without a key.
    let without = restored().serve().stop();
    assert!(!without.data.join("facility.key").exists());
}

#[tokio::test]
async fn a_locked_backup_is_made_and_restored_by_the_command_line() {
    let folder = TestFolder::new().serve().stop();
    let passphrase = folder.file("passphrase");
    fs::write(&passphrase, "한빛역 12\n").unwrap();
    let (backups, file) = (folder.folder("backups"), passphrase.to_str().unwrap());
    let made = folder.json(&["backup", "--out", backups.to_str().unwrap(), "--passphrase-file", file, "--json"]);
    assert_eq!(made["locked"], json!(true), "{made}");
    let path = made["path"].as_str().unwrap();
    let elsewhere = TestFolder::new();
    let (code, refused) = elsewhere.with_json(&["restore", path, "--yes"]);
    assert_eq!((code, &refused["error"]["code"]), (Some(1), &json!("backup_locked")));
    assert!(!elsewhere.data.exists());
    let wrong = folder.file("wrong");
    fs::write(&wrong, "guess").unwrap();
    let (_, refused) = elsewhere.with_json(&["restore", path, "--yes", "--passphrase-file", wrong.to_str().unwrap()]);
    assert_eq!(refused["error"]["code"], json!("wrong_passphrase"));
    assert_eq!(elsewhere.with_json(&["restore", path, "--yes", "--passphrase-file", file]).0, Some(0));
    assert_eq!(elsewhere.json(&["digest"]), folder.json(&["digest"]));
    fs::write(&wrong, "\n").unwrap();
    let output = folder.run(&["backup", "--out", path, "--passphrase-file", wrong.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
}

#[tokio::test]
async fn an_export_goes_through_links_and_to_the_standard_output_and_keeps_a_mode() {
    let served = TestFolder::new().serve();
    served.customer_with(100).await;
    let folder = served.stop();
    let (link, real) = (folder.file("link.csv"), folder.folder("real").join("real.csv"));
    fs::write(&real, "earlier").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&real, &link).unwrap();
    let export = |out: &str| folder.run(&["export", "histories", "--out", out]);
    assert!(export(link.to_str().unwrap()).status.success());
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    let table = fs::read(&real).unwrap();
    assert!(table.len() > 100);
    for out in ["-", "/dev/stdout"] {
        let output = export(out);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, table, "--out {out}");
    }
    let mut command = folder.command(&["export", "histories", "--out", "/dev/full"]);
    let full = command.stdout(Stdio::null()).output().unwrap();
    assert_eq!(full.status.code(), Some(7), "a full device");
    assert!(fs::metadata("/dev/full").is_ok_and(|found| !found.is_file()));
    assert_eq!(folder.with_json(&["export", "customers", "--out", "-"]).0, Some(2));
}
