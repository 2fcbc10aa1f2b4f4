//! Whatever comes in whatever order, the center has what a desk has.

use fastrand::Rng;
use nosmoke_domain::fact::{CustomersLinked, CustomersParted, Paid, PointsAdjusted, Reclaimed, Sealed};
use nosmoke_domain::ids::{CustomerId, EventId, LinkId};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::Points;
use nosmoke_domain::words::AdjustReason;
use uuid::Uuid;

use super::{Database, Partition, assert_equal, facts, work_off};
use crate::other_terminal::{Other, receive};
use crate::random_day::RandomDay;
use crate::support::Desk;

const PARTITIONS: i32 = 3;

/// Writes facts as a log of several partitions brings them, in batches of random length, some of them twice.
async fn read_all(partitions: &mut [Partition], facts: &[Sealed], random: &mut Rng) {
    let mut queues: Vec<Vec<Sealed>> = vec![Vec::new(); partitions.len()];
    for sealed in facts {
        let number = sealed.fact.customer_id.0.as_u128() % partitions.len() as u128;
        let queue = &mut queues[usize::try_from(number).unwrap()];
        queue.push(sealed.clone());
        if random.u8(..) < 20 {
            let again = queue[random.usize(..queue.len())].clone();
            queue.push(again);
        }
    }
    while queues.iter().any(|queue| !queue.is_empty()) {
        let at = random.usize(..queues.len());
        let count = random.usize(..60).min(queues[at].len());
        let batch: Vec<Sealed> = queues[at].drain(..count).collect();
        partitions[at].write(&batch).await;
    }
}

async fn partitions(database: &Database) -> Vec<Partition> {
    let store = database.open().await;
    let mut partitions = Vec::new();
    for number in 0..PARTITIONS {
        partitions.push(Partition::take(&store, number).await);
    }
    partitions
}

fn given(points: u64) -> PointsAdjusted {
    PointsAdjusted::given(Uuid::new_v4().into(), Lots::never(Points::new(points).unwrap()), AdjustReason::GOODWILL)
}

/// A desk after a random day, with facts of another terminal: of ids that two facts have, of links, and of a lost terminal.
async fn day(seed: u64) -> Desk {
    let desk = Desk::new().await;
    let mut day = RandomDay::begin(&desk, seed).await;
    day.play(&desk, 160).await;
    let mut other = Other::of(&desk).await;
    let (first, second, third) = (day.customers[0], day.customers[1], day.customers[2]);
    let taken = facts(&desk).await[3].fact.clone();
    let collides = other.named_fact(&desk, taken.event_id, taken.customer_id, given(7));
    let (link, parted): (LinkId, LinkId) = (Uuid::new_v4().into(), Uuid::new_v4().into());
    let linked = |link_id, other_id: CustomerId| CustomersLinked { link_id, other_id };
    let mut received = vec![collides];
    received.push(other.fact(&desk, first, linked(link, second)));
    received.push(other.fact(&desk, second, linked(parted, third)));
    received.push(other.fact(&desk, third, CustomersParted { link_id: parted }));
    receive(&desk, received).await;
    let mut lost = Other::of(&desk).await;
    let overspent = lost.fact(
        &desk,
        first,
        Paid::new(Uuid::new_v4().into(), Uuid::new_v4().into(), Lots::never(Points::new(30).unwrap()), None),
    );
    let reclaimed = other.fact(&desk, first, Reclaimed { from: lost.origin.incarnation, lots: None });
    receive(&desk, vec![overspent, reclaimed]).await;
    day.play(&desk, 40).await;
    desk.settle().await;
    desk
}

#[tokio::test]
async fn after_random_days_the_center_equals_the_desk() {
    for seed in 1..=2 {
        let (database, desk, mut random) = (Database::new().await, day(seed).await, Rng::with_seed(seed));
        let mut partitions = partitions(&database).await;
        let facts = facts(&desk).await;
        read_all(&mut partitions, &facts, &mut random).await;
        assert_equal(&partitions[0].store, &desk, &facts).await;
        // A topic that was lost and filled again brings everything once more.
        read_all(&mut partitions, &facts, &mut random).await;
        assert_equal(&partitions[0].store, &desk, &facts).await;
    }
}

#[tokio::test]
async fn the_order_in_which_facts_come_changes_nothing() {
    let (desk, mut random) = (day(4).await, Rng::with_seed(4));
    let facts = facts(&desk).await;
    for _ in 0..2 {
        let database = Database::new().await;
        let mut partitions = partitions(&database).await;
        let mut shuffled = facts.clone();
        random.shuffle(&mut shuffled);
        read_all(&mut partitions, &shuffled, &mut random).await;
        assert_equal(&partitions[0].store, &desk, &facts).await;
    }
}

#[tokio::test]
async fn two_facilities_with_the_same_customer_id_stay_apart() {
    let (database, one, two) = (Database::new().await, Desk::new().await, Desk::new().await);
    let customer = one.customer("홍길동").await;
    one.visit(customer).await;
    let mut other = Other::of(&two).await;
    let event = EventId(Uuid::now_v7());
    let fact = other.named_fact(&two, event, customer, given(5));
    receive(&two, vec![fact]).await;
    two.settle().await;
    let (first, second) = (facts(&one).await, facts(&two).await);
    let mut partition = Partition::take(&database.open().await, 0).await;
    let both: Vec<Sealed> = first.iter().chain(&second).cloned().collect();
    assert_eq!(partition.write(&both).await.added, both.len() as u64);
    work_off(&partition.store).await;
    assert_equal(&partition.store, &one, &first).await;
    assert_equal(&partition.store, &two, &second).await;
}
