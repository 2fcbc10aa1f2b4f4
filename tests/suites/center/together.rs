//! Instances that write at the same moment: the same customer, the same seat, the same partition.

use std::collections::BTreeSet;
use std::time::Duration;

use fastrand::Rng;
use nosmoke_center::Written;
use nosmoke_domain::fact::{Paid, PointsAdjusted, Sealed};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::Points;
use nosmoke_domain::words::AdjustReason;
use nosmoke_ports::contract::EntryKind;
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Database, Partition, assert_equal, facility, facts, work_off};
use crate::other_terminal::{Other, receive};
use crate::support::Desk;

fn lots(points: u64) -> Lots {
    Lots::never(Points::new(points).unwrap())
}

fn given(points: u64) -> PointsAdjusted {
    PointsAdjusted::given(Uuid::new_v4().into(), lots(points), AdjustReason::GOODWILL)
}

fn paid(points: u64) -> Paid {
    Paid::new(Uuid::new_v4().into(), Uuid::new_v4().into(), lots(points), None)
}

/// Facts of many customers by one terminal.
fn gifts(desk: &Desk, other: &mut Other, customers: &[CustomerId], count: usize) -> Vec<Sealed> {
    let customer = |at: usize| customers[at % customers.len()];
    (0..count).map(|at| other.fact(desk, customer(at), given(1))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_with_the_same_customers_neither_deadlock_nor_lose_a_fact() {
    let (database, desk, mut random) = (Database::new().await, Desk::new().await, Rng::with_seed(1));
    let mut customers: Vec<CustomerId> = (0..40).map(|_| Uuid::new_v4().into()).collect();
    let mut all = Vec::new();
    let mut tasks = JoinSet::new();
    for number in 0..4 {
        let mut partition = Partition::take(&database.open().await, number).await;
        random.shuffle(&mut customers);
        let mut other = Other::of(&desk).await;
        let facts = gifts(&desk, &mut other, &customers, 400);
        all.extend(facts.clone());
        tasks.spawn(async move {
            for batch in facts.chunks(80) {
                assert_eq!(partition.write(batch).await.added, 80);
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    receive(&desk, all.clone()).await;
    assert_equal(&database.open().await, &desk, &all).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fork_is_seen_by_whichever_batch_comes_second() {
    let (database, desk) = (Database::new().await, Desk::new().await);
    let mut all = Vec::new();
    let store = database.open().await;
    let (mut first, mut second) = (Partition::take(&store, 0).await, Partition::take(&store, 1).await);
    for _ in 0..20 {
        let mut lost = Other::of(&desk).await;
        let (one, two): (CustomerId, CustomerId) = (Uuid::new_v4().into(), Uuid::new_v4().into());
        let ours = lost.fact(&desk, one, paid(10));
        lost.seq = 0;
        let theirs = lost.fact(&desk, two, paid(20));
        let (ours, theirs) = ([ours], [theirs]);
        let (here, there) = tokio::join!(first.write(&ours), second.write(&theirs));
        let found: BTreeSet<_> = here.forked.into_iter().chain(there.forked).collect();
        assert_eq!(found, BTreeSet::from([(facility(&ours), lost.origin.incarnation)]));
        all.extend(ours.into_iter().chain(theirs));
    }
    work_off(&store).await;
    receive(&desk, all.clone()).await;
    assert_equal(&store, &desk, &all).await;
    let lines = store.lines(facility(&all), all[0].fact.customer_id).await.unwrap();
    assert_eq!(lines.iter().filter(|line| line.kind == EntryKind::WriteOff).count(), 1, "{lines:?}");
    // What such a customer does later is folded with the fork known.
    let later = Other::of(&desk).await.fact(&desk, all[1].fact.customer_id, given(3));
    first.write(std::slice::from_ref(&later)).await;
    receive(&desk, vec![later.clone()]).await;
    all.push(later);
    assert_equal(&store, &desk, &all).await;
}

#[tokio::test]
async fn an_instance_that_lost_a_partition_writes_nothing_more() {
    let (database, desk) = (Database::new().await, Desk::new().await);
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let facts = facts(&desk).await;
    let (early, late) = facts.split_at(1);
    let mut zombie = Partition::take(&database.open().await, 0).await;
    zombie.write(early).await;
    let mut heir = Partition::take(&database.open().await, 0).await;
    assert_eq!(heir.place.next, 1, "it reads on where the other one stopped");
    assert_eq!(zombie.store.write(&zombie.batch(late)).await, Ok(Written::Fenced));
    assert_eq!(zombie.store.tally(facility(&facts)).await.unwrap().0, 1);
    heir.write(late).await;
    assert_equal(&heir.store, &desk, &facts).await;
    // A batch that was written is fenced too: it begins where the place no longer is.
    let again = Partition { place: nosmoke_center::Place { next: 1, ..heir.place.clone() }, ..heir.clone() };
    assert_eq!(again.store.write(&again.batch(late)).await, Ok(Written::Fenced));
}

#[tokio::test]
async fn instances_that_fold_again_leave_each_other_the_rest() {
    let (database, desk) = (Database::new().await, Desk::new().await);
    let mut other = Other::of(&desk).await;
    let customers: Vec<CustomerId> = (0..150).map(|_| Uuid::new_v4().into()).collect();
    let all = gifts(&desk, &mut other, &customers, 300);
    let store = database.open().await;
    Partition::take(&store, 0).await.write(&all).await;
    receive(&desk, all.clone()).await;
    let lose = "INSERT INTO again SELECT facility_id, customer_id FROM snapshot; UPDATE snapshot SET account = NULL, visits = NULL";
    database.sql(lose).await;
    let beside = database.open().await;
    tokio::join!(work_off(&store), work_off(&beside));
    work_off(&store).await;
    assert_eq!(database.count("SELECT count(*) FROM again").await, 0);
    assert_equal(&store, &desk, &all).await;
}

/// A batch that began before the fork was known doesn't write off; whoever lists the fork's customers must see its facts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_customers_of_a_fork_are_listed_only_after_the_batches_that_run() {
    let (database, desk) = (Database::new().await, Desk::new().await);
    let store = database.open().await;
    let mut lost = Other::of(&desk).await;
    let ours = lost.fact(&desk, Uuid::new_v4().into(), paid(10));
    lost.seq = 0;
    let theirs = lost.fact(&desk, Uuid::new_v4().into(), paid(20));
    let facility = facility(std::slice::from_ref(&ours));
    Partition::take(&store, 0).await.write(&[ours, theirs]).await;
    // Another instance's batch that runs holds this lock.
    let mut batch = PgConnection::connect(&database.url).await.unwrap();
    let begin = "SELECT pg_advisory_lock_shared(hashtextextended($1::text, 1))";
    sqlx::query(begin).bind(facility.0).execute(&mut batch).await.unwrap();
    let listing = tokio::spawn({
        let store = store.clone();
        async move { store.work_off().await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!listing.is_finished());
    assert_eq!(database.count("SELECT count(*) FROM fork WHERE NOT listed").await, 1);
    batch.close().await.unwrap();
    assert_eq!(listing.await.unwrap(), Ok(true));
    assert_eq!(database.count("SELECT count(*) FROM fork WHERE NOT listed").await, 0);
}
