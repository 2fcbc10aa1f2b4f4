//! A data folder that another program has open, or had open on other days.

use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use nosmoke_application::commands::Unattended;
use nosmoke_composition::{Means, OpenFolder, Place as Folder};
use nosmoke_ports::Clock;
use nosmoke_ports::contract::Outcome;
use serde_json::json;
use uuid::Uuid;

use crate::process::Place;

/// A clock that shows what it is told.
#[derive(Debug, Default)]
struct Shown(AtomicI64);

impl Shown {
    fn show(&self, at: &str) {
        self.0.store(at.parse::<DateTime<Utc>>().unwrap().timestamp_millis(), Ordering::SeqCst);
    }
}

impl Clock for Shown {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Opens a place's folder in this process, as a program does that serves no gateway.
async fn hold(place: &Place, clock: Arc<Shown>) -> OpenFolder {
    let folder = Folder {
        folder: place.data.clone(),
        marks: Some(place.file("marks")),
        linked: false,
        connection: None,
        mypage: None,
    };
    let means = Means { clock, ..Means::of_system("test", "test") };
    let mut open = OpenFolder::open(means, folder, Arc::new(())).await.unwrap();
    if !open.is_set_up().await.unwrap() {
        open.set_up_unattended(Unattended::default()).await.unwrap();
    }
    open
}

/// A walk-in's check-in; its visit.
async fn enter(open: &OpenFolder) -> String {
    let (gateway, queries) = (&open.terminal().commands, &open.terminal().queries);
    let request = json!({ "idempotencyKey": Uuid::new_v4(), "command": { "type": "checkIn", "areaId": "옥상" } });
    match gateway.record(queries.recorder().await.unwrap(), request).await.unwrap() {
        Outcome::CheckedIn { visit_id, .. } => visit_id.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s06_what_writes_is_refused_beside_a_program_without_a_gateway() {
    let (place, clock) = (Place::new(), Arc::new(Shown::default()));
    clock.show("2026-03-02T03:00:00Z");
    let open = hold(&place, clock.clone()).await;
    enter(&open).await;
    let file = place.file("customers.csv");
    std::fs::write(&file, "name\n홍길동\n").unwrap();
    let out = place.file("out.csv");
    let import = ["import", "customers", file.to_str().unwrap()];
    for words in [&import[..], &["rebuild", "mypage"], &["serve", "--listen", "127.0.0.1:0"]] {
        let refused = place.run(words);
        assert_eq!(refused.status.code(), Some(3), "{words:?}");
        let errors = String::from_utf8(refused.stderr).unwrap();
        assert!(errors.contains("another program has the data folder open (folder_in_use)"), "{words:?}: {errors}");
        assert!(refused.stdout.is_empty(), "{words:?}");
    }
    // What reads is answered, and shows that nothing was written.
    assert_eq!(place.json(&["digest"])["facts"], 1);
    let export = ["export", "customers", "--out", out.to_str().unwrap()];
    assert!(place.run(&export).status.success());
    assert!(!std::fs::read_to_string(&out).unwrap().contains("홍길동"));
    open.close().await;
    assert_eq!(place.json(&import)["imported"], 1);
    assert!(place.run(&export).status.success());
    assert!(std::fs::read_to_string(&out).unwrap().contains("홍길동"));
}

/// Days are those of Seoul, both included.
#[tokio::test(flavor = "multi_thread")]
async fn s06_histories_are_exported_between_two_days() {
    let (place, clock) = (Place::new(), Arc::new(Shown::default()));
    clock.show("2026-03-01T03:00:00Z");
    let open = hold(&place, clock.clone()).await;
    let mut visits = Vec::new();
    for at in ["2026-03-01T14:59:59Z", "2026-03-01T15:00:00Z", "2026-03-02T14:59:59Z", "2026-03-02T15:00:00Z"] {
        clock.show(at);
        visits.push(enter(&open).await);
    }
    open.close().await;
    let out = place.file("out.csv");
    let check = |place: &Place| {
        for (range, expected) in [
            (&[][..], &visits[..]),
            (&["--from", "2026-03-02", "--to", "2026-03-02"], &visits[1..3]),
            (&["--from", "2026-03-02"], &visits[1..]),
            (&["--to", "2026-03-02"], &visits[..3]),
            (&["--from", "2026-03-03", "--to", "2026-12-31"], &visits[3..]),
            (&["--to", "2026-02-28"], &[]),
        ] {
            let words = [&["export", "histories", "--language", "en", "--out", out.to_str().unwrap()], range].concat();
            let done = place.run(&words);
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            let text = std::fs::read_to_string(&out).unwrap();
            let exported: Vec<_> = visits.iter().filter(|visit| text.contains(visit.as_str())).collect();
            assert_eq!(exported, expected.iter().collect::<Vec<_>>(), "{range:?}");
            assert_eq!(text.lines().count(), 1 + expected.len(), "{range:?}");
        }
        for range in [&["--from", "yesterday"][..], &["--to", "2026-02-30"]] {
            let words = [&["export", "histories", "--out", out.to_str().unwrap()], range].concat();
            assert_eq!(place.run(&words).status.code(), Some(1), "{range:?}");
        }
    };
    check(&place);
    check(&place.serve().place);
}

#[tokio::test]
async fn s06_a_csv_of_names_alone_is_imported() {
    let place = Place::new();
    let file = place.file("names.csv");
    std::fs::write(&file, "name\n홍길동\n\"Kim, Minsu\"\n").unwrap();
    let words = ["import", "customers", file.to_str().unwrap()];
    let all = json!({ "imported": 2, "leftOut": [] });
    // Into a folder that isn't there yet, and through a program.
    assert_eq!(place.json(&words), all);
    let served = place.serve();
    assert_eq!(served.place.json(&words), all);
    let out = served.place.file("out.csv");
    assert!(served.place.run(&["export", "customers", "--out", out.to_str().unwrap()]).status.success());
    let exported = std::fs::read_to_string(&out).unwrap();
    assert_eq!([exported.matches("홍길동").count(), exported.matches("Kim, Minsu").count()], [2, 2], "{exported}");
    // Without it nothing is.
    std::fs::write(served.place.file("names.csv"), "phone\n010-0000-0000\n").unwrap();
    let refused = served.place.run(&words);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("missing_column"));
}

#[test]
fn s06_the_token_is_there_before_the_port_opens() {
    for _ in 0..5 {
        let place = Place::new();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = place.command(&["serve", "--listen", &address.to_string()]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let token = place.data.join("gateway.token");
        let found = loop {
            match TcpStream::connect(address) {
                // Nothing in between: this is the moment.
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
