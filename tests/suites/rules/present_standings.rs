//! Levels of a published set that are brought to present standings.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use nosmoke_domain::fact::{Draft, Hash, Origin, Payload, PenaltyImposed, Recorder, seal};
use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_domain::point::Account;
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{PenaltyCode, Standing};
use nosmoke_ports::contract::ErrorCode;
use nosmoke_ports::{Clock, Pace, Priority, StoreError, Worker, Write, read, write};
use nosmoke_reading::state::load;
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use super::{levels, publish, standing};
use crate::crash::start;
use crate::support::Desk;

/// How often each customer's levels were revised.
async fn revised(desk: &Desk) -> BTreeMap<CustomerId, usize> {
    let mut counts = BTreeMap::new();
    for change in desk.changes().await {
        if let Payload::LevelsRevised(_) = change.recorded.fact.payload {
            *counts.entry(change.recorded.fact.customer_id).or_default() += 1;
        }
    }
    counts
}

async fn generation_of(desk: &Desk, customer: CustomerId) -> u64 {
    let unit = move |tx: &mut dyn nosmoke_ports::Read| Ok::<_, StoreError>(load::<Account>(tx, customer)?.state);
    read(&*desk.terminal.core.journal, unit).await.unwrap().in_force.map_or(0, |in_force| in_force.generation)
}

#[tokio::test]
async fn a_raised_threshold_releases_present_bans_only_where_the_manager_says_so() {
    let desk = Desk::new().await;
    let (banned, clean, settled) = (desk.customer("가").await, desk.customer("나").await, desk.customer("다").await);
    desk.penalty(banned, 50).await;
    let paid = desk.penalty(settled, 10).await;
    desk.deduct(paid, "waiver", Some(10)).await.unwrap();
    desk.settle().await;
    assert_eq!(desk.refused(json!({ "type": "reviseLevels" })).await, ErrorCode::NothingToRevise);
    publish(&desk, false, levels("60", "80")).await.unwrap();
    desk.settle().await;
    assert_eq!((standing(&desk, banned).await, revised(&desk).await.len()), (Standing::Prohibited, 0));

    publish(&desk, true, |_| ()).await.unwrap();
    desk.settle().await;
    assert_eq!(standing(&desk, banned).await, Standing::Allowed);
    assert_eq!(revised(&desk).await, BTreeMap::from([(banned, 1)]), "nothing is outstanding of the others");
    assert_eq!(
        desk.terminal.queries.rules_editor().await.unwrap().revision.map(|it| (it.complete, it.revised)),
        Some((true, 1))
    );

    // Run again, it finds nothing; what is recorded now has the new levels anyway.
    desk.give(json!({ "type": "reviseLevels" })).await.unwrap();
    desk.penalty(clean, 70).await;
    desk.settle().await;
    assert_eq!((revised(&desk).await.len(), standing(&desk, clean).await), (1, Standing::Warned));
}

#[tokio::test]
async fn penalties_that_arrive_later_get_the_levels_too() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    publish(&desk, true, levels("60", "80")).await.unwrap();
    desk.settle().await;
    // Recorded under the first generation by a terminal that was offline.
    let (points, rules) = (Points::new(50).unwrap(), Rules::default());
    let id = Uuid::new_v4;
    let imposed = PenaltyImposed::new(id().into(), id().into(), points, PenaltyCode::BASIC, rules.levels);
    let here = read::<_, StoreError>(&*desk.terminal.core.journal, |tx| tx.origin()).await.unwrap().unwrap();
    let draft = Draft {
        event_id: EventId(Uuid::now_v7()),
        customer_id: customer,
        occurred_at: desk.clock.now(),
        recorded_at: desk.clock.now(),
        recorded_by: Recorder::Program,
        approved_by: None,
        causation_id: None,
        rules: 1,
        traceparent: None,
        payload: imposed.into(),
    };
    let origin = Origin { terminal_id: id().into(), incarnation: id().into(), ..here };
    let fact = seal(draft, origin, 1, Hash::ZERO, Vec::new());
    let unit = move |tx: &mut dyn Write| {
        tx.receive(std::slice::from_ref(&fact))?;
        tx.last_change()
    };
    let (last, _) = write::<_, StoreError>(&*desk.terminal.core.journal, Priority::Background, unit).await.unwrap();
    desk.terminal.core.feed.wrote(last);
    desk.settle().await;
    assert_eq!((generation_of(&desk, customer).await, revised(&desk).await), (2, BTreeMap::from([(customer, 1)])));
    assert_eq!(standing(&desk, customer).await, Standing::Allowed);
}

const CUSTOMERS: usize = 400;
const KILLS_MAX: usize = 60;

/// The program `burst` runs the policy beside commands, and is killed until the levels have reached everybody.
#[tokio::test(flavor = "multi_thread")]
async fn kills_in_the_middle_leave_one_revision_each() {
    let desk = Desk::new().await;
    let mut customers = Vec::new();
    for number in 0..CUSTOMERS {
        let customer = desk.customer(&format!("고객 {number:03}")).await;
        desk.penalty(customer, 10).await;
        customers.push(customer);
    }
    desk.settle().await;
    publish(&desk, true, levels("60", "80")).await.unwrap();
    // A first step, as a busy terminal takes it.
    desk.terminal.workers.step(Worker::Revising, Pace::Busy).await.unwrap();
    let clock = desk.clock.clone();
    let mut folder = desk.close().await;
    let output = TempDir::new().unwrap();
    let (mut in_the_middle, mut random) = (0, fastrand::Rng::with_seed(18));
    for round in 0..KILLS_MAX {
        let burst = start(folder.path(), round, &output.path().join("output"));
        tokio::time::sleep(Duration::from_millis(random.u64(20..200))).await;
        drop(burst); // SIGKILL
        let desk = Desk::open(folder, clock.clone()).await;
        let revision = desk.terminal.queries.rules_editor().await.unwrap().revision.unwrap();
        folder = desk.close().await;
        in_the_middle += usize::from(!revision.complete);
        if revision.complete {
            break;
        }
    }
    assert!(in_the_middle > 0, "no kill hit the middle");
    let desk = Desk::open(folder, clock).await;
    let begun = Instant::now();
    desk.settle().await;
    let counts = revised(&desk).await;
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
    for customer in customers {
        assert_eq!(generation_of(&desk, customer).await, 2, "{customer}");
    }
    assert!(begun.elapsed() < Duration::from_secs(60));
}
