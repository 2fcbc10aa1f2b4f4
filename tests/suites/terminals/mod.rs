//! Several terminals, each a process with its own data folder, connected by a real Kafka broker.

mod crashes;
mod differences;
mod hostile;
mod hub;
mod incarnations;
mod lost_logs;
mod messages;
mod people;
mod points_arrive;
pub mod process;
mod raw_messages;
mod rules;
mod strangers;
mod taken_over;
mod two_terminals;

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use nosmoke_broker::{Broker, Options};
use parking_lot::{Mutex, MutexGuard};
use serde_json::{Value, json};
use uuid::Uuid;

use process::{Terminal, TerminalConfig};

/// The Kafka broker that all these tests share. The lock gives each test exclusive use, because some kill the broker.
static BROKER: LazyLock<Mutex<Broker>> = LazyLock::new(|| Mutex::new(Broker::start(Options::default())));

/// Waits until no other test uses the broker.
fn broker() -> MutexGuard<'static, Broker> {
    BROKER.lock()
}

/// Returns a new topic prefix.
fn prefix() -> String {
    format!("t{}", Uuid::new_v4().simple())
}

/// Polls until there is a value; `what` describes it in the timeout message.
fn until<T>(what: &str, timeout: Duration, mut check: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = check() {
            return found;
        }
        assert!(begun.elapsed() < timeout, "not within {timeout:?}: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

const WAIT_TIMEOUT: Duration = Duration::from_secs(180);

/// Starts a facility's first terminal and others that join it, all online.
fn facility(broker: &Broker, prefix: &str, names: &[&str]) -> Vec<Terminal> {
    let first = TerminalConfig::new(names[0], &broker.servers(), prefix).start();
    let code = code_of(&first);
    let others = names[1..].iter().map(|name| TerminalConfig::new(name, &broker.servers(), prefix).join(&code).start());
    let terminals: Vec<Terminal> = std::iter::once(first).chain(others).collect();
    for terminal in &terminals {
        online(terminal);
    }
    terminals
}

/// Returns the terminal's short pairing code.
fn code_of(terminal: &Terminal) -> String {
    terminal.ask(json!({ "do": "pairing" }))["code"].as_str().unwrap().to_owned()
}

/// How many strangers' messages a terminal has counted.
fn strangers_of(terminal: &Terminal) -> usize {
    usize::try_from(terminal.view()["strangers"]["messages"].as_u64().unwrap_or(0)).unwrap()
}

fn online(terminal: &Terminal) {
    until(&format!("{} is online", terminal.config.name), WAIT_TIMEOUT, || {
        let connection = terminal.view()["connection"].clone();
        (connection["state"] == "online" && connection["reading"] == false).then_some(())
    });
}

/// Waits until each terminal has heard all others: from then on they ask each other for points, and give. The first
/// heartbeats of a terminal that has just started count at no other terminal.
fn hear_each_other(terminals: &[&Terminal]) {
    for terminal in terminals {
        until(&format!("{} hears the others", terminal.config.name), WAIT_TIMEOUT, || {
            let known = terminal.view()["terminals"].clone();
            let heard = |other: &&Terminal| {
                known.as_array().unwrap().iter().any(|it| it["terminalId"] == other.id && it["lastHeardAt"].is_i64())
            };
            terminals.iter().filter(|it| it.id != terminal.id).all(heard).then_some(())
        });
    }
}

/// Waits until every fact was read back from Kafka and all terminals have the same facts. Then checks the customers'
/// accounts and returns them.
fn agreed(terminals: &[&Terminal]) -> Value {
    until("all terminals agree", WAIT_TIMEOUT, || {
        let views: Vec<Value> = terminals.iter().map(|terminal| terminal.view()).collect();
        let same = views
            .iter()
            .all(|view| view["pending"] == 0 && view["pendingDocuments"] == 0 && view["digest"] == views[0]["digest"]);
        same.then_some(())
    });
    let accounts: Vec<Value> = terminals.iter().map(|terminal| terminal.ask(json!({ "do": "accounts" }))).collect();
    for (terminal, of) in terminals.iter().zip(&accounts) {
        assert_eq!(*of, accounts[0], "{}", terminal.config.name);
    }
    for (customer, account) in accounts[0].as_object().unwrap() {
        assert_eq!(account["balance"], account["madeUp"], "{customer}: {account}");
        assert!(account["lowest"].as_i64().unwrap() >= 0, "{customer}: {account}");
        assert!(account["outstanding"].as_i64().unwrap() >= 0, "{customer}: {account}");
    }
    accounts[0].clone()
}

/// The number of incarnations of a terminal that another one knows.
fn incarnations_of(terminal: &Terminal, of: &str) -> usize {
    let view = terminal.view();
    let terminals = view["terminals"].as_array().unwrap();
    terminals.iter().find(|it| it["terminalId"] == of).map_or(0, |it| it["incarnations"].as_array().unwrap().len())
}

/// Takes over the points of a terminal once it is silent. The terminal that does so must be [`TerminalConfig::fast`].
fn reclaim(terminal: &Terminal, lost: &str) {
    let answer = terminal.send(json!({ "do": "reclaim", "terminal": lost }));
    until("the points are taken over", WAIT_TIMEOUT, || terminal.answered(answer)).unwrap();
}

fn register(terminal: &Terminal, name: &str) -> Value {
    terminal.give(json!({ "type": "registerCustomer", "profile": { "name": name } }))["customerId"].clone()
}

fn area(terminal: &Terminal) -> Value {
    until("an area is known", WAIT_TIMEOUT, || {
        terminal.ask(json!({ "do": "lock_screen" }))["areas"].get(0).map(|area| area["areaId"].clone())
    })
}

/// Lets a customer earn this many points with a visit.
fn earn(terminal: &Terminal, customer: &Value, earned: i64) {
    let area = area(terminal);
    // The balance may change meanwhile by what other terminals recorded.
    let held = || points(terminal, customer)["payableHere"].as_i64().unwrap();
    let before = held();
    let visit = terminal.give(json!({ "type": "checkIn", "customerId": customer, "areaId": area }))["visitId"].clone();
    terminal.give(json!({ "type": "checkOut", "visitId": visit, "points": earned }));
    until("the visit has earned", WAIT_TIMEOUT, || (held() == before + earned).then_some(()));
}

/// Returns a customer's points as a terminal shows them; null if the terminal doesn't know the customer yet.
fn points(terminal: &Terminal, customer: &Value) -> Value {
    terminal.try_ask(json!({ "do": "card", "customer": customer })).map_or(Value::Null, |card| card["points"].clone())
}

fn pay(terminal: &Terminal, customer: &Value, points: u64) -> Result<Value, Value> {
    terminal.try_give(json!({ "type": "pay", "customerId": customer, "points": points }))
}
