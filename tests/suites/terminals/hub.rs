//! The facility's hub: points move to it while nobody needs them where they are, so that they are payable although the
//! terminal where they were earned is switched off.

use nosmoke_runtime::points_requests::{ANSWER_WINDOW, MAX_CUSTOMERS_ANSWERED};
use serde_json::json;

use super::*;

/// The number of customers. `NOSMOKE_CUSTOMERS` sets another number, for a longer run.
fn customers() -> usize {
    std::env::var("NOSMOKE_CUSTOMERS").ok().and_then(|text| text.parse().ok()).unwrap_or(30)
}

fn name_hub(terminal: &Terminal, hub: &Terminal) {
    until("the hub is known", WAIT_TIMEOUT, || {
        let known = terminal.view()["terminals"].clone();
        known.as_array().unwrap().iter().any(|it| it["terminalId"] == hub.id).then_some(())
    });
    terminal.give(json!({ "type": "saveHub", "terminalId": hub.id }));
}

/// Registers customers at one terminal, and lets each earn 100 points at another.
fn earned(here: &Terminal, there: &Terminal) -> Vec<Value> {
    let customers: Vec<Value> = (0..customers()).map(|n| register(here, &format!("고객 {n}"))).collect();
    for customer in &customers {
        until("the customer is known", WAIT_TIMEOUT, || (!points(there, customer).is_null()).then_some(()));
        earn(there, customer, 100);
    }
    customers
}

/// Pays with points that other terminals hold, of each customer as soon as the payer knows the points. One terminal answers
/// for a limited number of customers a minute, so with more customers the payments are spread over the time.
fn pay_all(payer: &Terminal, customers: &[Value], amount: u64, known: impl Fn(&Value) -> bool) {
    let is_limited = customers.len() > MAX_CUSTOMERS_ANSWERED;
    let pause =
        if is_limited { ANSWER_WINDOW / u32::try_from(MAX_CUSTOMERS_ANSWERED).unwrap() } else { Duration::ZERO };
    for customer in customers {
        until("the payer knows where the points are", WAIT_TIMEOUT, || known(&points(payer, customer)).then_some(()));
        pay(payer, customer, amount).expect("a terminal that is heard gives");
        std::thread::sleep(pause);
    }
}

fn payable(terminal: &Terminal, customers: &[Value]) -> i64 {
    customers.iter().map(|customer| points(terminal, customer)["payableHere"].as_i64().unwrap_or(0)).sum()
}

#[test]
fn points_reach_the_hub_and_are_payable_though_their_terminal_is_off() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2", "단말 3"]);
    let [hub, earner, payer] = <[Terminal; 3]>::try_from(terminals).ok().unwrap();
    let customers = earned(&hub, &earner);
    let all = i64::try_from(customers.len()).unwrap() * 100;
    // Ten minutes of rest take six seconds.
    let earner = earner.stop().fast(100).start();
    online(&earner);
    name_hub(&payer, &hub);
    until("the points earned before are handed over without a visit", WAIT_TIMEOUT, || {
        (payable(&hub, &customers) == all).then_some(())
    });
    drop(earner.kill());
    pay_all(&payer, &customers, 100, |points| {
        points["holders"][0]["terminalName"] == "단말 1" && points["holders"].as_array().unwrap().len() == 1
    });
    agreed(&[&hub, &payer]);
}

#[test]
fn points_earned_at_one_terminal_are_paid_at_another_while_the_hub_takes_them() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2", "단말 3"]);
    let [hub, earner, payer] = <[Terminal; 3]>::try_from(terminals).ok().unwrap();
    name_hub(&payer, &hub);
    let earner = earner.stop().fast(100).start();
    online(&earner);
    let customers = earned(&payer, &earner);
    // Some are with the hub already, some are still where they were earned.
    pay_all(&payer, &customers, 100, |points| points["balance"] == 100);
    agreed(&[&hub, &earner, &payer]);
}

#[test]
fn without_the_hub_points_are_payable_at_their_earner_and_after_a_reclaim_anywhere() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2", "단말 3"]);
    let [hub, earner, payer] = <[Terminal; 3]>::try_from(terminals).ok().unwrap();
    name_hub(&payer, &hub);
    let customers = earned(&payer, &hub);
    let (at_hub, others) = customers.split_at(customers.len() / 2);
    agreed(&[&hub, &earner, &payer]);
    let lost = hub.id.clone();
    drop(hub.kill());
    // What is earned now stays where it was earned for ten minutes.
    for customer in others {
        earn(&earner, customer, 50);
        pay(&earner, customer, 50).expect("where it was earned");
        earn(&earner, customer, 50);
    }
    pay_all(&payer, others, 50, |points| points["balance"] == 150);
    let payer = payer.stop().fast(10).start();
    online(&payer);
    reclaim(&payer, &lost);
    for customer in at_hub {
        pay(&payer, customer, 100).expect("taken over");
    }
    pay_all(&earner, others, 100, |points| points["balance"] == 100);
    agreed(&[&earner, &payer]);
}

#[test]
fn a_terminal_that_closes_hands_its_points_over_to_the_hub() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2"]);
    let [hub, earner] = <[Terminal; 2]>::try_from(terminals).ok().unwrap();
    name_hub(&hub, &hub);
    let customers = earned(&hub, &earner);
    let all = i64::try_from(customers.len()).unwrap() * 100;
    agreed(&[&hub, &earner]);
    assert_eq!(payable(&hub, &customers), 0, "nothing is handed over while it may be needed");
    drop(earner.stop());
    until("all is handed over at closing", WAIT_TIMEOUT, || (payable(&hub, &customers) == all).then_some(()));
}
