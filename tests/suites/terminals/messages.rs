//! The messages on Kafka: those of our terminals match docs/asyncapi.json. Hostile ones are strangers', or quarantined
//! if their writer has the key.

use std::collections::BTreeMap;
use std::process::Command;

use nosmoke_domain::fact::{Hash, chain_hash};
use rdkafka::message::Message;
use serde_json::{Value, json};

use super::raw_messages::{self, KeyHolder, RawMessage};
use super::*;

#[test]
fn messages_in_the_topics_match_the_asyncapi_document() {
    let broker = broker();
    let prefix = prefix();
    let terminals = facility(&broker, &prefix, &["단말 1"]);
    let customer = register(&terminals[0], "홍길동");
    earn(&terminals[0], &customer, 100);
    pay(&terminals[0], &customer, 10).unwrap();
    let imposed =
        terminals[0].give(json!({ "type": "imposePenalty", "customerId": customer, "points": 30, "note": "계단" }));
    let penalty = imposed["penaltyId"].clone();
    terminals[0].give(json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": "education" }));
    agreed(&[&terminals[0]]);
    let seen = documented(&broker, &prefix);
    for name in [
        "CheckedIn",
        "CheckedOut",
        "Earned",
        "Paid",
        "PenaltyImposed",
        "PenaltyDeducted",
        "Profile",
        "Note",
        "Reference",
        "Heartbeat",
    ] {
        assert!(seen.contains_key(name), "{name} isn't among {seen:?}");
    }
}

/// Checks with an independent consumer (kcat) that every message matches the AsyncAPI document and contains no personal
/// data. Returns the number of messages of each kind.
pub fn documented(broker: &Broker, prefix: &str) -> BTreeMap<String, usize> {
    let document: Value = serde_json::from_str(include_str!("../../../docs/asyncapi.json")).unwrap();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (channel, of) in document["channels"].as_object().unwrap() {
        let topic = format!("{prefix}.{}", of["address"].as_str().unwrap());
        let answer = Command::new("kcat")
            .args(["-C", "-q", "-e", "-J", "-b", &broker.servers(), "-t", &topic])
            .output()
            .expect("kcat is installed by npm run setup");
        assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
        for line in String::from_utf8(answer.stdout).unwrap().lines() {
            let message: Value = serde_json::from_str(line).unwrap();
            let flat = message["headers"].as_array().unwrap();
            let headers: serde_json::Map<String, Value> =
                flat.chunks(2).map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].clone())).collect();
            let event = headers["ce_type"].as_str().unwrap().to_owned();
            let is_of = |message: &Value| message["x-ce-types"].as_array().unwrap().contains(&json!(event));
            let messages = document["components"]["messages"].as_object().unwrap();
            let found = messages.iter().find(|(_, message)| is_of(message));
            let (name, message) = found.unwrap_or_else(|| panic!("{event} is in no message"));
            assert!(of["messages"][name].is_object(), "{name} in {channel}");
            *seen.entry(name.clone()).or_default() += 1;
            let schema = |reference: &Value| {
                document.pointer(reference["$ref"].as_str().unwrap().trim_start_matches('#')).unwrap()
            };
            let valid = |schema: &Value, value: &Value| {
                let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
                let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
                assert!(errors.is_empty(), "{name}: {errors:?}");
            };
            valid(schema(&message["headers"]), &Value::Object(headers));
            if let Some(payload) = message["payload"].as_str() {
                assert!(!payload.contains("홍길동") && !payload.contains("계단"), "personal data in {channel}");
                valid(&schema(&message["payload"])["schema"], &serde_json::from_str(payload).unwrap());
            }
        }
    }
    seen
}

/// Replaces the value of a fact's message, and updates the hash in its headers to match.
fn sealed(mut message: RawMessage, value: Vec<u8>) -> RawMessage {
    let previous: Hash = std::str::from_utf8(message.header("ce_prevhash").unwrap()).unwrap().parse().unwrap();
    let hash = chain_hash(previous, &value).to_string().into_bytes();
    message.headers.iter_mut().filter(|(name, _)| name == "ce_hash").for_each(|(_, old)| old.clone_from(&hash));
    message.value = Some(value);
    message
}

#[test]
fn hostile_messages_are_quarantined_and_valid_ones_among_them_count() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    // Take valid facts from the topics under another prefix, where a terminal of the same facility has published them.
    let elsewhere = super::prefix();
    let source = facility(&broker, &elsewhere, &["먼 단말"]).remove(0);
    let code = code_of(&source);
    let holder = KeyHolder::of(&code);
    let customer = register(&source, "홍길동");
    for _ in 0..67 {
        earn(&source, &customer, 10);
    }
    agreed(&[&source]);
    let good: Vec<RawMessage> =
        raw_messages::read(&servers, &format!("{elsewhere}.nosmoke.facts.v1")).iter().map(RawMessage::from).collect();
    assert!(good.len() >= 200, "{}", good.len());
    // One of the two terminals has an older program, which doesn't know corrections of points.
    let older = TerminalConfig::new("단말 1", &servers, &prefix).before("PointsAdjusted").join(&code).start();
    let newer = TerminalConfig::new("단말 2", &servers, &prefix).join(&code).start();
    [&older, &newer].into_iter().for_each(online);
    // The areas too, so that people can check in.
    let reference = "nosmoke.reference.v1";
    let areas = raw_messages::read(&servers, &format!("{elsewhere}.{reference}"));
    let areas: Vec<RawMessage> = areas.iter().map(RawMessage::from).collect();
    raw_messages::write(&servers, &format!("{prefix}.{reference}"), &areas);
    let mut random = fastrand::Rng::with_seed(4);
    let mut expected: BTreeMap<String, usize> = BTreeMap::new();
    let (mut unknown, mut corrections) = (0, 0);
    let (mut messages, mut strangers) = (good.clone(), Vec::new());
    for number in 0..2_000 {
        let model = good[random.usize(..good.len())].clone();
        let value = model.value.clone().unwrap();
        let fact: Value = serde_json::from_slice(&value).unwrap();
        let changed = |change: &dyn Fn(&mut Value)| {
            let mut fact = fact.clone();
            fact["event_id"] = Uuid::now_v7().to_string().into();
            fact["incarnation"] = Uuid::new_v4().to_string().into();
            fact["seq"] = 1.into();
            change(&mut fact);
            sealed(model.clone(), serde_json::to_vec(&fact).unwrap())
        };
        let (reason, message) = match number % 9 {
            0 => ("malformed", RawMessage { value: Some(value[..random.usize(1..value.len())].to_vec()), ..model }),
            1 => ("empty", RawMessage { value: Some(Vec::new()), ..model }),
            2 if number < 100 => ("too_large", RawMessage { value: Some(vec![b' '; 120_000]), ..model }),
            2 => ("too_large", RawMessage { value: Some(vec![b' '; 70_000]), ..model }),
            3 => ("wrong_hash", RawMessage { value: Some([value, b" ".to_vec()].concat()), ..model }),
            4 => ("wrong_key", RawMessage { key: Some(Uuid::new_v4().to_string().into_bytes()), ..model }),
            5 => ("missing_header", RawMessage { headers: Vec::new(), ..model }),
            6 => ("", changed(&|fact| fact["type"] = "SmokedOutside".into())),
            7 => ("", changed(&|fact| fact["version"] = 2.into())),
            _ => ("corrects", changed(&correct)),
        };
        match reason {
            "" => unknown += 1,
            "corrects" => corrections += 1,
            _ => *expected.entry(reason.to_owned()).or_default() += 1,
        }
        // Without the key it is a stranger's, whatever is wrong with it.
        strangers.push(message.clone());
        messages.push(holder.authenticate("nosmoke.facts.v1", message));
    }
    strangers.truncate(500);
    let count = strangers.len();
    messages.extend(strangers);
    random.shuffle(&mut messages);
    raw_messages::write(&servers, &format!("{prefix}.nosmoke.facts.v1"), &messages);
    let bad: usize = expected.values().sum();
    let facts = good.len() + unknown + corrections;
    let not_understood = |terminal: &Terminal| {
        let view = terminal.view();
        let alarm = view["alarms"].as_array().unwrap().iter().find(|alarm| alarm["kind"] == "needsUpdate");
        alarm.unwrap()["facts"].clone()
    };
    for terminal in [&older, &newer] {
        until("all of it was read", WAIT_TIMEOUT, || {
            let view = terminal.view();
            (view["quarantined"] == bad && view["facts"] == facts && strangers_of(terminal) == count).then_some(())
        });
        assert_eq!(quarantine(terminal), expected);
    }
    assert_eq!((not_understood(&older), not_understood(&newer)), (json!(unknown + corrections), json!(unknown)));
    let balances = [&older, &newer].map(|terminal| points(terminal, &customer)["balance"].clone());
    assert_eq!(balances, [json!(670), json!(670 + corrections)]);
    let digest = older.view()["digest"].clone();
    assert_eq!(newer.view()["digest"], digest);
    // The upgraded program decodes the facts that were stored as unknown.
    let mut config = older.stop();
    config.options.clear();
    let upgraded = config.start();
    online(&upgraded);
    for terminal in [&upgraded, &newer] {
        assert_eq!(not_understood(terminal), unknown);
        assert_eq!(points(terminal, &customer)["balance"], 670 + corrections);
        assert_eq!(terminal.view()["digest"], digest);
    }
    // The unknown facts haven't stopped replication: new messages are read too.
    let next = register(&upgraded, "다음 고객");
    earn(&upgraded, &next, 10);
    agreed(&[&upgraded, &newer]);
}

/// As a tool that mirrors a cluster leaves them: the messages are the same, the prefix is another.
#[test]
fn messages_mirrored_under_another_prefix_are_taken() {
    let broker = broker();
    let (from, to, servers) = (prefix(), prefix(), broker.servers());
    let source = facility(&broker, &from, &["단말 1"]).remove(0);
    let customer = register(&source, "홍길동");
    earn(&source, &customer, 100);
    let accounts = agreed(&[&source]);
    let late = TerminalConfig::new("단말 2", &servers, &to).join(&code_of(&source)).start();
    online(&late);
    drop(source.kill());
    for name in ["facts", "profiles", "reference"] {
        let topic = |prefix: &str| format!("{prefix}.nosmoke.{name}.v1");
        let mirrored = raw_messages::read(&servers, &topic(&from));
        raw_messages::write(&servers, &topic(&to), &mirrored.iter().map(RawMessage::from).collect::<Vec<_>>());
    }
    until("the mirrored facts are known", WAIT_TIMEOUT, || (points(&late, &customer)["balance"] == 100).then_some(()));
    assert_eq!(agreed(&[&late]), accounts);
    until("the name is known", WAIT_TIMEOUT, || {
        let card = late.ask(json!({ "do": "card", "customer": customer }));
        (card["customer"]["name"] == "홍길동").then_some(())
    });
    assert_eq!((strangers_of(&late), late.view()["quarantined"].clone()), (0, json!(0)));
}

#[test]
fn own_messages_are_recognised_and_forged_copies_are_quarantined() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    let here = facility(&broker, &prefix, &["단말 1"]).remove(0);
    let customer = register(&here, "홍길동");
    earn(&here, &customer, 10);
    agreed(&[&here]);
    let topic = format!("{prefix}.nosmoke.facts.v1");
    let own: Vec<RawMessage> = raw_messages::read(&servers, &topic).iter().map(RawMessage::from).collect();
    let one = own[0].clone();
    let (value, key) = (one.value.clone().unwrap(), one.key.clone().unwrap());
    let wrong = [
        RawMessage { key: Some(Uuid::new_v4().to_string().into_bytes()), ..one.clone() },
        RawMessage { key: Some(key.to_ascii_uppercase()), ..one.clone() },
        RawMessage { value: Some([value, b" ".to_vec()].concat()), ..one },
    ];
    // Copied and changed without the key they are strangers', with it they are quarantined.
    let holder = KeyHolder::of(&code_of(&here));
    let with_key = wrong.clone().map(|message| holder.authenticate("nosmoke.facts.v1", message));
    raw_messages::write(&servers, &topic, &[own.as_slice(), &wrong, &with_key].concat());
    until("all of it was read", WAIT_TIMEOUT, || {
        (here.view()["quarantined"] == wrong.len() && strangers_of(&here) == wrong.len()).then_some(())
    });
    assert_eq!(quarantine(&here), BTreeMap::from([("wrong_key".to_owned(), 2), ("wrong_hash".to_owned(), 1)]));
    let view = here.view();
    assert_eq!((&view["facts"], points(&here, &customer)["balance"].clone()), (&json!(own.len()), json!(10)));
}

/// Turns a fact into a correction of points by one.
fn correct(fact: &mut Value) {
    fact["type"] = "PointsAdjusted".into();
    let adjustment_id = Uuid::new_v4().to_string();
    fact["payload"] = json!({
        "adjustment_id": adjustment_id, "points": 1, "lots": { "never": 1 }, "reason": "goodwill", "payment_id": null,
        "note_id": null,
    });
}

/// Counts a terminal's quarantined messages by reason.
fn quarantine(terminal: &Terminal) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut after = Value::Null;
    loop {
        let page = terminal.ask(json!({ "do": "quarantine", "after": after }));
        for row in page["rows"].as_array().unwrap() {
            *found.entry(row["reason"].as_str().unwrap().to_owned()).or_default() += 1;
            assert_eq!(row["topic"], "nosmoke.facts.v1");
        }
        after = page["next"].clone();
        if after.is_null() {
            return found;
        }
    }
}

#[test]
fn an_erased_person_stays_erased_everywhere() {
    let broker = broker();
    let prefix = prefix();
    let terminals = facility(&broker, &prefix, &["단말 1", "단말 2"]);
    let [a, b] = <[Terminal; 2]>::try_from(terminals).ok().unwrap();
    let customer = register(&a, "홍길동");
    earn(&a, &customer, 100);
    let card =
        |terminal: &Terminal| terminal.try_ask(json!({ "do": "card", "customer": customer })).unwrap_or_default();
    until("B knows the name", WAIT_TIMEOUT, || (card(&b)["customer"]["name"] == "홍길동").then_some(()));
    let knows_b = || a.view()["terminals"].as_array().unwrap().iter().any(|it| it["name"] == "단말 2");
    until("A knows B by its name", WAIT_TIMEOUT, || knows_b().then_some(()));
    // Meanwhile the other terminal, which is offline, changes the profile.
    let mut away = b.stop();
    away.servers = String::new();
    let b = away.start();
    b.give(
        json!({ "type": "reviseCustomer", "customerId": customer, "baseRevision": 1, "profile": { "name": "홍길순" } }),
    );
    a.give(json!({ "type": "eraseCustomer", "customerId": customer }));
    until("it is published", WAIT_TIMEOUT, || (a.view()["pending"] == 0).then_some(()));
    let waiting = a.view()["erasures"][0]["waiting"].clone();
    assert_eq!(waiting, json!(["단말 2"]));
    let mut back = b.stop();
    back.servers = broker.servers();
    let b = back.start();
    online(&b);
    agreed(&[&a, &b]);
    for terminal in [&a, &b] {
        assert_eq!(card(terminal)["customer"]["name"], Value::Null);
        assert_eq!(card(terminal)["erased"], true);
        assert_eq!(card(terminal)["points"]["balance"], 100, "its facts still count");
    }
    until("A knows that B has applied it", WAIT_TIMEOUT, || {
        (a.view()["erasures"][0]["waiting"] == json!([])).then_some(())
    });
    let topic = format!("{prefix}.nosmoke.profiles.v1");
    until("the last message of the person is a tombstone", WAIT_TIMEOUT, || {
        let messages = raw_messages::read(&broker.servers(), &topic);
        let of = messages.iter().filter(|it| it.key() == Some(customer.as_str().unwrap().as_bytes()));
        of.max_by_key(|it| it.offset()).unwrap().payload().is_none().then_some(())
    });
}
