//! A restored backup begins a new incarnation, which takes over the points of the old one. Nothing happens twice.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use nosmoke_application::csv::read_customers;
use nosmoke_application::jobs::{Jobs, import_customers};
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_domain::review::cases;
use nosmoke_domain::words::CaseReason;
use nosmoke_ports::contract::{ErrorCode, JobKind, MypageFilter, Outcome};
use nosmoke_ports::{RandomIds, SearchQuery, StoreError, Worker, read};
use nosmoke_store::Folder;
use nosmoke_store::backup::{About, back_up, restore};
use serde_json::json;
use tokio::task::JoinSet;

use crate::inspection::{assert_contiguous, balances};
use crate::support::Desk;

pub(crate) async fn backed_up(desk: &Desk, into: &Path) -> PathBuf {
    let about = About {
        facility_name: "한빛역 환승센터".into(),
        version: "0.1.0".into(),
        at: DateTime::UNIX_EPOCH,
        terminal_id: None,
        scheduled: None,
        passphrase: None,
    };
    back_up(desk.store.sqlite_journal(), into, about, Arc::new(|_, _| true)).await.unwrap().0
}

/// Restores a backup through the program, as the window does.
pub(crate) async fn restored(desk: Desk, backup: &Path) -> Desk {
    let at = DateTime::UNIX_EPOCH;
    desk.restart_after(async |folder| {
        let folder = Arc::new(Folder::open(folder).unwrap());
        restore(&folder, backup, at, Arc::new(|_, _| true)).await.unwrap();
    })
    .await
}

async fn incarnations(desk: &Desk) -> Vec<IncarnationId> {
    let mut incarnations = Vec::new();
    for change in desk.changes().await {
        let incarnation = change.recorded.fact.origin.incarnation;
        if !incarnations.contains(&incarnation) {
            incarnations.push(incarnation);
        }
    }
    incarnations
}

/// Returns a customer's balance and the points payable at this terminal. Checks that the facts and Mypage show the same
/// balance.
async fn holds(desk: &Desk, customer: CustomerId) -> (i64, i64) {
    desk.settle().await;
    let points = desk.card(customer).await.points;
    let newest = desk.page(customer, MypageFilter::All).await.entries.first().map_or(0, |entry| entry.balance);
    let facts = balances(&desk.changes().await).get(&customer).copied().unwrap_or(0);
    assert_eq!((newest, facts), (points.balance, i128::from(points.balance)));
    (points.balance, points.payable_here)
}

#[tokio::test]
async fn a_restored_journal_begins_a_new_incarnation_with_all_points_payable() {
    let desk = Desk::new().await;
    let (rich, poor) = (desk.customer("홍길동").await, desk.customer("김민수").await);
    for _ in 0..3 {
        desk.visit(rich).await;
    }
    let paid = desk.pay(rich, 60).await.unwrap();
    let Outcome::Paid { payment_id, .. } = paid else { panic!("{paid:?}") };
    let visit = desk.check_in(poor).await;
    desk.settle().await;
    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&desk, into.path()).await;

    // These facts are newer than the backup, so the restore loses them.
    desk.give_with_key("after", json!({ "type": "pay", "customerId": rich, "points": 100 })).await.unwrap();
    desk.check_out(visit).await;
    assert_eq!((holds(&desk, rich).await, holds(&desk, poor).await), ((140, 140), (100, 100)));

    let desk = restored(desk, &backup).await;
    assert_eq!((holds(&desk, rich).await, holds(&desk, poor).await), ((240, 240), (0, 0)));
    let both = incarnations(&desk).await;
    assert_eq!(both.len(), 2, "the taking over is the new one's first fact");
    let changes = desk.changes().await;
    assert!(matches!(&changes.last().unwrap().recorded.fact.payload, Payload::Reclaimed(p) if p.from == both[0]));
    assert_contiguous(&changes);
    assert_eq!(desk.verify_after(None).await, changes.len() as u64);

    // A repeated command whose first answer is lost is recorded as new. A payment of the old incarnation can't be
    // voided.
    desk.give_with_key("after", json!({ "type": "pay", "customerId": rich, "points": 100 })).await.unwrap();
    assert_eq!(holds(&desk, rich).await, (140, 140));
    let void = json!({ "type": "voidPayment", "paymentId": payment_id, "reason": "mistaken" });
    assert_eq!(desk.refused(void).await, ErrorCode::RecordedElsewhere);
    desk.pay(rich, 140).await.unwrap();
    assert_eq!(desk.pay(rich, 1).await.unwrap_err().code, ErrorCode::InsufficientPoints);
    // The customer who was inside at the backup still is, and the check-out earns points once.
    desk.check_out(visit).await;
    assert_eq!(holds(&desk, poor).await, (100, 100));
    let desk = desk.restart().await;
    assert_eq!((holds(&desk, rich).await, holds(&desk, poor).await), ((0, 0), (100, 100)));
    assert_eq!(incarnations(&desk).await, both, "a restart begins no other");
    assert_eq!(desk.verify_after(None).await, desk.facts().await);
}

#[tokio::test]
async fn a_check_out_of_the_old_incarnation_does_not_earn_after_a_restore() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let waiting = desk.check_in(customer).await;
    desk.check_out(waiting).await;
    desk.settle_but(&[Worker::Earning]).await;
    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&desk, into.path()).await;
    let desk = restored(desk, &backup).await;
    assert_eq!(holds(&desk, customer).await, (100, 100));
    let lines = desk.lines(customer, MypageFilter::Visits).await;
    assert_eq!(lines.iter().map(|line| line.1.as_str()).collect::<Vec<_>>(), ["EARNED", "CHECKED_OUT"]);
    let changes = desk.changes().await;
    let earned = changes.iter().filter(|change| matches!(change.recorded.fact.payload, Payload::Earned(_)));
    assert_eq!(earned.count(), 1);
}

#[tokio::test]
async fn a_check_out_that_a_restore_gives_up_is_a_case_although_nothing_was_held() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let waiting = desk.check_in(customer).await;
    desk.check_out(waiting).await;
    desk.settle_but(&[Worker::Earning]).await;
    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&desk, into.path()).await;
    let desk = restored(desk, &backup).await;
    assert_eq!(holds(&desk, customer).await, (0, 0));
    let facts: Vec<_> = desk.changes().await.into_iter().map(|change| change.recorded).collect();
    let reasons: Vec<_> =
        cases(facts[0].fact.customer_id, &facts, &BTreeSet::new()).into_iter().map(|case| case.id.reason).collect();
    assert_eq!(reasons, [CaseReason::NEVER_EARNED]);
    // The next start has nothing left to give up.
    let desk = desk.restart().await;
    desk.settle().await;
    assert_eq!(desk.facts().await, facts.len() as u64);
}

#[tokio::test]
async fn repeated_restores_create_no_points() {
    let mut desk = Desk::new().await;
    let mut customers = Vec::new();
    for number in 0..7 {
        let customer = desk.customer(&format!("고객 {number}")).await;
        for _ in 0..number % 3 {
            desk.visit(customer).await;
        }
        customers.push(customer);
    }
    let into = tempfile::tempdir().unwrap();
    let mut backup = backed_up(&desk, into.path()).await;
    let mut seen = BTreeSet::new();
    for round in 0..4 {
        desk = restored(desk, &backup).await;
        for (number, customer) in customers.iter().enumerate() {
            let points = i64::try_from(number % 3 * 100).unwrap();
            assert_eq!(holds(&desk, *customer).await, (points, points), "round {round}");
        }
        let here = incarnations(&desk).await;
        assert!(seen.insert(*here.last().unwrap()), "an incarnation came back");
        assert_eq!(desk.verify_after(None).await, desk.facts().await);
        // Make a new backup now, so that the following rounds restore a backup of an already restored folder.
        if round == 1 {
            backup = backed_up(&desk, into.path()).await;
        }
    }
}

#[tokio::test]
async fn a_restore_takes_over_the_points_of_more_than_a_thousand_customers() {
    let desk = Desk::new().await;
    let names: String = (0..1_100).map(|number| format!("고객 {number}\n")).collect();
    let file = read_customers(format!("이름\n{names}").as_bytes()).unwrap();
    let (bus, caller) = (desk.terminal.commands.clone(), desk.caller().await);
    let authority = desk.authority().await;
    let jobs = Arc::new(Jobs::new(desk.clock.clone(), Arc::new(RandomIds), |_| ()));
    jobs.start(JobKind::Import, |progress| import_customers(bus, authority, file, progress)).unwrap();
    let customers = loop {
        let query = SearchQuery { limit: 2_000, ..SearchQuery::default() };
        let rows = read::<_, StoreError>(&*desk.terminal.core.journal, move |tx| tx.search(&query)).await.unwrap();
        if rows.len() == 1_100 {
            break rows.into_iter().map(|row| row.profile.customer_id).collect::<Vec<_>>();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    let mut tasks = JoinSet::new();
    for customer in customers.clone() {
        let bus = desk.terminal.commands.clone();
        let adjust = json!({ "type": "adjustPoints", "customerId": customer, "points": 10, "reason": "migration" });
        let request = json!({ "idempotencyKey": customer, "command": adjust });
        tasks.spawn(async move { bus.record(caller, request).await.unwrap() });
    }
    tasks.join_all().await;
    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&desk, into.path()).await;
    let desk = restored(desk, &backup).await;
    desk.settle().await;
    assert_eq!(desk.facts().await, 2 * 1_100);
    for customer in customers {
        let points = desk.card(customer).await.points;
        assert_eq!((points.balance, points.payable_here, points.holders.len()), (10, 10, 0));
    }
}

#[tokio::test]
async fn an_interrupted_take_over_is_finished_at_the_next_start() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let into = tempfile::tempdir().unwrap();
    let backup = backed_up(&desk, into.path()).await;
    // Crash after the new incarnation has begun, before it has taken over the points.
    let desk = desk
        .restart_after(async |path| {
            let folder = Arc::new(Folder::open(path).unwrap());
            restore(&folder, &backup, DateTime::UNIX_EPOCH, Arc::new(|_, _| true)).await.unwrap();
            let store =
                nosmoke_store::SqliteJournal::open(folder, Arc::new(crate::clock::TestClock::default())).await.unwrap();
            let ids = Arc::new(RandomIds);
            nosmoke_replication::incarnations::restore::begin_incarnation(&store, ids).await.unwrap();
            drop(store);
        })
        .await;
    assert_eq!(holds(&desk, customer).await, (100, 100));
    desk.pay(customer, 100).await.unwrap();
    let facts = desk.facts().await;
    let desk = desk.restart().await;
    assert_eq!((holds(&desk, customer).await, desk.facts().await), ((0, 0), facts));
}
