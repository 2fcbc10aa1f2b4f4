//! Several terminals, each an operating-system process with a data folder of its own, and a real Kafka broker between them.

mod crashes;
mod differences;
mod lives;
mod lost_logs;
mod meeting;
pub mod process;
mod raw;
mod records;

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use nosmoke_broker::{Broker, Options};
use serde_json::{Value, json};
use uuid::Uuid;

use process::{Place, Terminal};

/// The broker that all of these tests share; who may kill it has it alone.
static BROKER: LazyLock<Mutex<Broker>> = LazyLock::new(|| Mutex::new(Broker::start(Options::default())));

/// One test at a time: two cores are soon full, and some of them kill the broker.
fn broker() -> MutexGuard<'static, Broker> {
    BROKER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Topics of a test's own.
fn prefix() -> String {
    format!("t{}", Uuid::new_v4().simple())
}

/// Waits until something is so; `what` says in the failure what was awaited.
fn until<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < patience, "not within {patience:?}: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

const PATIENCE: Duration = Duration::from_secs(60);

/// A facility's first terminal, online, and others that joined it.
fn facility(broker: &Broker, prefix: &str, names: &[&str]) -> Vec<Terminal> {
    let first = Place::new(names[0], &broker.servers(), prefix).start();
    let code = first.ask(json!({ "do": "pairing" }))["code"].as_str().unwrap().to_owned();
    let others = names[1..].iter().map(|name| Place::new(name, &broker.servers(), prefix).join(&code).start());
    let terminals: Vec<Terminal> = std::iter::once(first).chain(others).collect();
    for terminal in &terminals {
        online(terminal);
    }
    terminals
}

fn online(terminal: &Terminal) {
    until(&format!("{} is online", terminal.place.name), PATIENCE, || {
        let link = terminal.view()["link"].clone();
        (link["state"] == "online" && link["reading"] == false).then_some(())
    });
}

/// Waits until every terminal has sent everything and all have the same facts; then what must be so of their accounts is so.
fn agreed(terminals: &[&Terminal]) -> Value {
    until("all terminals agree", PATIENCE, || {
        let views: Vec<Value> = terminals.iter().map(|terminal| terminal.view()).collect();
        let same = views
            .iter()
            .all(|view| view["pending"] == 0 && view["pendingRecords"] == 0 && view["digest"] == views[0]["digest"]);
        same.then_some(())
    });
    let accounts: Vec<Value> = terminals.iter().map(|terminal| terminal.ask(json!({ "do": "accounts" }))).collect();
    for (terminal, of) in terminals.iter().zip(&accounts) {
        assert_eq!(*of, accounts[0], "{}", terminal.place.name);
    }
    for (customer, account) in accounts[0].as_object().unwrap() {
        assert_eq!(account["balance"], account["madeUp"], "{customer}: {account}");
        assert!(account["lowest"].as_i64().unwrap() >= 0, "{customer}: {account}");
        assert!(account["outstanding"].as_i64().unwrap() >= 0, "{customer}: {account}");
    }
    accounts[0].clone()
}

fn register(terminal: &Terminal, name: &str) -> Value {
    terminal.give(json!({ "type": "registerCustomer", "profile": { "name": name } }))["customerId"].clone()
}

fn area(terminal: &Terminal) -> Value {
    until("an area is known", PATIENCE, || {
        terminal.ask(json!({ "do": "session" }))["areas"].get(0).map(|area| area["areaId"].clone())
    })
}

/// A visit that earns so many points; they are earned when this returns.
fn earn(terminal: &Terminal, customer: &Value, earned: i64) {
    let area = area(terminal);
    let balance = || points(terminal, customer)["balance"].as_i64().unwrap();
    let before = balance();
    let visit = terminal.give(json!({ "type": "checkIn", "customerId": customer, "areaId": area }))["visitId"].clone();
    terminal.give(json!({ "type": "checkOut", "visitId": visit, "points": earned }));
    until("the visit has earned", PATIENCE, || (balance() == before + earned).then_some(()));
}

/// What a terminal shows of a customer's points; null while it doesn't know the customer.
fn points(terminal: &Terminal, customer: &Value) -> Value {
    terminal.try_ask(json!({ "do": "card", "customer": customer })).map_or(Value::Null, |card| card["points"].clone())
}

fn pay(terminal: &Terminal, customer: &Value, points: u64) -> Result<Value, Value> {
    terminal.try_give(json!({ "type": "pay", "customerId": customer, "points": points }))
}
