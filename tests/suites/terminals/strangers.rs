//! Messages of others in our topics: of another facility, of somebody without the key, and from before messages were
//! authenticated. None of them changes anything.

use serde_json::{Value, json};

use super::raw_messages::{self, KeyHolder, RawMessage};
use super::*;
use crate::inspection::tamper;

const TOPICS: [&str; 5] = ["facts", "profiles", "reference", "requests", "heartbeats"];

fn topic(prefix: &str, name: &str) -> String {
    format!("{prefix}.nosmoke.{name}.v1")
}

fn name_of(terminal: &Terminal, customer: &Value) -> Value {
    terminal.ask(json!({ "do": "card", "customer": customer }))["customer"]["name"].clone()
}

#[test]
fn two_facilities_share_topics_and_nothing_crosses() {
    let broker = broker();
    let prefix = prefix();
    let east = facility(&broker, &prefix, &["동 1", "동 2"]);
    let west = facility(&broker, &prefix, &["서 1", "서 2"]);
    let mut customers = Vec::new();
    for (pair, name) in [(&east, "홍길동"), (&west, "김민수")] {
        let customer = register(&pair[0], name);
        earn(&pair[0], &customer, 100);
        until("the other terminal knows it", WAIT_TIMEOUT, || {
            (points(&pair[1], &customer)["balance"] == 100).then_some(())
        });
        hear_each_other(&[&pair[0], &pair[1]]);
        pay(&pair[1], &customer, 40).unwrap();
        customers.push(customer);
    }
    for (pair, here, there) in [(&east, 0, 1), (&west, 1, 0)] {
        let accounts = agreed(&pair.iter().collect::<Vec<_>>());
        assert_eq!(accounts.as_object().unwrap().keys().collect::<Vec<_>>(), [customers[here].as_str().unwrap()]);
        for terminal in pair {
            assert_eq!(points(terminal, &customers[there]), Value::Null);
            let view = terminal.view();
            assert_eq!((&view["quarantined"], &view["alarms"]), (&json!(0), &json!([])));
            assert_eq!(view["terminals"].as_array().unwrap().len(), 2, "{view}");
            until("the other facility's messages are counted", WAIT_TIMEOUT, || {
                let strangers = terminal.view()["strangers"].clone();
                (strangers["keys"].as_array().is_some_and(|ids| ids.len() == 1)).then_some(())
            });
        }
    }
    let refused = west[0].try_ask(json!({ "do": "accept", "code": code_of(&east[0]) })).unwrap_err();
    assert_eq!(refused["code"], "other_facility");
}

#[test]
fn messages_without_the_key_in_each_topic_change_nothing() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    let terminals = facility(&broker, &prefix, &["단말 1", "단말 2"]);
    let [a, b] = terminals.as_slice() else { panic!() };
    let customer = register(a, "홍길동");
    earn(a, &customer, 100);
    let before = agreed(&[a, b]);
    let facts = a.view()["facts"].clone();
    let published = raw_messages::read(&servers, &topic(&prefix, "facts")).len();
    let copies: Vec<RawMessage> =
        raw_messages::read(&servers, &topic(&prefix, "facts")).iter().map(RawMessage::from).collect();

    let key = Some(customer.as_str().unwrap().as_bytes().to_vec());
    let forged = |key: Option<Vec<u8>>, value: Value| RawMessage {
        key,
        value: Some(value.to_string().into_bytes()),
        headers: vec![("ce_source".into(), b"/terminals/1".to_vec()), ("ce_keyid".into(), b"0".repeat(16))],
        partition: Some(0),
    };
    let heartbeat = |_| {
        let id = Uuid::new_v4().to_string();
        let body = json!({
            "terminal_id": id, "incarnation": Uuid::new_v4().to_string(), "at": null, "version": "1",
            "clock": "2026-01-01T00:00:00Z",
            "pending": 0, "has_read_all": true, "gives": true, "facts": 0, "digest": "0".repeat(64), "heads": {},
            "above_gaps": {},
        });
        forged(Some(id.into_bytes()), body)
    };
    // The same facts once more, without the MAC.
    let unsigned = copies.into_iter().map(|mut message| {
        message.headers.retain(|(name, _)| name != "ce_mac");
        message
    });
    let area = json!({ "revision": 9, "event_id": Uuid::now_v7().to_string(), "base_revision": 0,
        "body": { "name": "거짓 구역", "capacity": null, "retired": false, "position": 1 } });
    let tombstone = RawMessage { value: None, ..forged(key.clone(), json!({})) };
    let by_topic: [(&str, Vec<RawMessage>); 5] = [
        ("facts", unsigned.collect()),
        ("profiles", vec![tombstone; 3]),
        ("reference", vec![forged(Some(format!("area/{}", Uuid::new_v4()).into_bytes()), area)]),
        ("requests", vec![forged(key, json!({}))]),
        ("heartbeats", (0..18).map(heartbeat).collect()),
    ];
    let mut written = 0;
    for (name, messages) in by_topic {
        raw_messages::write(&servers, &topic(&prefix, name), &messages);
        written += messages.len();
    }
    // A header's name may be any bytes.
    for name in TOPICS {
        // SAFETY: the text is only copied byte by byte, never read as letters.
        let not_utf8 = unsafe { String::from_utf8_unchecked(vec![0xff]) };
        let (key, headers) = (Some(b"1".to_vec()), vec![(not_utf8, vec![0xff])]);
        let message = RawMessage { key, headers, partition: Some(0), ..RawMessage::default() };
        raw_messages::write(&servers, &topic(&prefix, name), &[message]);
        written += 1;
    }
    for terminal in [a, b] {
        until("all of it was read", WAIT_TIMEOUT, || (strangers_of(terminal) >= written).then_some(()));
    }
    // What comes after is read, and nothing before was lost, changed or published again.
    let next = register(b, "다음 고객");
    earn(b, &next, 10);
    let after = agreed(&[a, b]);
    assert_eq!(after[customer.as_str().unwrap()], before[customer.as_str().unwrap()]);
    for terminal in [a, b] {
        assert_eq!(name_of(terminal, &customer), "홍길동");
        let view = terminal.view();
        assert_eq!((&view["quarantined"], &view["alarms"]), (&json!(0), &json!([])));
        assert_eq!(view["terminals"].as_array().unwrap().len(), 2);
        let areas = terminal.ask(json!({ "do": "lock_screen" }))["areas"].clone();
        assert!(!areas.to_string().contains("거짓"), "{areas}");
        assert!(!terminal.errors().contains("panicked"), "{}", terminal.errors());
    }
    let ours = a.view()["facts"].as_u64().unwrap() - facts.as_u64().unwrap();
    let now = raw_messages::read(&servers, &topic(&prefix, "facts")).len();
    assert_eq!(now, published + published + 1 + usize::try_from(ours).unwrap());
}

/// Whoever can write to the topics can also repeat what a terminal wrote. The MAC of a repeated heartbeat is valid, but
/// it names when it was sent.
#[test]
fn an_old_heartbeat_keeps_no_lost_terminal_alive_and_makes_nobody_publish_again() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    let [a, b] = <[Terminal; 2]>::try_from(facility(&broker, &prefix, &["단말 1", "단말 2"])).ok().unwrap();
    let customer = register(&a, "홍길동");
    earn(&a, &customer, 100);
    agreed(&[&a, &b]);
    let holder = KeyHolder::of(&code_of(&a));
    let (lost, _) = (b.id.clone(), b.kill());
    let beats = topic(&prefix, "heartbeats");
    let of_lost = |message: &RawMessage| message.key.as_deref() == Some(lost.as_bytes());
    let mut all = raw_messages::read(&servers, &beats).iter().map(RawMessage::from).collect::<Vec<_>>();
    all.retain(of_lost);
    let mut body: Value = serde_json::from_slice(all.last().unwrap().value.as_deref().unwrap()).unwrap();
    let at: chrono::DateTime<chrono::Utc> = body["at"].as_str().unwrap().parse().unwrap();
    // As it would be if it were repeated half a minute later: sent then, and lacking everything.
    body["at"] = (at - chrono::TimeDelta::seconds(40)).to_rfc3339().into();
    (body["heads"], body["facts"]) = (json!({}), 0.into());
    let repeated = RawMessage { value: Some(body.to_string().into_bytes()), ..all.pop().unwrap() };
    let repeated = holder.authenticate("nosmoke.heartbeats.v1", repeated);
    let heard = || {
        let terminals = a.view()["terminals"].clone();
        terminals.as_array().unwrap().iter().find(|it| it["terminalId"] == lost).unwrap()["lastHeardAt"].clone()
    };
    let (before, published) = (heard(), raw_messages::read(&servers, &topic(&prefix, "facts")).len());
    let marker = RawMessage { key: Some(b"1".to_vec()), partition: Some(0), ..RawMessage::default() };
    raw_messages::write(&servers, &beats, &[vec![repeated; 18], vec![marker]].concat());
    until("all of it was read", WAIT_TIMEOUT, || (strangers_of(&a) == 1).then_some(()));
    assert_eq!(heard(), before);
    let next = register(&a, "다음 고객");
    earn(&a, &next, 10);
    agreed(&[&a]);
    assert_eq!(raw_messages::read(&servers, &topic(&prefix, "facts")).len(), published + 3);
}

/// A terminal was stolen: the manager makes a new key and carries it to the others, of which one was away.
#[test]
fn a_new_key_shuts_the_old_one_out_and_a_terminal_that_was_away_takes_the_code() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    let [a, away] = <[Terminal; 2]>::try_from(facility(&broker, &prefix, &["단말 1", "단말 2"])).ok().unwrap();
    let customer = register(&a, "홍길동");
    earn(&a, &customer, 100);
    agreed(&[&a, &away]);
    let (thief, old_code) = (KeyHolder::of(&code_of(&a)), code_of(&a));
    let config = away.stop();
    a.ask(json!({ "do": "renew" }));
    until("everything is published again", WAIT_TIMEOUT, || {
        let view = a.view();
        (strangers_of(&a) > 0 && view["pending"] == 0 && view["pendingDocuments"] == 0).then_some(())
    });
    assert_ne!(code_of(&a), old_code);
    // Who has the old key forges: a fact under it moves nothing.
    let facts = topic(&prefix, "facts");
    let written: Vec<RawMessage> = raw_messages::read(&servers, &facts).iter().map(RawMessage::from).collect();
    let forged = RawMessage {
        value: Some(
            String::from_utf8(written[0].value.clone().unwrap()).unwrap().replace("\"seq\":", "\"seq\":9").into(),
        ),
        ..written[0].clone()
    };
    let before = strangers_of(&a);
    raw_messages::write(&servers, &facts, &vec![thief.authenticate("nosmoke.facts.v1", forged); 5]);
    until("the forgeries were passed over", WAIT_TIMEOUT, || (strangers_of(&a) == before + 5).then_some(()));
    // The terminal that was away works alone until it has the code; the old code takes nobody back.
    let away = config.start();
    online(&away);
    earn(&away, &customer, 7);
    let refused = a.try_ask(json!({ "do": "accept", "code": old_code }));
    assert_eq!(refused.unwrap_err()["code"], "outdated_key");
    assert_eq!(a.view()["facts"], away.view()["facts"].as_u64().unwrap() - 3);
    away.ask(json!({ "do": "accept", "code": code_of(&a) }));
    let accounts = agreed(&[&a, &away]);
    assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 107);
    for terminal in [&a, &away] {
        assert_eq!((name_of(terminal, &customer), terminal.view()["alarms"].clone()), ("홍길동".into(), json!([])));
    }
}

#[test]
fn a_log_from_before_messages_were_authenticated_is_filled_again() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    let first = facility(&broker, &prefix, &["단말 1"]).remove(0);
    let customer = register(&first, "홍길동");
    earn(&first, &customer, 100);
    agreed(&[&first]);
    let code = code_of(&first);
    let config = first.stop();
    // What an older program had written: the same messages without a MAC, read by one that knew no keys.
    for name in ["facts", "profiles", "reference"] {
        let topic = topic(&prefix, name);
        let mut old: Vec<RawMessage> = raw_messages::read(&servers, &topic).iter().map(RawMessage::from).collect();
        old.iter_mut().for_each(|it| it.headers.retain(|(name, _)| name != "ce_mac" && name != "ce_keyid"));
        let partitions = if name == "reference" { 1 } else { 12 };
        let policy = if name == "facts" { "delete" } else { "compact" };
        let settings = [
            ("cleanup.policy", policy),
            ("retention.ms", "-1"),
            ("retention.bytes", "-1"),
            ("message.timestamp.type", "LogAppendTime"),
        ];
        broker.delete_topic(&topic);
        until("the topic is gone", WAIT_TIMEOUT, || {
            let made = || broker.create_topic(&topic, partitions, &settings);
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(made)).ok()
        });
        raw_messages::write(&servers, &topic, &old);
    }
    let forget = "UPDATE setting SET value = json_remove(value, '$.key_id') WHERE key = 'log'";
    tokio::runtime::Runtime::new().unwrap().block_on(tamper(&config.data, forget));
    let first = config.start();
    online(&first);
    let late = TerminalConfig::new("단말 2", &servers, &prefix).join(&code).start();
    online(&late);
    let accounts = agreed(&[&first, &late]);
    assert_eq!(accounts[customer.as_str().unwrap()]["balance"], 100);
    until("the name is known", WAIT_TIMEOUT, || (name_of(&late, &customer) == "홍길동").then_some(()));
    assert_eq!(first.view()["alarms"], json!([]), "nothing was lost");
    assert!(strangers_of(&late) > 0);
}
