//! Tests of the commands for scripts, with and without another program that has the folder open.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::json;

use crate::process::{TestFolder, text};

const CUSTOMERS: &str =
    "memo,name,phone,card\nx,홍길동,010-1234-5678,NS-1\nx,김민수,,NS-2\nx,이하나,,NS-1\n,,,\nx,박서연,,\n";

#[tokio::test]
async fn s06_scripts_read_the_folder_of_a_running_program_and_write_through_it() {
    let served = TestFolder::new().serve();
    let customer = served.customer_with(100).await;
    let file = served.folder.file("customers.csv");
    std::fs::write(&file, CUSTOMERS).unwrap();
    let file = file.to_str().unwrap();
    let imported = served.folder.json(&["import", "customers", file]);
    let left_out = &imported["leftOut"][0];
    assert_eq!(
        (&imported["imported"], &imported["bad"], &imported["unreadColumns"]),
        (&json!(3), &json!(1), &json!(["memo"]))
    );
    assert_eq!((&left_out["line"], &left_out["code"]), (&json!(4), &json!("card_taken")));

    let out = served.folder.file("out.csv");
    let export = |words: &[&str]| {
        let done = served.folder.run(&[words, &["--language", "en", "--out", out.to_str().unwrap()]].concat());
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        std::fs::read_to_string(&out).unwrap()
    };
    let customers = export(&["export", "customers"]);
    for name in ["홍길동", "김민수", "박서연"] {
        assert!(customers.contains(name), "{customers}");
    }
    let histories = export(&["export", "histories"]);
    assert!(
        histories.contains("visit") && histories.contains(&customer) && histories.contains("EARNED"),
        "{histories}"
    );
    let none = export(&["export", "histories", "--to", "2001-01-01"]);
    assert_eq!(none.lines().count(), 1, "{none}");

    let verified = served.folder.json(&["verify"]);
    assert_eq!((&verified["ok"], &verified["facts"]), (&json!(true), &json!(3)));
    let digest = served.folder.json(&["digest"]);
    assert_eq!((&digest["facts"], &digest["heads"][0]["seq"]), (&json!(3), &json!(3)));
    assert!(served.folder.run(&["rebuild", "mypage"]).status.success());
    served.until(&format!("/mypages/{customer}"), "standing", "ALLOWED").await;
    let (_, mypage) = served.get(&format!("/mypages/{customer}")).await;
    assert_eq!(mypage["visits"][0]["status"], "EARNED", "{mypage}");

    // The commands work in the same way after the program has ended.
    let folder = served.stop();
    assert_eq!(folder.json(&["digest"]), digest);
    assert_eq!(folder.json(&["verify"]), verified);
    assert!(folder.run(&["rebuild", "mypage"]).status.success());
    let done = folder.run(&["export", "histories", "--language", "en", "--out", out.to_str().unwrap()]);
    assert!(done.status.success());
    assert_eq!(std::fs::read_to_string(&out).unwrap(), histories);
    let again = folder.json(&["import", "customers", file]);
    assert_eq!((&again["imported"], &again["skipped"]), (&json!(0), &json!(3)), "nobody is registered again");
}

#[tokio::test]
async fn s06_a_rebuild_that_rebuilds_nothing_ends_with_1() {
    let served = TestFolder::new().serve();
    served.customer_with(100).await;
    served.folder.json(&["contexts", "stop", "mypage"]);
    let rebuilt = served.folder.run(&["rebuild", "mypage"]);
    let said = String::from_utf8(rebuilt.stderr).unwrap();
    assert_eq!(rebuilt.status.code(), Some(1), "{said}");
    assert!(said.contains("contexts start mypage"), "{said}");
    served.folder.json(&["contexts", "start", "mypage"]);
    assert!(served.folder.run(&["rebuild", "mypage"]).status.success());
}

/// After a kill the projectors may be behind; an export first runs them.
#[tokio::test]
async fn s06_an_export_after_a_kill_is_complete() {
    let served = TestFolder::new().serve();
    let mut entered = Vec::new();
    for _ in 0..30 {
        entered.push(text(&served.post("/checkIns", json!({ "smokingAreaId": "1" })).await.1, "id"));
    }
    let folder = served.kill();
    let out = folder.file("out.csv");
    assert!(folder.run(&["export", "histories", "--out", out.to_str().unwrap()]).status.success());
    let histories = std::fs::read_to_string(&out).unwrap();
    for visit in entered {
        assert!(histories.contains(&visit), "{visit} is missing");
    }
}

#[tokio::test]
async fn s06_a_missing_or_damaged_folder_gives_an_exit_code() {
    let folder = TestFolder::new();
    for words in [
        &["digest"][..],
        &["verify"],
        &["rebuild", "mypage"],
        &["contexts"],
        &["export", "customers", "--out", "x.csv"],
        &["imports"],
        &["backup", "--out", "."],
    ] {
        let failed = folder.run(words);
        assert_eq!(failed.status.code(), Some(5), "{words:?}");
        assert!(!failed.stderr.is_empty() && failed.stdout.is_empty());
        assert!(!folder.data.exists(), "{words:?} created the folder");
    }
    assert_eq!(folder.run(&["export", "secrets"]).status.code(), Some(2));

    let served = folder.serve();
    served.customer_with(100).await;
    let folder = served.stop();
    // Change a byte of a fact in the file.
    let journal = folder.data.join("journal.db");
    // First move the write-ahead log into the file, so that the fact is in the file.
    let moved = Command::new("sqlite3").arg(&journal).arg("PRAGMA wal_checkpoint(TRUNCATE)").output().unwrap();
    assert!(moved.status.success(), "{}", String::from_utf8_lossy(&moved.stderr));
    let mut bytes = std::fs::read(&journal).unwrap();
    let at = bytes.windows(9).position(|it| it == b"CheckedIn").map(|at| at - 200).unwrap();
    let at = bytes[at..].windows(12).position(|it| it == b"\"customer_id").unwrap() + at;
    bytes[at + 15] = if bytes[at + 15] == b'0' { b'1' } else { b'0' };
    std::fs::write(&journal, bytes).unwrap();
    let failed = folder.run(&["verify"]);
    assert_eq!(failed.status.code(), Some(4), "{}", String::from_utf8_lossy(&failed.stdout));
}

#[tokio::test]
async fn s06_a_facility_key_file_is_written_if_missing_and_read_if_present() {
    let first = TestFolder::new();
    let file = first.file("facility-key");
    let name = file.to_str().unwrap().to_owned();
    let first = first.with(&["--facility-key", &name, "--terminal-name", "회전문"]).serve();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let code = std::fs::read_to_string(&file).unwrap();
    // Another folder joins with this key file, and leaves the file unchanged.
    let second = TestFolder::new().with(&["--facility-key", &name]).serve().stop();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), code);
    // The folder of a first terminal takes its own file again, and makes it again where it is missing.
    let mut first = first.stop();
    std::fs::remove_file(&file).unwrap();
    first = first.serve().stop();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), code);
    // Another facility's code is refused at a folder that is set up.
    let other = TestFolder::new();
    let other_file = other.file("other");
    let other = other.with(&["--facility-key", other_file.to_str().unwrap()]).serve().stop();
    let words = ["serve", "--listen", "127.0.0.1:0", "--facility-key", other_file.to_str().unwrap()];
    for folder in [&first, &second] {
        let refused = folder.run(&words);
        assert_eq!(refused.status.code(), Some(1));
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("other_facility") && said.contains("--data-dir") && said.contains("CSV"), "{said}");
    }
    drop(other);
    // The digits of a key alone name no facility.
    let digits = TestFolder::new();
    std::fs::write(digits.file("digits"), "ab".repeat(32)).unwrap();
    let refused = digits.run(&["serve", "--facility-key", digits.file("digits").to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("key_without_facility"));
    assert!(!digits.data.join("journal.db").exists(), "a wrong file changes nothing");
    let bad = TestFolder::new();
    std::fs::write(bad.file("bad"), "no key").unwrap();
    let refused = bad.run(&["serve", "--facility-key", bad.file("bad").to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("bad_pairing_code"));
}
