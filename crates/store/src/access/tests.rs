use nosmoke_domain::ids::{StaffId, TerminalId, TokenId};
use nosmoke_ports::contract::{AccessAct, AccessOutcome, AccessReason, ErrorCode};
use nosmoke_ports::{Access, AccessBy};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn row(seconds: i64, access: Access) -> AccessRow {
    AccessRow { at: at(seconds), terminal_id: Some(TerminalId(Uuid::from_u128(7))), access }
}

fn by_staff(n: u128) -> AccessBy {
    AccessBy::Staff(StaffId(Uuid::from_u128(n)))
}

fn person(n: u128) -> CustomerId {
    CustomerId(Uuid::from_u128(n))
}

async fn opened() -> (tempfile::TempDir, SqliteAccess) {
    let folder = tempfile::tempdir().unwrap();
    let access = SqliteAccess::open(folder.path()).await;
    (folder, access)
}

#[tokio::test]
async fn rows_are_read_back_newest_first_by_page_and_filter() {
    let (_folder, log) = opened().await;
    let card = |n: u8| {
        let opened = Access::done(by_staff(n.into()), AccessAct::CardOpened);
        row(n.into(), opened.of(Some(person(n.into()))))
    };
    log.append((0..10).map(card).collect()).await.unwrap();
    let refused = Access {
        outcome: AccessOutcome::Refused,
        code: Some(ErrorCode::NotAuthorised),
        reason: Some(AccessReason::Audit),
        count: 12,
        ..Access::done(AccessBy::Token(TokenId::Owner), AccessAct::Exported)
    };
    log.append(vec![row(10, refused)]).await.unwrap();

    let all = AccessQuery { limit: 100, ..AccessQuery::default() };
    let rows = log.page(all).await.unwrap();
    let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=11).rev().collect::<Vec<_>>());
    assert_eq!(rows[0].row, row(10, refused));
    assert_eq!(rows[1].row, card(9));

    let first = log.page(AccessQuery { limit: 4, ..all }).await.unwrap();
    let before = first.last().map(|last| (last.row.at, last.number));
    let second = log.page(AccessQuery { limit: 4, before, ..all }).await.unwrap();
    assert_eq!([first, second].concat(), rows[..8]);

    let found = async |query: AccessQuery| log.page(query).await.unwrap().len();
    assert_eq!(found(AccessQuery { by: Some(by_staff(3)), ..all }).await, 1);
    assert_eq!(found(AccessQuery { by: Some(AccessBy::Token(TokenId::Owner)), ..all }).await, 1);
    assert_eq!(found(AccessQuery { by: Some(AccessBy::Nobody), ..all }).await, 0);
    assert_eq!(found(AccessQuery { act: Some(AccessAct::CardOpened), ..all }).await, 10);
    assert_eq!(found(AccessQuery { whose: Some(person(4)), ..all }).await, 1);
    assert_eq!(found(AccessQuery { outcome: Some(AccessOutcome::Refused), ..all }).await, 1);
    assert_eq!(found(AccessQuery { from: Some(at(3)), until: Some(at(6)), ..all }).await, 3);
    assert_eq!(log.count_about(vec![person(1), person(2)]).await.unwrap(), 2);
    let extent = log.extent().await.unwrap();
    assert_eq!((extent.rows, extent.oldest_at, extent.last_confirmed), (11, Some(at(0)), None));
}

#[tokio::test]
async fn an_edited_deleted_or_added_row_breaks_the_chain() {
    for (edit, broken) in [
        ("UPDATE access SET count = 2 WHERE number = 3", 3),
        ("UPDATE access SET whose = NULL WHERE number = 4", 4),
        ("UPDATE access SET at_ms = at_ms + 1 WHERE number = 5", 5),
        ("DELETE FROM access WHERE number = 2", 2),
        ("DELETE FROM access WHERE number = 1", 1),
        (
            "INSERT INTO access SELECT 7, at_ms, by_kind, by_id, terminal_id, act, whose, outcome, code, reason, count, \
          hash FROM access WHERE number = 6",
            7,
        ),
    ] {
        let (_folder, log) = opened().await;
        let opened = Access::done(by_staff(1), AccessAct::CardOpened).of(Some(person(1)));
        log.append((0..6).map(|n| row(n, opened)).collect()).await.unwrap();
        assert_eq!(log.verify().await, Ok(None));
        log.write(move |db| db.execute(edit, params![])).await.unwrap();
        assert_eq!(log.verify().await, Ok(Some(broken)), "{edit}");
    }
}

#[tokio::test]
async fn pruning_keeps_the_chain_and_a_wrong_clock_takes_a_month_a_day_at_most() {
    let (_folder, log) = opened().await;
    let day = 24 * 60 * 60;
    let shown = Access::done(by_staff(1), AccessAct::ListShown);
    log.append((0..100).map(|n| row(n * day, shown)).collect()).await.unwrap();
    // The clock is set ten years ahead.
    let (now, cutoff) = (at(3_650 * day), at(2_900 * day));
    assert_eq!(log.prune(now, cutoff).await, Ok(31));
    assert_eq!(log.verify().await, Ok(None));
    assert_eq!(log.prune(now, cutoff).await, Ok(0), "on the same day");
    assert_eq!(log.prune(at(3_651 * day), cutoff).await, Ok(31));
    assert_eq!(log.extent().await.unwrap().rows, 38);
    log.append(vec![row(101 * day, shown)]).await.unwrap();
    assert_eq!(log.verify().await, Ok(None));
    // Set right again, nothing is old enough.
    assert_eq!(log.prune(at(101 * day), at(0)).await, Ok(0));
    for n in 0..4 {
        log.prune(at((3_660 + n) * day), cutoff).await.unwrap();
    }
    let extent = log.extent().await.unwrap();
    assert_eq!((extent.rows, extent.oldest_at), (0, None));
    log.append(vec![row(102 * day, shown)]).await.unwrap();
    let page = log.page(AccessQuery { limit: 1, ..AccessQuery::default() }).await.unwrap();
    assert_eq!(page[0].number, 102);
    assert_eq!(log.verify().await, Ok(None));
}

#[tokio::test]
async fn on_a_full_disk_a_batch_is_written_completely_or_not_at_all() {
    let (_folder, log) = opened().await;
    let shown = Access::done(by_staff(1), AccessAct::ListShown);
    log.append(vec![row(0, shown)]).await.unwrap();
    let limited = |sql: &'static str| log.write(move |db| db.execute(sql, params![]));
    limited("PRAGMA max_page_count = 20").await.unwrap();
    let many = || (1..3_000).map(|n| row(n, shown)).collect::<Vec<_>>();
    assert_eq!(log.append(many()).await, Err(StoreError::DiskFull));
    assert_eq!(log.extent().await.unwrap().rows, 1);
    limited("PRAGMA max_page_count = 4294967294").await.unwrap();
    log.append(many()).await.unwrap();
    assert_eq!(log.extent().await.unwrap().rows, 3_000);
    assert_eq!(log.verify().await, Ok(None));
}

#[tokio::test]
async fn two_processes_add_to_one_chain() {
    let (folder, log) = opened().await;
    let other = SqliteAccess::open(folder.path()).await;
    let shown = Access::done(by_staff(1), AccessAct::ListShown);
    for n in 0..10 {
        log.append(vec![row(n, shown)]).await.unwrap();
        other.append(vec![row(n, shown)]).await.unwrap();
    }
    assert_eq!(log.verify().await, Ok(None));
    assert_eq!(log.extent().await.unwrap().rows, 20);
}

#[tokio::test]
async fn a_damaged_file_is_kept_and_another_one_begins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(ACCESS);
    fs::write(&path, "not a database at all, and long enough to be looked at as one".repeat(40)).unwrap();
    let log = SqliteAccess::open(folder.path()).await;
    log.append(vec![row(0, Access::done(by_staff(1), AccessAct::Printed))]).await.unwrap();
    assert!(fs::read_to_string(folder.path().join("access.damaged-1.db")).unwrap().starts_with("not a database"));
    assert_eq!(log.extent().await.unwrap().rows, 1);
}

#[tokio::test]
async fn no_page_scans_or_sorts() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::at(&folder.path().join(ACCESS), Durability::Rebuildable).unwrap();
    open_migrated(&database, migrate::ACCESS, Precaution::None).await.unwrap();
    let mut connection = database.connect().await.unwrap();
    let none = AccessQuery { limit: 10, ..AccessQuery::default() };
    let queries = [
        none,
        AccessQuery { before: Some((at(0), 5)), ..none },
        AccessQuery { by: Some(by_staff(1)), before: Some((at(0), 5)), ..none },
        AccessQuery { act: Some(AccessAct::CardOpened), from: Some(at(0)), until: Some(at(1)), ..none },
        AccessQuery { whose: Some(person(1)), ..none },
        AccessQuery { outcome: Some(AccessOutcome::Refused), ..none },
    ];
    for query in queries {
        let sql = page::statement(&query).unwrap().0;
        let plan = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(plan).fetch_all(&mut connection).await.unwrap();
        for (.., step) in steps {
            let scans = step.starts_with("SCAN") && !step.contains("access_by_time");
            assert!(!scans && !step.contains("TEMP B-TREE"), "{sql}: {step}");
        }
    }
}
