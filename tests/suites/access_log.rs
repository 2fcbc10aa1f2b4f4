//! The access log beside the desk: it has what was done and nobody's name, goes on without its file, and no restore sets
//! it back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::DateTime;
use nosmoke_domain::ids::TokenId;
use nosmoke_ports::contract::{
    AccessAct, AccessFilter, AccessLogInput, AccessOutcome, AccessReason, JobKind, JobState,
};
use nosmoke_ports::{Access, AccessBy, AccessQuery, StoredAccess};
use nosmoke_store::Folder;
use nosmoke_store::backup::{About, Passphrase, back_up, restore_locked};
use serde_json::json;

use crate::support::{Desk, csv_rows, job};

async fn rows(desk: &Desk) -> Vec<StoredAccess> {
    desk.terminal.queries.write_access_log().await.unwrap();
    desk.store.access().page(AccessQuery { limit: 1_000, ..AccessQuery::default() }).await.unwrap()
}

async fn acts(desk: &Desk) -> Vec<AccessAct> {
    rows(desk).await.into_iter().rev().map(|row| row.row.access.act).collect()
}

fn input() -> AccessLogInput {
    AccessLogInput { filter: AccessFilter::default(), cursor: None, limit: 50 }
}

fn printed() -> Access {
    Access::done(AccessBy::Token(TokenId::Owner), AccessAct::Printed)
}

#[tokio::test]
async fn an_erasure_and_its_reason_are_found_and_no_name_is_in_the_file() {
    let desk = Desk::new().await;
    let profile = json!({ "name": "홍길동", "phone": "010-1234-5678", "card": "NS-0391" });
    let customer = desk.customer("김하늘").await;
    desk.give(json!({ "type": "registerCustomer", "profile": profile })).await.unwrap();
    let erase = json!({ "type": "eraseCustomer", "customerId": customer, "reason": "customer_request" });
    desk.give(erase).await.unwrap();
    let caller = desk.staff(nosmoke_domain::words::Role::Staff).await;
    let refused = json!({ "idempotencyKey": "k", "command": { "type": "eraseCustomer", "customerId": customer } });
    desk.terminal.commands.record(caller, refused).await.unwrap_err();
    let rows = rows(&desk).await;
    assert_eq!(rows.len(), 2);
    let done = rows[1].row.access;
    assert_eq!(
        (done.act, done.whose, done.reason),
        (AccessAct::Erased, Some(customer), Some(AccessReason::CustomerRequest))
    );
    assert_eq!(done.outcome, AccessOutcome::Done);
    let refused = rows[0].row.access;
    assert_eq!((refused.act, refused.outcome), (AccessAct::Erased, AccessOutcome::Refused));
    assert_eq!(rows[0].row.terminal_id, desk.changes().await.pop().map(|it| it.recorded.fact.origin.terminal_id));
    let folder = desk.close().await;
    for file in ["access.db", "access.db-wal"] {
        let Ok(bytes) = std::fs::read(folder.path().join(file)) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        for name in ["홍길동", "김하늘", "5678", "NS-0391", "박서연"] {
            assert!(!text.contains(name), "{name} in {file}");
        }
    }
}

#[tokio::test]
async fn rows_are_written_within_a_second_beside_the_desk() {
    let desk = Desk::new().await;
    let running = desk.terminal.start(|_| {});
    desk.terminal.core.access.note(printed());
    let begun = Instant::now();
    let log = desk.store.access();
    while log.extent().await.unwrap().rows == 0 {
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // What is noted last is written when the terminal stops.
    desk.terminal.core.access.note(printed());
    running.stop().await;
    assert_eq!(log.extent().await.unwrap().rows, 2);
}

#[tokio::test]
async fn a_manager_reads_filters_exports_and_confirms() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let note = |access| desk.terminal.core.access.note(access);
    note(printed().of(Some(customer)));
    note(Access::done(AccessBy::Nobody, AccessAct::EvacuationList).counting(7));
    let queries = &desk.terminal.queries;
    let page = queries.access_log(input()).await.unwrap();
    assert_eq!(page.rows.len(), 2);
    assert_eq!(page.rows[1].customer.as_ref().unwrap().name.as_deref(), Some("홍길동"));
    assert_eq!(page.rows[0].count, 7);
    assert!(!page.status.confirmation_due && page.status.last_confirmed.is_none());
    let filter = AccessFilter { act: Some(AccessAct::Printed), ..AccessFilter::default() };
    let found = queries.access_log(AccessLogInput { filter: filter.clone(), ..input() }).await.unwrap();
    assert_eq!(found.rows.len(), 1);
    let first = queries.access_log(AccessLogInput { limit: 1, ..input() }).await.unwrap();
    let second = queries.access_log(AccessLogInput { cursor: first.next, limit: 1, ..input() }).await.unwrap();
    assert_eq!((second.rows[0].number, second.next), (1, None));

    let out = desk.folder.path().join("log.csv");
    let (queries_of, path) = (queries.clone(), out.clone());
    let exported = job(&desk, JobKind::Export, |progress| {
        nosmoke_application::jobs::export_access_log(
            queries_of,
            AccessFilter::default(),
            nosmoke_ports::contract::Language::En,
            path,
            progress,
        )
    })
    .await;
    assert_eq!(exported.state, JobState::Done);
    let lines = csv_rows(&out);
    assert_eq!((lines[0].get(7), lines[1].get(7)), (Some("evacuationList"), Some("printed")));
    assert!(!std::fs::read_to_string(&out).unwrap().contains("홍길동"));

    desk.clock.pass(chrono::TimeDelta::days(30));
    assert!(queries.access_log_status().await.unwrap().confirmation_due);
    let by = desk.caller().await.by.into();
    let status = queries.confirm_access_log(by).await.unwrap();
    assert!(!status.confirmation_due && status.last_confirmed.is_some());
    desk.clock.pass(chrono::TimeDelta::days(30));
    assert!(queries.access_log_status().await.unwrap().confirmation_due);
}

#[tokio::test]
async fn where_the_file_cannot_be_written_the_desk_goes_on_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    // Something else lies where the file belongs.
    std::fs::create_dir(folder.path().join("access.db")).unwrap();
    let desk = Desk::in_folder(folder).await;
    let customer = desk.customer("홍길동").await;
    desk.check_in(customer).await;
    desk.terminal.core.access.note(printed());
    assert!(desk.terminal.queries.write_access_log().await.is_err());
    let status = desk.terminal.queries.access_log_status().await.unwrap();
    let problem = status.problem.unwrap();
    assert_eq!((problem.waiting, problem.lost), (1, 0));
    assert!(desk.terminal.queries.confirm_access_log(AccessBy::Program).await.is_err());
    std::fs::remove_dir(desk.folder.path().join("access.db")).unwrap();
    desk.terminal.queries.write_access_log().await.unwrap();
    assert_eq!(desk.terminal.queries.access_log_status().await.unwrap().problem, None);
    assert_eq!(acts(&desk).await, [AccessAct::Printed, AccessAct::LogConfirmed]);
}

async fn backed_up(desk: &Desk, passphrase: Option<&str>) -> std::path::PathBuf {
    let about = About {
        facility_name: "한빛역 환승센터".into(),
        version: "0.1.0".into(),
        at: DateTime::UNIX_EPOCH,
        terminal_id: None,
        scheduled: None,
        passphrase: passphrase.and_then(Passphrase::new),
    };
    let into = desk.folder.path().join("backups");
    std::fs::create_dir_all(&into).unwrap();
    back_up(desk.store.sqlite_journal(), &into, about, Arc::new(|_, _| true)).await.unwrap().0
}

#[tokio::test]
async fn a_restore_never_sets_it_back_and_brings_it_to_another_pc() {
    for passphrase in [None, Some("한빛역 12")] {
        let desk = Desk::new().await;
        desk.terminal.core.access.note(printed());
        assert_eq!(rows(&desk).await.len(), 1);
        let backup = backed_up(&desk, passphrase).await;
        desk.terminal.core.access.note(printed());
        assert_eq!(rows(&desk).await.len(), 2);
        let restored = async |folder: &std::path::Path| {
            let folder = Arc::new(Folder::open(folder).unwrap());
            let passphrase = passphrase.and_then(Passphrase::new);
            restore_locked(&folder, &backup, passphrase, DateTime::UNIX_EPOCH, Arc::new(|_, _| true)).await.unwrap();
        };
        let desk = desk.restart_after(restored).await;
        assert_eq!(rows(&desk).await.len(), 2, "on the same PC");
        assert_eq!(desk.store.access().verify().await, Ok(None));

        let other = tempfile::tempdir().unwrap();
        restored(other.path()).await;
        let other = Desk::open(other, desk.clock.clone()).await;
        assert_eq!(rows(&other).await.len(), 1, "on another PC");
        other.terminal.core.access.note(printed());
        assert_eq!(rows(&other).await.len(), 2);
        assert_eq!(other.store.access().verify().await, Ok(None));
    }
}

#[tokio::test]
async fn a_damaged_log_in_a_backup_doesnt_stop_the_restore() {
    let desk = Desk::new().await;
    desk.terminal.core.access.note(printed());
    rows(&desk).await;
    let backup = backed_up(&desk, None).await;
    std::fs::write(backup.join("access.db"), "something else").unwrap();
    let other = tempfile::tempdir().unwrap();
    let folder = Arc::new(Folder::open(other.path()).unwrap());
    restore_locked(&folder, &backup, None, DateTime::UNIX_EPOCH, Arc::new(|_, _| true)).await.unwrap();
    drop(folder);
    let other = Desk::open(other, desk.clock.clone()).await;
    assert_eq!(rows(&other).await.len(), 0);
}
