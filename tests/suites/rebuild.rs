//! Derived data (projections, snapshots, checkpoints) can be deleted and is rebuilt from the facts with the same
//! contents.

use std::fs;
use std::path::Path;

use nosmoke_ports::contract::MypageFilter;

use crate::inspection::{assert_contiguous, balances, dump_table, tamper};
use crate::random_day::RandomDay;
use crate::support::Desk;

const COMMANDS: usize = 400;

async fn random_day(seed: u64) -> (Desk, RandomDay) {
    let desk = Desk::new().await;
    let mut day = RandomDay::begin(&desk, seed).await;
    day.play(&desk, COMMANDS).await;
    desk.settle().await;
    (desk, day)
}

#[tokio::test]
async fn s05_mypage_has_a_store_of_its_own() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    desk.pay(customer, 60).await.unwrap();
    desk.settle().await;
    let shown = desk.page(customer, MypageFilter::All).await.entries;
    assert_eq!(shown.len(), 2);
    // Mypage's entries are only in `mypage.db`, and not in the journal.
    let desk = desk
        .restart_after(async |folder| {
            let tables = dump_table(folder, "SELECT name FROM sqlite_schema WHERE type = 'table'").await;
            assert!(!tables.contains(&"entry".to_owned()), "{tables:?}");
            fs::remove_file(folder.join("mypage.db")).unwrap();
        })
        .await;
    // Without the file `mypage.db` every context works, and the projector rebuilds the file.
    assert_eq!(desk.terminal.workers.mypage.checkpoint().await.unwrap(), 0);
    assert_eq!(desk.page(customer, MypageFilter::All).await.entries, []);
    desk.pay(customer, 40).await.unwrap();
    assert_eq!(desk.balance(customer).await, 0);
    desk.settle().await;
    let again = desk.page(customer, MypageFilter::All).await.entries;
    assert_eq!((again.len(), &again[1..]), (3, &shown[..]));
}

#[tokio::test]
async fn a_lost_foreign_damaged_or_cleared_read_model_is_rebuilt_the_same() {
    let of = async |seed: u64| {
        let (desk, _) = random_day(seed).await;
        let rows = desk.rows().await;
        assert!(rows.len() > COMMANDS / 4, "{} rows", rows.len());
        desk.terminal.workers.mypage.clear().await.unwrap();
        assert_eq!(desk.rows().await, []);
        desk.settle().await;
        assert_eq!(desk.rows().await, rows, "cleared, seed {seed}");

        let lost = async |folder: &Path| fs::remove_file(folder.join("mypage.db")).unwrap();
        let damaged = async |folder: &Path| {
            let file = folder.join("mypage.db");
            let mut bytes = fs::read(&file).unwrap();
            bytes[..4_096].fill(0x5a);
            fs::write(file, bytes).unwrap();
        };
        let other = Desk::new().await;
        let stranger = other.customer("다른 사람").await;
        other.visit(stranger).await;
        let other = other.close().await;
        let foreign = async |folder: &Path| {
            fs::copy(other.path().join("mypage.db"), folder.join("mypage.db")).unwrap();
        };
        let mut desk = desk.restart_after(lost).await;
        for what in ["lost", "damaged", "foreign"] {
            assert_eq!(desk.terminal.workers.mypage.checkpoint().await.unwrap(), 0, "{what}");
            desk.settle().await;
            assert_eq!(desk.rows().await, rows, "{what}, seed {seed}");
            desk = if what == "lost" { desk.restart_after(damaged).await } else { desk.restart_after(foreign).await };
        }
    };
    tokio::join!(of(1), of(2));
}

/// All tables derived from facts, each with a query that returns a row as one text. A standing's time is left out,
/// because it is the time of the derivation.
const DERIVED: [(&str, &str); 6] = [
    ("snapshot", "SELECT context || hex(customer_id) || ' ' || change_seq || ' ' || state FROM snapshot"),
    ("checkpoint", "SELECT worker || ' ' || change_seq FROM checkpoint"),
    (
        "standing",
        "SELECT hex(customer_id) || ' ' || standing || ' ' || outstanding || ' ' || levels || ' ' || changes \
         FROM standing",
    ),
    ("inside", "SELECT hex(visit_id) || hex(customer_id) || hex(area_id) || since_ms FROM inside"),
    ("last_visit", "SELECT hex(customer_id) || at_ms || hex(area_id) FROM last_visit"),
    (
        "open_penalty",
        "SELECT hex(penalty_id) || hex(customer_id) || imposed_at_ms || code || ' ' || points || ' ' || outstanding \
         || ' ' || educated || ' ' || coalesce(hex(area_id), '-') || ' ' || imposed_change_seq FROM open_penalty",
    ),
];

async fn derived(folder: &Path) -> Vec<(&'static str, Vec<String>)> {
    let mut tables = Vec::new();
    for (table, sql) in DERIVED {
        tables.push((table, dump_table(folder, sql).await));
    }
    tables
}

#[tokio::test]
async fn snapshots_and_projections_rebuilt_from_all_facts_are_the_same() {
    let of = async |seed: u64| {
        let (desk, _) = random_day(seed).await;
        let late = desk.customer("늦은 손님").await;
        desk.check_in(late).await;
        desk.penalty(late, 10).await;
        desk.settle().await;
        let facts = desk.changes().await;
        let mut before = Vec::new();
        let desk = desk
            .restart_after(async |folder| {
                before = derived(folder).await;
                for (table, _) in DERIVED {
                    tamper(folder, &format!("DELETE FROM {table}")).await;
                }
            })
            .await;
        assert!(before.iter().all(|(_, rows)| !rows.is_empty()), "{before:?}");
        desk.settle().await;
        // The rebuild recorded no facts, so nothing was earned twice.
        assert_eq!(desk.changes().await, facts, "seed {seed}");
        desk.restart_after(async |folder| {
            for (after, before) in derived(folder).await.into_iter().zip(before) {
                assert_eq!(after, before, "seed {seed}");
            }
        })
        .await;
    };
    tokio::join!(of(11), of(12));
}

#[tokio::test]
async fn a_random_day_overdraws_nobody_and_all_views_agree() {
    let of = async |seed: u64| {
        let (desk, day) = random_day(seed).await;
        let changes = desk.changes().await;
        assert_contiguous(&changes);
        assert_eq!(desk.verify_after(None).await, changes.len() as u64);
        let balances = balances(&changes);
        for customer in day.customers {
            let (card, page) = (desk.card(customer).await, desk.page(customer, MypageFilter::All).await);
            let newest = page.entries.first();
            let expected = balances.get(&customer).copied().unwrap_or(0);
            assert_eq!(i128::from(card.points.balance), expected, "seed {seed}");
            assert_eq!(newest.map_or(0, |entry| entry.balance), card.points.balance, "seed {seed}");
            let open: u64 = card.penalties.iter().map(|penalty| penalty.outstanding).sum();
            assert_eq!(newest.map_or(0, |entry| entry.outstanding), i64::try_from(open).unwrap(), "seed {seed}");
        }
    };
    tokio::join!(of(21), of(22));
}
