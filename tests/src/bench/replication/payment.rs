//! The time of a payment with points that another terminal holds, compared with the minimum: Kafka's own latency there
//! and back, for the request and for the gift, plus two durable writes, for the gift and for the payment.

use std::time::Duration;

use nosmoke_broker::Broker;
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::Outcome;
use nosmoke_runtime::heard::HEARD_TIMEOUT;
use serde_json::json;

use super::latency::{end_to_end, sync};
use super::{caught_up, online, prefix, until};
use crate::facility::Facility;
use crate::measure::{median, timed};
use crate::table::{Limit, Table};

const ROUNDS: usize = 3;
const PAYMENTS: usize = 60;
const POINTS: i64 = 100;

pub(super) async fn measure(broker: &Broker, table: &mut Table) {
    let here = Facility::new().await;
    let there = here.beside().await;
    let topics = prefix();
    let replications = [online(&here, broker, &topics).await, online(&there, broker, &topics).await];
    let working = [&here, &there].map(|facility| facility.terminal.start(|_| ()));
    let registered = there.give(json!({ "type": "registerCustomer", "profile": { "name": "홍길동" } })).await;
    let Outcome::CustomerSaved { customer_id, .. } = registered else { panic!("{registered:?}") };
    let heard = &here.terminal.core.heard;
    until("the other terminal is heard", async || !heard.givers(here.terminal.core.clock.uptime()).is_empty()).await;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for _ in 0..PAYMENTS {
            let given =
                json!({ "type": "adjustPoints", "customerId": customer_id, "points": POINTS, "reason": "goodwill" });
            there.give(given).await;
            until("the points are known", async || balance(&here, customer_id).await == Some(POINTS)).await;
            // The payment is measured, not what the two terminals still do for the fact before it.
            for facility in [&here, &there] {
                caught_up(facility).await;
            }
            let pay = json!({ "type": "pay", "customerId": customer_id, "points": POINTS });
            ours.push(timed(here.give(pay)).await.0);
        }
        theirs.push(2 * (end_to_end(broker) + sync()));
        // The tool keeps the processor busy for a while; both terminals must be heard again.
        tokio::time::sleep(HEARD_TIMEOUT.to_std().unwrap_or(Duration::ZERO) / 3).await;
    }
    for working in working {
        working.stop().await;
    }
    for replication in replications {
        replication.stop().await;
    }
    let ratio = median(ours).as_secs_f64() / median(theirs).as_secs_f64();
    table.row("p50 of a payment with another terminal's points, to 2 x both", ratio, Limit::AtMost(3.0));
    here.close().await;
    there.close().await;
}

/// Returns a customer's balance; `None` if the terminal doesn't know the customer yet.
async fn balance(facility: &Facility, customer: CustomerId) -> Option<i64> {
    facility.terminal.queries.customer_card(customer).await.ok().map(|card| card.points.balance)
}
