//! Backups and restores by the command line, and scheduled backups of a running program.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_ports::contract::BackupSchedule;
use serde_json::{Value, json};

use crate::folder::{TestClock, hold};
use crate::process::{ANSWER_TIMEOUT, TestFolder};

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn backup(folder: &TestFolder, into: &Path) -> PathBuf {
    let (code, made) = folder.with_json(&["backup", "--out", into.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{made}");
    made["path"].as_str().unwrap().into()
}

fn restore(folder: &TestFolder, from: &Path) -> (Option<i32>, Value) {
    folder.with_json(&["restore", from.to_str().unwrap(), "--yes"])
}

#[tokio::test]
async fn a_backup_beside_a_running_program_is_restored_elsewhere() {
    let served = TestFolder::new().serve();
    let customer = served.customer_with(100).await;
    let into = served.folder.folder("backups");
    let made = backup(&served.folder, &into);
    let files = ["access.db", "journal.db", "manifest.json"].map(str::to_owned).to_vec();
    assert_eq!((names(&made), names(&into).len()), (files, 1));
    served.customer_with(50).await;
    let (code, refused) = restore(&served.folder, &made);
    assert_eq!((code, &refused["error"]["code"]), (Some(3), &json!("folder_in_use")));
    // Without --json the path is printed, for scripts.
    let output = served.folder.run(&["backup", "--out", into.to_str().unwrap()]);
    let path = String::from_utf8(output.stdout).unwrap();
    assert!(Path::new(path.trim()).join("manifest.json").is_file(), "{path}");
    let elsewhere = TestFolder::new();
    assert_eq!(restore(&elsewhere, &made).0, Some(0));
    // As it was when the backup was made, and the points can be paid at the new terminal.
    let elsewhere = elsewhere.serve();
    let paid = elsewhere.post("/pays", json!({ "customerId": customer, "point": 100 })).await;
    assert_eq!((paid.0, &paid.1["balance"]), (201, &json!(0)), "{}", paid.1);
}

#[tokio::test]
async fn a_restore_asks_and_keeps_what_was_there() {
    let served = TestFolder::new().serve();
    served.customer_with(100).await;
    let folder = served.stop();
    let before = folder.json(&["digest"]);
    let into = folder.folder("backups");
    let made = backup(&folder, &into);
    let served = folder.serve();
    let later = served.customer_with(100).await;
    let folder = served.stop();
    let newer = folder.json(&["digest"]);
    let ask = |answer: &str| {
        let mut command = folder.command(&["restore", made.to_str().unwrap()]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let nobody = ask("");
    assert_eq!(nobody.status.code(), Some(2));
    let question = String::from_utf8(nobody.stderr).unwrap();
    assert!(question.contains("--yes") && question.contains("3 facts"), "{question}");
    assert_eq!(ask("no\n").status.code(), Some(1));
    assert_eq!(folder.json(&["digest"]), newer, "nothing was restored");
    assert_eq!(ask("y\n").status.code(), Some(0));
    assert_eq!(folder.json(&["digest"]), before);
    let kept: Vec<_> = names(&folder.data).into_iter().filter(|name| name.starts_with("before-restore-")).collect();
    assert_eq!(kept.len(), 1);
    assert!(folder.data.join(&kept[0]).join("journal.db").is_file());
    // The program continues, without what came after the backup.
    let served = folder.serve();
    assert_eq!(served.get(&format!("/mypages/{later}")).await.0, 404);
    // Into a folder that isn't there, as on a new computer.
    let elsewhere = TestFolder::new();
    let (code, said) = restore(&elsewhere, &made);
    assert_eq!((code, &said["facts"], &said["keptIn"]), (Some(0), &json!(3), &Value::Null), "{said}");
    assert_eq!(elsewhere.json(&["digest"])["facts"], before["facts"]);
    assert_eq!(elsewhere.json(&["verify"])["ok"], true);
    assert!(names(&elsewhere.data).iter().all(|name| !name.contains("restor")), "{:?}", names(&elsewhere.data));
}

#[test]
fn a_damaged_backup_is_refused_with_4_and_nothing_changes() {
    let folder = TestFolder::new();
    std::fs::write(folder.file("list.csv"), "name\n홍길동\n").unwrap();
    folder.json(&["import", "customers", folder.file("list.csv").to_str().unwrap()]);
    let made = backup(&folder, &folder.folder("backups"));
    let copy = made.join("journal.db");
    let mut bytes = std::fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&copy, bytes).unwrap();
    let before = folder.json(&["digest"]);
    let (code, said) = restore(&folder, &made);
    assert_eq!((code, &said["error"]["code"]), (Some(4), &json!("backup_damaged")), "{said}");
    assert_eq!(folder.json(&["digest"]), before);
    // A new folder isn't left behind half made.
    let empty = TestFolder::new();
    assert_eq!(restore(&empty, &made).0, Some(4));
    assert!(!empty.data.join("journal.db").exists());
}

/// Whenever it is killed, the folder has the old data or the restored ones, and nothing half of it.
#[tokio::test]
async fn a_restore_that_is_killed_leaves_the_old_data_or_the_new() {
    let served = TestFolder::new().serve();
    for _ in 0..20 {
        served.post("/checkIns", json!({ "smokingAreaId": "1" })).await;
    }
    let folder = served.stop();
    let made = backup(&folder, &folder.folder("backups"));
    let old_facts = folder.json(&["digest"])["facts"].clone();
    let begun = Instant::now();
    assert_eq!(restore(&folder, &made).0, Some(0));
    let whole = begun.elapsed();
    let mut new_facts = one_more(&folder).await;
    let mut completed = 0;
    for round in 0..24 {
        let mut command = folder.command(&["restore", made.to_str().unwrap(), "--yes"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The last ones have time to end.
        std::thread::sleep(whole * round / 16);
        child.kill().unwrap();
        child.wait().unwrap();
        // Opening the folder completes what was begun, or clears it away.
        let rebuilt = folder.run(&["rebuild", "mypage"]);
        assert!(rebuilt.status.success(), "round {round}: {}", String::from_utf8_lossy(&rebuilt.stderr));
        let facts = folder.json(&["digest"])["facts"].clone();
        assert!(facts == old_facts || facts == new_facts, "round {round}: {facts}");
        assert_eq!(folder.json(&["verify"])["ok"], true, "round {round}");
        let left = names(&folder.data);
        assert!(!left.iter().any(|name| name.ends_with(".partial") || name.contains("ready")), "{left:?}");
        if facts == old_facts {
            completed += 1;
            new_facts = one_more(&folder).await;
        }
    }
    assert!(completed > 0, "none was completed, the times are too short");
}

/// Records one more fact, and returns the number of facts.
async fn one_more(folder: &TestFolder) -> Value {
    let mut command = folder.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    let token = std::fs::read_to_string(folder.data.join("gateway.token")).unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.post(format!("{}/checkIns", line.trim())).bearer_auth(token);
    assert_eq!(request.json(&json!({ "smokingAreaId": "1" })).send().await.unwrap().status(), 201);
    std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    child.wait().unwrap();
    folder.json(&["digest"])["facts"].clone()
}

fn scheduled(into: &Path) -> Vec<u64> {
    let manifests = names(into).into_iter().filter(|name| name.starts_with("nosmoke-")).map(|name| into.join(name));
    let mut numbers: Vec<u64> = manifests
        .filter_map(|path| {
            let text = std::fs::read(path.join("manifest.json")).unwrap();
            serde_json::from_slice::<Value>(&text).unwrap()["scheduled"].as_u64()
        })
        .collect();
    numbers.sort_unstable();
    numbers
}

async fn until(holds: impl Fn() -> bool, what: &str) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < ANSWER_TIMEOUT, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_running_program_backs_itself_up_and_keeps_the_last_ones() {
    let folder = TestFolder::new();
    let into = folder.folder("backups");
    let path = into.to_str().unwrap().to_owned();
    let served = folder.with(&["--backup-into", &path, "--backup-keep", "2", "--backup-hour", "4"]).serve();
    let customer = served.customer_with(100).await;
    until(|| scheduled(&into) == [1], "no backup was made").await;
    let mut folder = served.stop();
    let by_hand = backup(&folder, &into);
    // Each day that is over brings one; a half-written one of the program goes, whatever else is there stays.
    let manifest = std::fs::read_to_string(into.join(&names(&into)[1]).join("manifest.json")).unwrap();
    let terminal = serde_json::from_str::<Value>(&manifest).unwrap()["terminal_id"].as_str().unwrap().replace('-', "");
    let half = into.join(format!(".nosmoke-20260101-000000-scheduled-{terminal}.partial"));
    std::fs::create_dir(&half).unwrap();
    std::fs::write(into.join("memo.txt"), "mine").unwrap();
    for expected in [vec![1, 2], vec![2, 3], vec![3, 4]] {
        // The options stay in the folder.
        folder.options = Vec::new();
        yesterday(&folder);
        let served = folder.serve();
        until(|| scheduled(&into) == expected, "no further backup was made").await;
        folder = served.stop();
    }
    assert!(!half.exists() && by_hand.exists() && into.join("memo.txt").exists());
    // The backup has what was recorded.
    let newest = names(&into).into_iter().rfind(|name| name.starts_with("nosmoke-")).unwrap();
    let elsewhere = TestFolder::new();
    assert_eq!(restore(&elsewhere, &into.join(newest)).0, Some(0));
    let served = elsewhere.serve();
    assert_eq!(served.get(&format!("/mypages/{customer}")).await.1["balance"], 100);
}

/// Lets the folder believe that its last backup was that of another day.
fn yesterday(folder: &TestFolder) {
    let sql = "UPDATE setting SET value = json_set(value, '$.day', '2026-01-01') WHERE key = 'backup_schedule_state'";
    let journal = folder.data.join("journal.db");
    let done = std::process::Command::new("sqlite3").arg(&journal).arg(sql).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test]
async fn a_backup_whose_disk_is_gone_is_said_and_made_once_it_is_back() {
    let folder = TestFolder::new();
    let into = folder.folder("stick");
    let path = into.to_str().unwrap().to_owned();
    let served = folder.with(&["--backup-into", &path]).serve();
    until(|| scheduled(&into) == [1], "no backup was made").await;
    let mut folder = served.stop();
    folder.options = Vec::new();
    // The mount point is there, and the stick isn't.
    let away = folder.file("away");
    std::fs::rename(&into, &away).unwrap();
    std::fs::create_dir(&into).unwrap();
    yesterday(&folder);
    let problem = |folder: &TestFolder| {
        let sql = "SELECT json_extract(value, '$.problem.error.code') FROM setting WHERE key = 'backup_schedule_state'";
        let journal = folder.data.join("journal.db");
        let output = std::process::Command::new("sqlite3").args(["-readonly"]).arg(journal).arg(sql).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let served = folder.serve();
    until(|| problem(&served.folder) == "backup_target_missing", "the problem isn't said").await;
    assert!(names(&into).is_empty(), "nothing goes to the wrong disk");
    let mut folder = served.stop();
    folder.options = Vec::new();
    std::fs::remove_dir(&into).unwrap();
    std::fs::rename(&away, &into).unwrap();
    let served = folder.serve();
    until(|| scheduled(&into) == [1, 2], "no further backup was made").await;
    until(|| problem(&served.folder).is_empty(), "the problem is still said").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_brings_one_backup_and_deletes_one_at_most() {
    let (folder, clock) = (TestFolder::new(), Arc::new(TestClock::default()));
    clock.set("2026-03-02T03:00:00Z");
    let open = hold(&folder, clock.clone()).await;
    let into = folder.folder("backups");
    let shown = open.choose_backup_folder(&into).await.unwrap();
    assert!(shown.schedule.enabled && shown.last.is_none() && shown.problem.is_none());
    open.save_backup_schedule(BackupSchedule { enabled: true, hour: 3, keep: 3 }).await.unwrap();
    let source = open.backup_source();
    // The time, and the numbers of the backups that are there afterwards.
    let times: [(&str, &[u64]); 12] = [
        ("2026-03-02T03:00:00Z", &[1]),
        ("2026-03-02T14:00:00Z", &[1]),
        ("2026-03-03T03:00:00Z", &[1, 2]),
        ("2026-03-04T03:00:00Z", &[1, 2, 3]),
        // Ten years ahead, and back.
        ("2036-03-04T03:00:00Z", &[2, 3, 4]),
        ("2036-03-04T03:00:01Z", &[2, 3, 4]),
        ("2026-03-04T03:10:00Z", &[3, 4, 5]),
        ("2026-03-04T12:00:00Z", &[3, 4, 5]),
        ("2026-03-05T03:00:00Z", &[4, 5, 6]),
        // The battery is empty.
        ("1970-01-01T12:00:00Z", &[5, 6, 7]),
        ("2026-03-05T03:00:01Z", &[6, 7, 8]),
        ("2026-03-05T03:00:02Z", &[6, 7, 8]),
    ];
    for (at, expected) in times {
        clock.set(at);
        source.back_up_if_due(Arc::new(|_, _| true)).await.unwrap();
        assert_eq!(scheduled(&into), expected, "{at}");
    }
    let shown = open.backup_schedule().await.unwrap();
    assert_eq!((shown.last.unwrap().at, shown.problem), (1_772_679_601_000, None));
    drop(source);
    open.close().await;
}

/// What a restored folder knows of its backups is older than they are.
#[tokio::test(flavor = "multi_thread")]
async fn a_restored_folder_goes_on_counting_where_its_backups_end() {
    let (folder, clock) = (TestFolder::new(), Arc::new(TestClock::default()));
    let into = folder.folder("backups");
    for (day, expected) in [("03", vec![1]), ("04", vec![1, 2]), ("05", vec![1, 2, 3])] {
        clock.set(&format!("2026-03-{day}T03:00:00Z"));
        let open = hold(&folder, clock.clone()).await;
        if day == "03" {
            open.choose_backup_folder(&into).await.unwrap();
        }
        let source = open.backup_source();
        source.back_up_if_due(Arc::new(|_, _| true)).await.unwrap();
        drop(source);
        open.close().await;
        assert_eq!(scheduled(&into), expected);
    }
    let first = into.join(names(&into).into_iter().find(|name| name.starts_with("nosmoke-")).unwrap());
    assert_eq!(restore(&folder, &first).0, Some(0));
    clock.set("2026-03-06T03:00:00Z");
    let open = hold(&folder, clock.clone()).await;
    let source = open.backup_source();
    source.back_up_if_due(Arc::new(|_, _| true)).await.unwrap();
    assert_eq!(scheduled(&into), [1, 2, 3, 4]);
    drop(source);
    open.close().await;
}
