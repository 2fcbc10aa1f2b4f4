//! With its workers running: a read after an answer shows it, and every change is told once it can be seen.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{Changed, ContextName, CustomerSearch, EntryKind, MypageFilter, Outcome};
use nosmoke_ports::{Clock, Journal, Priority, ReadUnit, StoreError, Unit, Worker, Written};
use serde_json::json;

use crate::support::Desk;

const TIMES: usize = 200;
/// Whose projections the screens show; policies, and what waits for a link, are told of by what they record.
const SHOWING: [Worker; 4] = [Worker::CheckIn, Worker::Point, Worker::Penalty, Worker::Mypage];
/// Longer than a read waits for a projector.
const SLOW: Duration = Duration::from_millis(1_300);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_seen_by_the_next_read() {
    let desk = Desk::new().await;
    let running = desk.terminal.start(|_| ());
    let (mut balance, mut outstanding, mut entries) = (0, 0, 0);
    let customer = desk.customer("홍길동").await;
    let mut visit = None;
    for number in 0..TIMES {
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

/// An earning follows its check-out by itself: soon, not at once.
async fn until<T: PartialEq + std::fmt::Debug, F: Future<Output = T>>(read: impl Fn() -> F, expected: T) {
    let begun = Instant::now();
    while read().await != expected {
        assert!(begun.elapsed() < Duration::from_secs(5), "never {expected:?}");
    }
}

/// A journal whose projectors take their time.
#[derive(Debug)]
struct Slow(Arc<dyn Journal>);

#[async_trait]
impl Journal for Slow {
    async fn write_unit(&self, priority: Priority, unit: Unit) -> Result<Option<Written>, StoreError> {
        if priority == Priority::Background {
            tokio::time::sleep(SLOW).await;
        }
        self.0.write_unit(priority, unit).await
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        self.0.read_unit(unit).await
    }
}

/// What was told, each with how far the views were when it was.
#[derive(Debug, Clone, Default)]
struct Told(Arc<Mutex<Vec<(Changed, i64)>>>);

impl Told {
    fn hear(&self, terminal: &Terminal) -> impl Fn(Changed) + Send + Sync + 'static {
        let (told, feed) = (self.clone(), terminal.core.feed.clone());
        move |changed| {
            let seen = SHOWING.map(|worker| feed.checkpoint(worker)).into_iter().min().unwrap();
            told.0.lock().unwrap().push((changed, seen));
        }
    }

    /// A customer's change was told when it could be seen.
    async fn expect(&self, customer: CustomerId, change: i64) {
        let begun = Instant::now();
        loop {
            let told = self.0.lock().unwrap().clone();
            let names = |changed: &Changed| changed.customers.is_empty() || changed.customers.contains(&customer);
            if told.iter().any(|(changed, seen)| *seen >= change && names(changed)) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(10), "change {change} of {customer:?} in {told:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn slow_terminal(desk: &Desk) -> Terminal {
    let nosmoke_runtime::Core { journal, clock, ids, traces, .. } = desk.terminal.core.clone();
    let mypage = desk.terminal.workers.mypage.clone();
    Terminal::new(Ports { journal: Arc::new(Slow(journal)), mypage, clock, ids, traces }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_is_told_once_it_can_be_seen() {
    let desk = Desk::new().await;
    let mut customers = Vec::new();
    for number in 0..40 {
        customers.push(desk.customer(&format!("고객 {number}")).await);
    }
    let told = Told::default();
    let running = desk.terminal.start(told.hear(&desk.terminal));
    for customer in &customers {
        desk.check_in(*customer).await;
        let change = desk.terminal.core.feed.last_written();
        if change % 3 == 0 {
            told.expect(*customer, change).await;
        }
    }
    for change in desk.changes().await {
        told.expect(change.recorded.fact.customer_id, change.change_seq).await;
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_a_projector_takes_long_for_is_told_when_it_can_be_seen() {
    let desk = Desk::new().await;
    let (first, second) = (desk.customer("가").await, desk.customer("나").await);
    let told = Told::default();
    let terminal = slow_terminal(&desk).await;
    let running = terminal.start(told.hear(&terminal));
    let recorder = desk.recorder().await;
    for customer in [first, second] {
        let enter = json!({ "type": "checkIn", "customerId": customer, "areaId": desk.area.area_id });
        let request = json!({ "idempotencyKey": customer, "command": enter });
        terminal.commands.record(recorder, request).await.unwrap();
    }
    told.expect(first, 1).await;
    told.expect(second, 2).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_start_finds_undone_is_told_when_it_can_be_seen() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.check_in(customer).await;
    let told = Told::default();
    let terminal = slow_terminal(&desk).await;
    let running = terminal.start(told.hear(&terminal));
    told.expect(customer, 1).await;
    running.stop().await;
}

#[tokio::test]
async fn a_read_waits_for_a_slow_projector_a_second_and_says_so() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.penalty(customer, 10).await;
    // Nothing runs: nobody will catch up.
    let begun = Instant::now();
    let card = desk.card(customer).await;
    assert!((900..5_000).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
    assert!(card.verdict.behind);
    // What is stopped for maintenance isn't waited for.
    ContextName::ALL.into_iter().for_each(|name| desk.terminal.core.contexts.close(name));
    let begun = Instant::now();
    desk.card(customer).await;
    assert!(begun.elapsed() < Duration::from_millis(900), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn the_chip_tells_that_older_records_are_still_being_read() {
    let desk = Desk::new().await;
    let link = &desk.terminal.core.link;
    let chip = async || serde_json::to_value(desk.terminal.queries.sync_chip().await.unwrap()).unwrap();
    link.configured(desk.clock.now());
    assert_eq!(chip().await["state"], "offline");
    link.up(desk.clock.now());
    assert_eq!(chip().await["reading"], true);
    link.reading(false);
    let now = chip().await;
    assert_eq!((&now["state"], &now["reading"], now["pending"].is_u64()), (&json!("online"), &json!(false), true));
}
