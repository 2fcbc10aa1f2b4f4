//! While the workers run, a read after an answered command shows the command's effect, and every change is announced to
//! the screens once reads show it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{Changed, ContextName, CustomerSearch, EntryKind, MypageFilter, Outcome};
use nosmoke_ports::{Clock, Journal, Priority, ReadUnit, StoreError, Worker, WriteUnit, Written};
use serde_json::json;

use crate::support::Desk;

const ROUNDS: usize = 200;
/// The workers whose projections the screens show. The other workers announce the facts that they record.
const SHOWN_WORKERS: [Worker; 4] = [Worker::CheckIn, Worker::Point, Worker::Penalty, Worker::Mypage];
/// The delay of a slow projector: longer than a read waits for a projector.
const BACKGROUND_DELAY: Duration = Duration::from_millis(1_300);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_after_an_answer_shows_it() {
    let desk = Desk::new().await;
    let running = desk.terminal.start(|_| ());
    let (mut balance, mut outstanding, mut entries) = (0, 0, 0);
    let customer = desk.customer("홍길동").await;
    let mut visit = None;
    for number in 0..ROUNDS {
        match number % 5 {
            0 => {
                visit = Some(desk.check_in(customer).await);
                entries += 1;
                let occupancy = desk.terminal.queries.occupancy().await.unwrap();
                assert_eq!((occupancy.total, occupancy.areas[0].inside[0].visit_id), (1, visit.unwrap()), "{number}");
            }
            1 => {
                let out = desk.check_out(visit.take().unwrap()).await;
                let Outcome::CheckedOut { points: Some(points), .. } = out else { panic!("{out:?}") };
                let newest = desk.page(customer, MypageFilter::Visits).await.entries.remove(0);
                assert!(["CHECKED_OUT", "EARNED"].contains(&newest.status.as_str()), "{number}: {newest:?}");
                assert_eq!(desk.terminal.queries.occupancy().await.unwrap().total, 0, "{number}");
                balance += i64::try_from(points).unwrap();
                until(|| desk.balance(customer), balance).await;
            }
            2 => {
                desk.pay(customer, 7).await.unwrap();
                (balance, entries) = (balance - 7, entries + 1);
                let newest = desk.page(customer, MypageFilter::Payments).await.entries.remove(0);
                assert_eq!((newest.kind, newest.balance), (EntryKind::Payment, balance), "{number}");
            }
            3 => {
                let penalty = desk.penalty(customer, 3).await;
                let card = desk.card(customer).await;
                assert_eq!((card.verdict.behind, card.verdict.outstanding), (false, outstanding + 3), "{number}");
                desk.deduct(penalty, "service", Some(3)).await.unwrap();
                entries += 2;
                outstanding = desk.card(customer).await.verdict.outstanding;
                assert_eq!(outstanding, 0, "{number}");
            }
            _ => {
                let (name, text) = (format!("손님 {number}"), format!("손님{number}"));
                let newcomer = desk.customer(&name).await;
                let found =
                    desk.terminal.queries.search(CustomerSearch { text, limit: 5, cursor: None }).await.unwrap();
                assert_eq!(found.hits[0].customer.customer_id, newcomer, "{number}");
            }
        }
        let page = desk.page(customer, MypageFilter::All).await;
        assert_eq!(page.counts.all, entries, "{number}");
    }
    running.stop().await;
}

/// Polls a value until it is the expected one, because points are earned asynchronously after a check-out.
async fn until<T: PartialEq + std::fmt::Debug, F: Future<Output = T>>(read: impl Fn() -> F, expected: T) {
    let begun = Instant::now();
    while read().await != expected {
        assert!(begun.elapsed() < Duration::from_secs(5), "never {expected:?}");
    }
}

/// A journal that delays the units of work of projectors.
#[derive(Debug)]
struct SlowJournal(Arc<dyn Journal>);

#[async_trait]
impl Journal for SlowJournal {
    async fn write_unit(&self, priority: Priority, unit: WriteUnit) -> Result<Option<Written>, StoreError> {
        if priority == Priority::Background {
            tokio::time::sleep(BACKGROUND_DELAY).await;
        }
        self.0.write_unit(priority, unit).await
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        self.0.read_unit(unit).await
    }
}

/// The announced changes, each with the lowest checkpoint that the workers in [`SHOWN_WORKERS`] had at that time.
#[derive(Debug, Clone, Default)]
struct Notifications(Arc<Mutex<Vec<(Changed, i64)>>>);

impl Notifications {
    fn listener(&self, terminal: &Terminal) -> impl Fn(Changed) + Send + Sync + 'static {
        let (notifications, feed) = (self.clone(), terminal.core.feed.clone());
        move |changed| {
            let seen = SHOWN_WORKERS.map(|worker| feed.checkpoint(worker)).into_iter().min().unwrap();
            notifications.0.lock().unwrap().push((changed, seen));
        }
    }

    /// Waits until a customer's change is announced, at a time when all projections show it already.
    async fn expect(&self, customer: CustomerId, change: i64) {
        let begun = Instant::now();
        loop {
            let notifications = self.0.lock().unwrap().clone();
            let names = |changed: &Changed| changed.customers.is_empty() || changed.customers.contains(&customer);
            if notifications.iter().any(|(changed, seen)| *seen >= change && names(changed)) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(10), "change {change} of {customer:?} in {notifications:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn slow_terminal(desk: &Desk) -> Terminal {
    let nosmoke_runtime::Core { journal, clock, ids, traces, .. } = desk.terminal.core.clone();
    let mypage = desk.terminal.workers.mypage.clone();
    Terminal::new(Ports { journal: Arc::new(SlowJournal(journal)), mypage, access: Arc::new(()), clock, ids, traces })
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_is_announced_once_it_is_visible() {
    let desk = Desk::new().await;
    let mut customers = Vec::new();
    for number in 0..40 {
        customers.push(desk.customer(&format!("고객 {number}")).await);
    }
    let notifications = Notifications::default();
    let running = desk.terminal.start(notifications.listener(&desk.terminal));
    for customer in &customers {
        desk.check_in(*customer).await;
        let change = desk.terminal.core.feed.last_written();
        if change % 3 == 0 {
            notifications.expect(*customer, change).await;
        }
    }
    for change in desk.changes().await {
        notifications.expect(change.recorded.fact.customer_id, change.change_seq).await;
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_announced_only_after_a_slow_projector_has_passed_it() {
    let desk = Desk::new().await;
    let (first, second) = (desk.customer("가").await, desk.customer("나").await);
    let notifications = Notifications::default();
    let terminal = slow_terminal(&desk).await;
    let running = terminal.start(notifications.listener(&terminal));
    let caller = desk.caller().await;
    for customer in [first, second] {
        let enter = json!({ "type": "checkIn", "customerId": customer, "areaId": desk.area.area_id });
        let request = json!({ "idempotencyKey": customer, "command": enter });
        terminal.commands.record(caller, request).await.unwrap();
    }
    notifications.expect(first, 1).await;
    notifications.expect(second, 2).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_left_by_the_last_run_is_announced_once_it_is_visible() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.check_in(customer).await;
    let notifications = Notifications::default();
    let terminal = slow_terminal(&desk).await;
    let running = terminal.start(notifications.listener(&terminal));
    notifications.expect(customer, 1).await;
    running.stop().await;
}

#[tokio::test]
async fn a_read_waits_a_second_for_a_slow_projector_and_shows_that_it_is_behind() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.penalty(customer, 10).await;
    // No worker runs, so the read waits until its timeout and then shows that it is behind.
    let begun = Instant::now();
    let card = desk.card(customer).await;
    assert!((900..5_000).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
    assert!(card.verdict.behind);
    // A read doesn't wait for a stopped context.
    ContextName::ALL.into_iter().for_each(|name| desk.terminal.core.contexts.close(name));
    let begun = Instant::now();
    desk.card(customer).await;
    assert!(begun.elapsed() < Duration::from_millis(900), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn the_chip_shows_that_older_messages_are_still_being_read() {
    let desk = Desk::new().await;
    let connection = &desk.terminal.core.connection;
    let chip = async || serde_json::to_value(desk.terminal.queries.sync_chip().await.unwrap()).unwrap();
    connection.configured(desk.clock.now());
    assert_eq!(chip().await["state"], "offline");
    connection.up(desk.clock.now());
    assert_eq!(chip().await["reading"], true);
    connection.reading(false);
    let now = chip().await;
    assert_eq!((&now["state"], &now["reading"], now["pending"].is_u64()), (&json!("online"), &json!(false), true));
}
