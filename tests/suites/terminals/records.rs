//! What stands in the log: read by others, and written by others.

use std::collections::BTreeMap;
use std::process::Command;

use nosmoke_domain::fact::{Hash, chain_hash};
use rdkafka::message::Message;
use serde_json::{Value, json};

use super::raw::{self, Raw};
use super::*;

#[test]
fn a_plain_consumer_sees_what_the_asyncapi_document_says() {
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

/// What a plain consumer sees in all topics is as the AsyncAPI document says and holds no name; gives how many there were of
/// each message.
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
            let record: Value = serde_json::from_str(line).unwrap();
            let flat = record["headers"].as_array().unwrap();
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
            if let Some(payload) = record["payload"].as_str() {
                assert!(!payload.contains("홍길동") && !payload.contains("계단"), "personal data in {channel}");
                valid(&schema(&message["payload"])["schema"], &serde_json::from_str(payload).unwrap());
            }
        }
    }
    seen
}

/// A fact's record with its value changed, and what belongs to it made right again.
fn sealed(mut record: Raw, value: Vec<u8>) -> Raw {
    let previous: Hash = std::str::from_utf8(record.header("ce_prevhash").unwrap()).unwrap().parse().unwrap();
    let hash = chain_hash(previous, &value).to_string().into_bytes();
    record.headers.iter_mut().filter(|(name, _)| name == "ce_hash").for_each(|(_, old)| old.clone_from(&hash));
    record.value = Some(value);
    record
}

#[test]
fn hostile_records_are_set_aside_and_good_ones_among_them_count() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    // Good ones come from a facility on other topics.
    let elsewhere = super::prefix();
    let source = facility(&broker, &elsewhere, &["먼 단말"]).remove(0);
    let customer = register(&source, "홍길동");
    for _ in 0..67 {
        earn(&source, &customer, 10);
    }
    agreed(&[&source]);
    let good: Vec<Raw> = raw::read(&servers, &format!("{elsewhere}.nosmoke.facts.v1")).iter().map(Raw::from).collect();
    assert!(good.len() >= 200, "{}", good.len());
    // One of two terminals is of before points could be corrected.
    let older = Place::new("단말 1", &servers, &prefix).before("PointsAdjusted").start();
    let code = older.ask(json!({ "do": "pairing" }))["code"].as_str().unwrap().to_owned();
    let newer = Place::new("단말 2", &servers, &prefix).join(&code).start();
    [&older, &newer].into_iter().for_each(online);
    let mut random = fastrand::Rng::with_seed(4);
    let mut expected: BTreeMap<String, usize> = BTreeMap::new();
    let (mut unknown, mut corrections) = (0, 0);
    let mut records = good.clone();
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
        let (reason, record) = match number % 9 {
            0 => ("malformed", Raw { value: Some(value[..random.usize(1..value.len())].to_vec()), ..model }),
            1 => ("empty", Raw { value: Some(Vec::new()), ..model }),
            2 if number < 100 => ("too_large", Raw { value: Some(vec![b' '; 900_000]), ..model }),
            2 => ("too_large", Raw { value: Some(vec![b' '; 70_000]), ..model }),
            3 => ("wrong_hash", Raw { value: Some([value, b" ".to_vec()].concat()), ..model }),
            4 => ("wrong_key", Raw { key: Some(Uuid::new_v4().to_string().into_bytes()), ..model }),
            5 => ("missing_header", Raw { headers: Vec::new(), ..model }),
            6 => ("", changed(&|fact| fact["type"] = "SmokedOutside".into())),
            7 => ("", changed(&|fact| fact["version"] = 2.into())),
            _ => ("corrects", changed(&correct)),
        };
        match reason {
            "" => unknown += 1,
            "corrects" => corrections += 1,
            _ => *expected.entry(reason.to_owned()).or_default() += 1,
        }
        records.push(record);
    }
    random.shuffle(&mut records);
    raw::write(&servers, &format!("{prefix}.nosmoke.facts.v1"), &records);
    let bad: usize = expected.values().sum();
    let facts = good.len() + unknown + corrections;
    let not_understood = |terminal: &Terminal| {
        let view = terminal.view();
        let alarm = view["alarms"].as_array().unwrap().iter().find(|alarm| alarm["kind"] == "needsUpdate");
        alarm.unwrap()["facts"].clone()
    };
    for terminal in [&older, &newer] {
        until("all of it was read", PATIENCE, || {
            let view = terminal.view();
            (view["quarantined"] == bad && view["facts"] == facts).then_some(())
        });
        assert_eq!(quarantine(terminal), expected);
    }
    assert_eq!((not_understood(&older), not_understood(&newer)), (json!(unknown + corrections), json!(unknown)));
    let balances = [&older, &newer].map(|terminal| points(terminal, &customer)["balance"].clone());
    assert_eq!(balances, [json!(670), json!(670 + corrections)]);
    let digest = older.view()["digest"].clone();
    assert_eq!(newer.view()["digest"], digest);
    // The newer program comes, and understands what was kept for it.
    let mut place = older.stop();
    place.options.clear();
    let upgraded = place.start();
    online(&upgraded);
    for terminal in [&upgraded, &newer] {
        assert_eq!(not_understood(terminal), unknown);
        assert_eq!(points(terminal, &customer)["balance"], 670 + corrections);
        assert_eq!(terminal.view()["digest"], digest);
    }
    // It never stopped: what comes now is read too.
    let next = register(&upgraded, "다음 고객");
    earn(&upgraded, &next, 10);
    agreed(&[&upgraded, &newer]);
}

#[test]
fn own_records_are_recognised_and_what_only_looks_like_one_is_set_aside() {
    let broker = broker();
    let (prefix, servers) = (prefix(), broker.servers());
    let here = facility(&broker, &prefix, &["단말 1"]).remove(0);
    let customer = register(&here, "홍길동");
    earn(&here, &customer, 10);
    agreed(&[&here]);
    let topic = format!("{prefix}.nosmoke.facts.v1");
    let own: Vec<Raw> = raw::read(&servers, &topic).iter().map(Raw::from).collect();
    let one = own[0].clone();
    let (value, key) = (one.value.clone().unwrap(), one.key.clone().unwrap());
    let wrong = [
        Raw { key: Some(Uuid::new_v4().to_string().into_bytes()), ..one.clone() },
        Raw { key: Some(key.to_ascii_uppercase()), ..one.clone() },
        Raw { value: Some([value, b" ".to_vec()].concat()), ..one },
    ];
    raw::write(&servers, &topic, &[own.as_slice(), &wrong].concat());
    until("all of it was read", PATIENCE, || (here.view()["quarantined"] == wrong.len()).then_some(()));
    assert_eq!(quarantine(&here), BTreeMap::from([("wrong_key".to_owned(), 2), ("wrong_hash".to_owned(), 1)]));
    let view = here.view();
    assert_eq!((&view["facts"], points(&here, &customer)["balance"].clone()), (&json!(own.len()), json!(10)));
}

/// Makes a correction by one point of a fact.
fn correct(fact: &mut Value) {
    fact["type"] = "PointsAdjusted".into();
    let adjustment_id = Uuid::new_v4().to_string();
    fact["payload"] = json!({ "adjustment_id": adjustment_id, "points": 1, "reason": "goodwill", "note_id": null });
}

/// How many records a terminal has set aside, by their reason.
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
fn an_erased_person_is_erased_everywhere_and_stays_so() {
    let broker = broker();
    let prefix = prefix();
    let terminals = facility(&broker, &prefix, &["단말 1", "단말 2"]);
    let [a, b] = <[Terminal; 2]>::try_from(terminals).ok().unwrap();
    let customer = register(&a, "홍길동");
    earn(&a, &customer, 100);
    let card =
        |terminal: &Terminal| terminal.try_ask(json!({ "do": "card", "customer": customer })).unwrap_or_default();
    until("B knows the name", PATIENCE, || (card(&b)["customer"]["name"] == "홍길동").then_some(()));
    // One that is away revises the profile meanwhile.
    let mut away = b.stop();
    away.servers = String::new();
    let b = away.start();
    b.give(
        json!({ "type": "reviseCustomer", "customerId": customer, "baseRevision": 1, "profile": { "name": "홍길순" } }),
    );
    a.give(json!({ "type": "eraseCustomer", "customerId": customer }));
    until("it is published", PATIENCE, || (a.view()["pending"] == 0).then_some(()));
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
    until("A knows that B has applied it", PATIENCE, || {
        (a.view()["erasures"][0]["waiting"] == json!([])).then_some(())
    });
    let topic = format!("{prefix}.nosmoke.profiles.v1");
    until("the last record of the person is a tombstone", PATIENCE, || {
        let records = raw::read(&broker.servers(), &topic);
        let of = records.iter().filter(|it| it.key() == Some(customer.as_str().unwrap().as_bytes()));
        of.max_by_key(|it| it.offset()).unwrap().payload().is_none().then_some(())
    });
}
