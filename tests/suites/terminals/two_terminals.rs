//! Two terminals connected by Kafka.

use std::time::{Duration, Instant};

use serde_json::json;

use super::*;

#[test]
fn another_terminal_shows_facts_and_names_within_two_seconds() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = terminals.as_slice() else { panic!() };
    let mut slowest = Duration::ZERO;
    for name in ["홍길동", "=HYPERLINK(\"x\")", "남궁민수 🙂"] {
        let customer = register(a, name);
        earn(a, &customer, 320);
        let begun = Instant::now();
        until("the other terminal shows it", WAIT_TIMEOUT, || {
            let hits = b.ask(json!({ "do": "search", "text": name }))["hits"].clone();
            let shown = hits.get(0).is_some_and(|hit| hit["customer"]["name"] == name);
            (shown && points(b, &customer)["balance"] == 320).then_some(())
        });
        slowest = slowest.max(begun.elapsed());
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    let accounts = agreed(&[a, b]);
    assert_eq!(accounts.as_object().unwrap().len(), 3);
    let view = a.view();
    until("each has heard the other", WAIT_TIMEOUT, || {
        let terminals = a.view()["terminals"].clone();
        (terminals.as_array().unwrap().iter().filter(|it| it["digest"] == "same").count() == 1).then_some(())
    });
    assert_eq!(view["quarantined"], 0);
    for terminal in [a, b] {
        assert!(!terminal.errors().contains("panicked"), "{}", terminal.errors());
    }
}

#[test]
fn points_earned_at_one_terminal_are_paid_at_another_and_never_overdrawn() {
    let mut broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = terminals.as_slice() else { panic!() };
    let customer = register(a, "홍길동");
    earn(a, &customer, 320);
    until("the balance is known at B", WAIT_TIMEOUT, || (points(b, &customer)["balance"] == 320).then_some(()));
    assert_eq!(points(b, &customer)["payableHere"], 0);
    hear_each_other(&[a, b]);
    let paid = pay(b, &customer, 100).unwrap();
    assert_eq!((&paid["points"], &paid["balance"]), (&json!(100), &json!(220)));
    agreed(&[a, b]);

    broker.kill();
    // B refuses a payment that exceeds B's holding, although the customer's balance suffices. The refusal comes at once
    // and names the terminal that holds the other points.
    until("both know that the connection is down", WAIT_TIMEOUT, || {
        [a, b].iter().all(|it| it.view()["connection"]["state"] == "offline").then_some(())
    });
    let held = [a, b].map(|it| points(it, &customer)["payableHere"].as_u64().unwrap());
    assert_eq!(held.iter().sum::<u64>(), 220);
    let begun = Instant::now();
    let refused = pay(b, &customer, 220).unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(2), "a terminal without a connection must not wait for another one");
    assert_eq!(refused["code"], "held_elsewhere");
    assert_eq!(refused["params"]["payableHere"], held[1]);
    assert_eq!(refused["params"]["holders"][0]["terminalName"], "단말 1");
    assert!(refused["params"]["holders"][0]["lastHeardAt"].is_i64());
    let mut spent = 0;
    for terminal in [a, b] {
        for points in [220, 200, 100, 50, 20, 10, 10, 10] {
            if pay(terminal, &customer, points).is_ok() {
                spent += points;
            }
        }
    }
    assert_eq!(spent, 220, "each could spend what it holds, and no more");

    broker.start_again();
    let accounts = agreed(&[a, b]);
    assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 0);
    assert_eq!(pay(a, &customer, 1).unwrap_err()["code"], "insufficient_points");
}
