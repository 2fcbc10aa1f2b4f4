//! A terminal that is killed while point catches up continues from its checkpoint and earns every visit once.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use super::WAIT_TIMEOUT;
use crate::terminals::process::{Terminal, TerminalConfig};

const CUSTOMERS: usize = 8;
const VISITS: usize = 400;
const EARNED: u64 = 100;
/// The delays between the start of point, or of the program, and the kill.
const KILL_DELAYS_MS: [u64; 6] = [0, 2, 5, 10, 20, 40];

/// Sends many commands at once and waits for the answers.
fn give(terminal: &Terminal, commands: impl Iterator<Item = Value>) -> Vec<Value> {
    let send =
        |command| terminal.send(json!({ "do": "record", "key": Uuid::new_v4().to_string(), "command": command }));
    let sent: Vec<u64> = commands.map(send).collect();
    let begun = Instant::now();
    let answer = |id| loop {
        if let Some(answer) = terminal.answered(id) {
            return answer.unwrap_or_else(|error| panic!("{error}"));
        }
        assert!(begun.elapsed() < WAIT_TIMEOUT, "no answer: {}", terminal.errors());
        std::thread::sleep(Duration::from_millis(1));
    };
    sent.into_iter().map(answer).collect()
}

fn balance(terminal: &Terminal, customers: &[Value]) -> u64 {
    let accounts = terminal.ask(json!({ "do": "accounts" }));
    customers.iter().map(|customer| accounts[customer.as_str().unwrap()]["balance"].as_u64().unwrap_or(0)).sum()
}

#[test]
fn s04_kills_while_point_catches_up_leave_every_visit_earned_once() {
    let mut terminal = TerminalConfig::new("단말 1", "", "alone").start();
    terminal.ask(json!({ "do": "stop_context", "context": "point" }));
    let area = terminal.ask(json!({ "do": "lock_screen" }))["areas"][0]["areaId"].clone();
    let person = |number| json!({ "type": "registerCustomer", "profile": { "name": format!("고객 {number}") } });
    let customers: Vec<Value> =
        give(&terminal, (0..CUSTOMERS).map(person)).iter().map(|it| it["customerId"].clone()).collect();
    for _ in 0..VISITS / CUSTOMERS {
        let come = |customer: &Value| json!({ "type": "checkIn", "customerId": customer, "areaId": area });
        let inside = give(&terminal, customers.iter().map(come));
        let leave = |visit: &Value| json!({ "type": "checkOut", "visitId": visit["visitId"] });
        give(&terminal, inside.iter().map(leave));
    }
    assert_eq!(balance(&terminal, &customers), 0);
    terminal.send(json!({ "do": "start_context", "context": "point" }));
    let mut seen = Vec::new();
    for pause in KILL_DELAYS_MS {
        std::thread::sleep(Duration::from_millis(pause));
        terminal = terminal.kill().start();
        seen.push(balance(&terminal, &customers));
    }
    let (all, begun) = (EARNED * VISITS as u64, Instant::now());
    while balance(&terminal, &customers) < all {
        assert!(begun.elapsed() < WAIT_TIMEOUT, "{seen:?}, then {}", balance(&terminal, &customers));
    }
    // Another restart changes nothing, and the balance never decreased between the kills.
    terminal = terminal.stop().start();
    assert_eq!(balance(&terminal, &customers), all);
    assert!(seen.is_sorted(), "{seen:?}");
    let pay = |customer: &Value| json!({ "type": "pay", "customerId": customer, "points": EARNED });
    give(&terminal, customers.iter().map(pay));
}
