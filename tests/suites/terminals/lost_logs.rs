//! The log (the topics on Kafka) is lost or replaced while terminals run or are stopped.

use rdkafka::message::Message;
use serde_json::{Value, json};

use super::raw_messages::{self, RawMessage};
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

/// Starts two terminals, and lets a customer earn points at the first and pay with them at the second.
fn busy(broker: &Broker, prefix: &str) -> (Vec<Terminal>, Value) {
    let terminals = facility(broker, prefix, &["단말 1", "단말 2"]);
    let customer = register(&terminals[0], "홍길동");
    for _ in 0..4 {
        earn(&terminals[0], &customer, 100);
    }
    until("B knows it", WAIT_TIMEOUT, || (points(&terminals[1], &customer)["balance"] == 400).then_some(()));
    hear_each_other(&[&terminals[0], &terminals[1]]);
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

/// Waits until every terminal has noticed the new log, and checks that all have the same facts again and none is lost.
fn healed(terminals: &[&Terminal], facts: &Value, customer: &Value) {
    for terminal in terminals {
        until(&format!("{} has noticed", terminal.config.name), WAIT_TIMEOUT, || {
            (new_log_at(terminal) > 0).then_some(())
        });
    }
    nothing_lost(terminals, facts, customer);
}

fn nothing_lost(terminals: &[&Terminal], facts: &Value, customer: &Value) {
    let accounts = agreed(terminals);
    for terminal in terminals {
        assert!(terminal.view()["facts"].as_u64() >= facts.as_u64(), "{}", terminal.config.name);
    }
    assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 250);
}

fn restart(config: TerminalConfig) -> Terminal {
    let terminal = config.start();
    online(&terminal);
    terminal
}

#[test]
fn a_deleted_topic_is_recreated_and_filled_again() {
    let broker = broker();
    let prefix = prefix();
    let (terminals, customer) = busy(&broker, &prefix);
    let facts = terminals[0].view()["facts"].clone();
    broker.delete_topic(&facts_topic(&prefix));
    // The topic was deleted while the terminals run; the next connection of one recreates it. The other one may find it
    // filled again before it notices anything.
    until("a terminal has noticed", WAIT_TIMEOUT, || terminals.iter().find(|terminal| new_log_at(terminal) > 0));
    until("the topic is filled again", WAIT_TIMEOUT, || {
        let messages = raw_messages::read(&broker.servers(), &facts_topic(&prefix)).len() as u64;
        (messages >= facts.as_u64().unwrap()).then_some(())
    });
    nothing_lost(&terminals.iter().collect::<Vec<_>>(), &facts, &customer);
}

#[test]
fn a_log_that_lost_messages_gets_them_again() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    let (terminals, customer) = busy(&broker, &prefix);
    let facts = terminals[0].view()["facts"].clone();
    let configs: Vec<TerminalConfig> = terminals.into_iter().map(Terminal::stop).collect();
    let topic = facts_topic(&prefix);
    let messages = raw_messages::read(&servers, &topic);
    broker.delete_topic(&topic);
    until("the topic is gone", WAIT_TIMEOUT, || {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| broker.create_topic(&topic, 12, &FACTS))).ok()
    });
    let kept: Vec<RawMessage> =
        messages.iter().filter(|message| message.offset() % 2 == 0).map(RawMessage::from).collect();
    raw_messages::write(&servers, &topic, &kept);
    let terminals: Vec<Terminal> = configs.into_iter().map(restart).collect();
    healed(&terminals.iter().collect::<Vec<_>>(), &facts, &customer);
}

#[test]
fn a_recreated_log_with_more_messages_than_before_is_noticed() {
    let broker = broker();
    let prefix = prefix();
    let (mut terminals, customer) = busy(&broker, &prefix);
    let facts = terminals[0].view()["facts"].clone();
    let (b, a) = (terminals.pop().unwrap(), terminals.pop().unwrap());
    let away = a.stop();
    let topic = facts_topic(&prefix);
    broker.delete_topic(&topic);
    until("B has noticed", WAIT_TIMEOUT, || (new_log_at(&b) > 0).then_some(()));
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
fn a_message_missing_in_the_middle_is_published_again() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    let (terminals, customer) = busy(&broker, &prefix);
    let topic = facts_topic(&prefix);
    let messages = raw_messages::read(&servers, &topic);
    // Delete only the first message of a partition that has more. Terminals that have read past it can't notice.
    let count = |partition| messages.iter().filter(|message| message.partition() == partition).count();
    let partition = (0..12).max_by_key(|partition| count(*partition)).unwrap();
    assert!(count(partition) > 3);
    broker.delete_messages(&topic, partition, 1);
    let code = terminals[0].ask(json!({ "do": "pairing" }))["code"].as_str().unwrap().to_owned();
    let late = TerminalConfig::new("단말 3", &servers, &prefix).join(&code).start();
    let all = [&terminals[0], &terminals[1], &late];
    let accounts = agreed(&all);
    assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 250);
    assert_eq!(all.map(new_log_at), [0; 3]);
}
