//! The log lost, or replaced by another, behind everybody's back.

use rdkafka::message::Message;
use serde_json::{Value, json};

use super::raw::{self, Raw};
use super::*;

const FACTS: [(&str, &str); 4] = [
    ("cleanup.policy", "delete"),
    ("retention.ms", "-1"),
    ("retention.bytes", "-1"),
    ("message.timestamp.type", "LogAppendTime"),
];

fn facts_topic(prefix: &str) -> String {
    format!("{prefix}.nosmoke.facts.v1")
}

/// Two terminals with something recorded, and paid at the one what was earned at the other.
fn busy(broker: &Broker, prefix: &str) -> (Vec<Terminal>, Value) {
    let terminals = facility(broker, prefix, &["단말 1", "단말 2"]);
    let customer = register(&terminals[0], "홍길동");
    for _ in 0..4 {
        earn(&terminals[0], &customer, 100);
    }
    until("B knows it", PATIENCE, || (points(&terminals[1], &customer)["balance"] == 400).then_some(()));
    pay(&terminals[1], &customer, 150).unwrap();
    for number in 0..20 {
        let other = register(&terminals[number % 2], &format!("고객 {number}"));
        earn(&terminals[number % 2], &other, 10);
    }
    agreed(&terminals.iter().collect::<Vec<_>>());
    (terminals, customer)
}

fn new_log_at(terminal: &Terminal) -> i64 {
    let alarms = terminal.view()["alarms"].clone();
    let alarm = alarms.as_array().unwrap().iter().find(|alarm| alarm["kind"] == "newLog").cloned();
    alarm.map_or(0, |alarm| alarm["at"].as_i64().unwrap())
}

/// Every terminal has noticed that the log is another one, and all have and agree on everything again.
fn healed(terminals: &[&Terminal], facts: &Value, customer: &Value) {
    for terminal in terminals {
        until(&format!("{} has noticed", terminal.place.name), PATIENCE, || (new_log_at(terminal) > 0).then_some(()));
    }
    let accounts = agreed(terminals);
    for terminal in terminals {
        assert!(terminal.view()["facts"].as_u64() >= facts.as_u64(), "{}", terminal.place.name);
    }
    assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 250);
}

fn restart(place: Place) -> Terminal {
    let terminal = place.start();
    online(&terminal);
    terminal
}

#[test]
fn a_topic_deleted_and_made_again_empty_is_filled_again() {
    let broker = broker();
    let prefix = prefix();
    let (terminals, customer) = busy(&broker, &prefix);
    let facts = terminals[0].view()["facts"].clone();
    broker.delete_topic(&facts_topic(&prefix));
    // While they run: their own next connection makes it again.
    healed(&terminals.iter().collect::<Vec<_>>(), &facts, &customer);
    assert!(raw::read(&broker.servers(), &facts_topic(&prefix)).len() as u64 >= facts.as_u64().unwrap());
}

#[test]
fn a_log_with_fewer_records_gets_the_others_again() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    let (terminals, customer) = busy(&broker, &prefix);
    let facts = terminals[0].view()["facts"].clone();
    let places: Vec<Place> = terminals.into_iter().map(Terminal::stop).collect();
    let topic = facts_topic(&prefix);
    let records = raw::read(&servers, &topic);
    broker.delete_topic(&topic);
    until("the topic is gone", PATIENCE, || {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| broker.create_topic(&topic, 12, &FACTS))).ok()
    });
    let kept: Vec<Raw> = records.iter().filter(|record| record.offset() % 2 == 0).map(Raw::from).collect();
    raw::write(&servers, &topic, &kept);
    let terminals: Vec<Terminal> = places.into_iter().map(restart).collect();
    healed(&terminals.iter().collect::<Vec<_>>(), &facts, &customer);
}

#[test]
fn a_log_with_more_records_than_before_is_noticed_too() {
    let broker = broker();
    let prefix = prefix();
    let (mut terminals, customer) = busy(&broker, &prefix);
    let facts = terminals[0].view()["facts"].clone();
    let (b, a) = (terminals.pop().unwrap(), terminals.pop().unwrap());
    let away = a.stop();
    let topic = facts_topic(&prefix);
    broker.delete_topic(&topic);
    until("B has noticed", PATIENCE, || (new_log_at(&b) > 0).then_some(()));
    agreed(&[&b]);
    for number in 0..60 {
        let other = register(&b, &format!("새 고객 {number}"));
        earn(&b, &other, 10);
    }
    agreed(&[&b]);
    let a = restart(away);
    healed(&[&a, &b], &facts, &customer);
}

#[test]
fn a_record_missing_in_the_middle_comes_again_from_whoever_has_it() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    let (terminals, customer) = busy(&broker, &prefix);
    let topic = facts_topic(&prefix);
    let records = raw::read(&servers, &topic);
    // The first of a partition that goes on afterwards: those who have read it see nothing.
    let count = |partition| records.iter().filter(|record| record.partition() == partition).count();
    let partition = (0..12).max_by_key(|partition| count(*partition)).unwrap();
    assert!(count(partition) > 3);
    broker.delete_records(&topic, partition, 1);
    let code = terminals[0].ask(json!({ "do": "pairing" }))["code"].as_str().unwrap().to_owned();
    let late = Place::new("단말 3", &servers, &prefix).join(&code).start();
    let all = [&terminals[0], &terminals[1], &late];
    let accounts = agreed(&all);
    assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 250);
    assert_eq!(all.map(new_log_at), [0; 3]);
}
