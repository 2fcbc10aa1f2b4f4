//! Terminals that hear each other.

use std::time::{Duration, Instant};

use serde_json::json;

use super::*;

#[test]
fn what_one_terminal_records_another_shows_within_two_seconds_names_included() {
    let broker = broker();
    let terminals = facility(&broker, &prefix(), &["단말 1", "단말 2"]);
    let [a, b] = terminals.as_slice() else { panic!() };
    let mut slowest = Duration::ZERO;
    for name in ["홍길동", "=HYPERLINK(\"x\")", "남궁민수 🙂"] {
        let customer = register(a, name);
        earn(a, &customer, 320);
        let begun = Instant::now();
        until("the other terminal shows it", PATIENCE, || {
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
    until("each has heard the other", PATIENCE, || {
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
    until("the balance is known at B", PATIENCE, || (points(b, &customer)["balance"] == 320).then_some(()));
    assert_eq!(points(b, &customer)["payableHere"], 0);
    let paid = pay(b, &customer, 100).unwrap();
    assert_eq!((&paid["points"], &paid["balance"]), (&json!(100), &json!(220)));
    agreed(&[a, b]);

    broker.kill();
    // More than is held at B, though the balance suffices: at once, with where the rest is.
    until("both know that the link is down", PATIENCE, || {
        [a, b].iter().all(|it| it.view()["link"]["state"] == "offline").then_some(())
    });
    let held = [a, b].map(|it| points(it, &customer)["payableHere"].as_u64().unwrap());
    assert_eq!(held.iter().sum::<u64>(), 220);
    let begun = Instant::now();
    let refused = pay(b, &customer, 220).unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(2), "nobody can be asked, so nobody is waited for");
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
