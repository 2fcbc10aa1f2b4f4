//! Payments with another terminal's points while that terminal hands the points of 50,000 customers over to a hub that
//! was just named, compared with payments before.

use std::time::Duration;

use nosmoke_broker::Broker;
use nosmoke_domain::fact::{Draft, PointsAdjusted, Recorder};
use nosmoke_domain::ids::{AdjustmentId, CustomerId, EventId};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::Points;
use nosmoke_domain::words::AdjustReason;
use nosmoke_ports::{Clock, Ids, Priority, RandomIds, StoreError, SystemClock, Write, read, write};
use nosmoke_runtime::points_requests::MAX_CUSTOMERS_ANSWERED;
use serde_json::json;

use super::{caught_up, online, prefix, sent, until};
use crate::desk::p99;
use crate::facility::Facility;
use crate::measure::{float, median, timed};
use crate::table::{Limit, Table};

const CUSTOMERS: usize = 50_000;
const BLOCK: usize = 5_000;
const POINTS: u64 = 100;
/// One terminal's requests are answered for at most this many customers a minute.
const PAYING: usize = MAX_CUSTOMERS_ANSWERED - 10;
const PAYMENTS: usize = 200;

pub(super) async fn measure(broker: &Broker, table: &mut Table) {
    let topics = prefix();
    let holder = Facility::rested().await;
    let (payer, hub) = (holder.beside().await, holder.beside().await);
    let customers = fill(&holder).await;
    // As at a start of the program on a folder that has these facts: none of the customers counts as active.
    holder.terminal.workers.begin().await.unwrap();
    let replications = [
        online(&holder, broker, &topics).await,
        online(&payer, broker, &topics).await,
        online(&hub, broker, &topics).await,
    ];
    let working = [&holder, &payer, &hub].map(|facility| facility.terminal.start(|_| ()));
    sent(&holder).await;
    let (known, last) = (&payer, customers[CUSTOMERS - 1]);
    until("the payer knows all", async || known.terminal.queries.customer_card(last).await.is_ok()).await;
    let heard = &payer.terminal.core.heard;
    until("the others are heard", async || heard.givers(SystemClock.uptime()).len() == 2).await;
    for facility in [&holder, &payer, &hub] {
        caught_up(facility).await;
    }
    let before = payments(&payer, &customers).await;
    let terminal = read::<_, StoreError>(&*hub.terminal.core.journal, |tx| tx.origin()).await.unwrap().unwrap();
    until("the hub is known", async || {
        let command = json!({ "type": "saveHub", "terminalId": terminal.terminal_id });
        holder.try_give(command).await.is_ok()
    })
    .await;
    until("the first points have moved", async || moved(&hub, &customers).await > 0.0).await;
    let (took, meanwhile) = timed(payments(&payer, &customers)).await;
    let moved = moved(&hub, &customers).await;
    let ratio = p99(meanwhile.clone()).as_secs_f64() / p99(before.clone()).as_secs_f64();
    table.row("p99 of such a payment while 50,000 customers' points move to a hub", ratio, Limit::None);
    println!(
        "    p50 {:?}, p99 {:?}; before {:?}, {:?}; of every 100 looked at, {moved} have moved after {took:?}",
        median(meanwhile.clone()),
        p99(meanwhile),
        median(before.clone()),
        p99(before)
    );
    for working in working {
        working.stop().await;
    }
    for replication in replications {
        replication.stop().await;
    }
    for facility in [holder, payer, hub] {
        facility.close().await;
    }
}

/// Gives points to new customers.
async fn fill(facility: &Facility) -> Vec<CustomerId> {
    let customers: Vec<CustomerId> = (0..CUSTOMERS).map(|_| CustomerId(RandomIds.random())).collect();
    for block in customers.chunks(BLOCK) {
        let block = block.to_vec();
        let unit = move |tx: &mut dyn Write| {
            let now = SystemClock.now();
            let draft = |customer_id: &CustomerId| Draft {
                event_id: EventId(RandomIds.ordered(now)),
                customer_id: *customer_id,
                occurred_at: now,
                recorded_at: now,
                recorded_by: Recorder::Program,
                approved_by: None,
                causation_id: None,
                rules: 1,
                traceparent: None,
                payload: PointsAdjusted::given(
                    AdjustmentId(RandomIds.ordered(now)),
                    Lots::never(Points::new(POINTS).unwrap()),
                    AdjustReason::GOODWILL,
                )
                .into(),
            };
            tx.append(block.iter().map(draft).collect())
        };
        write::<_, StoreError>(&*facility.terminal.core.journal, Priority::Command, unit).await.unwrap();
    }
    customers
}

/// Pays one point after the other, of a few customers in turn, so that each payment has to ask.
async fn payments(payer: &Facility, customers: &[CustomerId]) -> Vec<Duration> {
    let mut times = Vec::with_capacity(PAYMENTS);
    for n in 0..PAYMENTS {
        let pay = json!({ "type": "pay", "customerId": customers[n % PAYING], "points": 1 });
        times.push(timed(payer.give(pay)).await.0);
    }
    times
}

/// Of every 100 customers, how many have points at the hub.
async fn moved(hub: &Facility, customers: &[CustomerId]) -> f64 {
    let mut there = 0;
    let looked_at: Vec<CustomerId> = customers.iter().step_by(CUSTOMERS / 500).copied().collect();
    for customer in &looked_at {
        let card = hub.terminal.queries.customer_card(*customer).await;
        there += u64::from(card.is_ok_and(|card| card.points.payable_here > 0));
    }
    100.0 * float(there) / float(looked_at.len() as u64)
}
