//! Tests with a data folder that another program has open, or had open before.

use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use nosmoke_application::commands::Unattended;
use nosmoke_application::permission::Caller;
use nosmoke_composition::{Environment, FolderOptions, OpenFolder, Purpose};
use nosmoke_ports::Clock;
use nosmoke_ports::contract::Outcome;
use serde_json::json;
use uuid::Uuid;

use crate::process::TestFolder;

/// A clock whose time is set by the test.
#[derive(Debug, Default)]
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn set(&self, at: &str) {
        self.0.store(at.parse::<DateTime<Utc>>().unwrap().timestamp_millis(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Opens a data folder in the test's process, as a program without a gateway does.
pub async fn hold(folder: &TestFolder, clock: Arc<TestClock>) -> OpenFolder {
    let options = FolderOptions {
        folder: folder.data.clone(),
        purpose: Purpose::Record { marks: Some(folder.file("marks")) },
        replicates: false,
        connection: None,
        mypage: None,
    };
    let environment = Environment { clock, ..Environment::of_system("test", "test") };
    let mut open = OpenFolder::open(environment, options, Arc::new(())).await.unwrap();
    if !open.is_set_up().await.unwrap() {
        open.set_up_unattended(Unattended::default()).await.unwrap();
    }
    open
}

/// Checks a walk-in customer in, and returns the visit's id.
pub async fn enter(open: &OpenFolder) -> String {
    let gateway = &open.terminal().commands;
    let request = json!({ "idempotencyKey": Uuid::new_v4(), "command": { "type": "checkIn", "areaId": "옥상" } });
    match gateway.record(Caller::OWNER, request).await.unwrap() {
        Outcome::CheckedIn { visit_id, .. } => visit_id.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s06_writing_commands_are_refused_while_a_program_without_a_gateway_runs() {
    let (folder, clock) = (TestFolder::new(), Arc::new(TestClock::default()));
    clock.set("2026-03-02T03:00:00Z");
    let open = hold(&folder, clock.clone()).await;
    enter(&open).await;
    let file = folder.file("customers.csv");
    std::fs::write(&file, "name\n홍길동\n").unwrap();
    let out = folder.file("out.csv");
    let import = ["import", "customers", file.to_str().unwrap()];
    for words in [&import[..], &["rebuild", "mypage"], &["serve", "--listen", "127.0.0.1:0"]] {
        let refused = folder.run(words);
        assert_eq!(refused.status.code(), Some(3), "{words:?}");
        let errors = String::from_utf8(refused.stderr).unwrap();
        assert!(errors.contains("another program has the data folder open (folder_in_use)"), "{words:?}: {errors}");
        assert!(refused.stdout.is_empty(), "{words:?}");
    }
    // Reading commands work, and show that nothing was written.
    assert_eq!(folder.json(&["digest"])["facts"], 1);
    let export = ["export", "customers", "--out", out.to_str().unwrap()];
    assert!(folder.run(&export).status.success());
    assert!(!std::fs::read_to_string(&out).unwrap().contains("홍길동"));
    open.close().await;
    assert_eq!(folder.json(&import)["imported"], 1);
    assert!(folder.run(&export).status.success());
    assert!(std::fs::read_to_string(&out).unwrap().contains("홍길동"));
}

/// The days are in Seoul's time zone, and the first and the last day are included.
#[tokio::test(flavor = "multi_thread")]
async fn s06_histories_are_exported_between_two_days() {
    let (folder, clock) = (TestFolder::new(), Arc::new(TestClock::default()));
    clock.set("2026-03-01T03:00:00Z");
    let open = hold(&folder, clock.clone()).await;
    let mut visits = Vec::new();
    for at in ["2026-03-01T14:59:59Z", "2026-03-01T15:00:00Z", "2026-03-02T14:59:59Z", "2026-03-02T15:00:00Z"] {
        clock.set(at);
        visits.push(enter(&open).await);
    }
    open.close().await;
    let out = folder.file("out.csv");
    let check = |folder: &TestFolder| {
        for (range, expected) in [
            (&[][..], &visits[..]),
            (&["--from", "2026-03-02", "--to", "2026-03-02"], &visits[1..3]),
            (&["--from", "2026-03-02"], &visits[1..]),
            (&["--to", "2026-03-02"], &visits[..3]),
            (&["--from", "2026-03-03", "--to", "2026-12-31"], &visits[3..]),
            (&["--to", "2026-02-28"], &[]),
        ] {
            let words = [&["export", "histories", "--language", "en", "--out", out.to_str().unwrap()], range].concat();
            let done = folder.run(&words);
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            let text = std::fs::read_to_string(&out).unwrap();
            let exported: Vec<_> = visits.iter().filter(|visit| text.contains(visit.as_str())).collect();
            assert_eq!(exported, expected.iter().collect::<Vec<_>>(), "{range:?}");
            assert_eq!(text.lines().count(), 1 + expected.len(), "{range:?}");
        }
        for range in [&["--from", "yesterday"][..], &["--to", "2026-02-30"]] {
            let words = [&["export", "histories", "--out", out.to_str().unwrap()], range].concat();
            assert_eq!(folder.run(&words).status.code(), Some(2), "{range:?}");
        }
    };
    check(&folder);
    check(&folder.serve().folder);
}

#[tokio::test]
async fn s06_a_csv_with_names_only_is_imported() {
    let folder = TestFolder::new();
    let file = folder.file("names.csv");
    std::fs::write(&file, "name\n홍길동\n\"Kim, Minsu\"\n").unwrap();
    let words = ["import", "customers", file.to_str().unwrap()];
    let expect_all =
        |report: serde_json::Value| assert_eq!((&report["imported"], &report["leftOut"]), (&json!(2), &json!([])));
    // First import into a folder that doesn't exist yet, then through a running program.
    expect_all(folder.json(&words));
    let served = folder.serve();
    // The same file again adds nobody, also through a running program.
    let again = served.folder.json(&words);
    assert_eq!((&again["imported"], &again["skipped"], &again["complete"]), (&json!(0), &json!(2), &json!(true)));
    assert_eq!(again["leftOut"][1]["code"], "duplicate");
    let words = [&words[..], &["--duplicates", "add"]].concat();
    expect_all(served.folder.json(&words));
    let out = served.folder.file("out.csv");
    assert!(served.folder.run(&["export", "customers", "--out", out.to_str().unwrap()]).status.success());
    let exported = std::fs::read_to_string(&out).unwrap();
    assert_eq!([exported.matches("홍길동").count(), exported.matches("Kim, Minsu").count()], [2, 2], "{exported}");
    // A file without the column `name` is refused.
    let words = &words[..3];
    std::fs::write(served.folder.file("names.csv"), "phone\n010-0000-0000\n").unwrap();
    let refused = served.folder.run(words);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("missing_column"));
}

#[test]
fn s06_the_token_file_exists_before_the_port_opens() {
    for _ in 0..5 {
        let folder = TestFolder::new();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = folder.command(&["serve", "--listen", &address.to_string()]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let token = folder.data.join("gateway.token");
        let found = loop {
            match TcpStream::connect(address) {
                // The port is open: read the token at once, before the program can do anything else.
                Ok(_) => break std::fs::read_to_string(&token).and_then(|text| Ok((text, token.metadata()?))),
                Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionRefused),
            }
            assert_eq!(child.try_wait().unwrap(), None, "it ended");
        };
        child.kill().unwrap();
        child.wait().unwrap();
        let (text, about) = found.unwrap();
        assert!(text.trim().len() >= 64, "{} letters", text.len());
        assert_eq!(about.permissions().mode() & 0o777, 0o600);
    }
}

/// How a list is read is shown, and can be chosen.
#[tokio::test]
async fn a_dry_run_shows_how_a_list_is_read_and_records_nothing() {
    let folder = TestFolder::new();
    let (file, bad) = (folder.file("list.csv"), folder.file("bad.csv"));
    std::fs::write(&file, "회원 명단\nA,핸드폰번호,비고\n홍길동,1012345678,x\n,010-1,y\n").unwrap();
    let words = ["import", "customers", file.to_str().unwrap(), "--header-line", "2", "--columns", "name,phone"];
    let dry = [&words[..], &["--dry-run", "--bad-lines", bad.to_str().unwrap(), "--language", "en"]].concat();
    let shown = folder.json(&dry);
    assert_eq!((&shown["dryRun"], &shown["imported"], &shown["bad"]), (&json!(true), &json!(1), &json!(1)));
    assert_eq!((&shown["encoding"], &shown["headerLine"]), (&json!("UTF-8"), &json!(2)));
    assert_eq!(shown["columns"][1], json!({ "header": "핸드폰번호", "becomes": "phone" }));
    assert_eq!((&shown["unreadColumns"], &shown["phoneZerosRestored"]), (&json!(["비고"]), &json!(1)));
    assert_eq!((&shown["leftOut"][0]["line"], &shown["leftOut"][0]["code"]), (&json!(4), &json!("empty")));
    let bad = std::fs::read_to_string(&bad).unwrap();
    assert_eq!(bad, "\u{feff}A,핸드폰번호,비고,reason,line\r\n,010-1,y,name is empty,4\r\n");
    assert!(!folder.data.join("journal.db").exists());
    // Without the columns the list can't be imported.
    let refused = folder.run(&words[..3]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(folder.json(&words)["imported"], 1);
    let served = folder.serve();
    let shown = served.folder.json(&dry);
    assert_eq!((&shown["imported"], &shown["skipped"]), (&json!(0), &json!(1)));
    let updated = [&words[..], &["--duplicates", "update", "--keep-lost-zeros"]].concat();
    assert_eq!(served.folder.json(&updated)["updated"], 1, "the same phone without its zero");
    let by_name = [&words[..], &["--duplicates", "update", "--same-by", "phone"]].concat();
    std::fs::write(served.folder.file("list.csv"), "회원 명단\nA,핸드폰번호\n홍길순,010-1234-5678\n").unwrap();
    assert_eq!(served.folder.json(&by_name)["updated"], 1);
    let out = served.folder.file("out.xlsx");
    assert!(served.folder.run(&["export", "customers", "--out", out.to_str().unwrap()]).status.success());
    assert_eq!(std::fs::read(&out).unwrap()[..2], *b"PK");
}
