//! Hostile messages of many kinds on all topics, among good ones: the good ones count, and nothing grows without bound.

use std::collections::BTreeMap;

use serde_json::json;

use super::raw_messages::{self, KeyHolder, RawMessage};
use super::*;

/// What may stand in the disk and in memory for hostile messages, in bytes: the quarantine's 64 MiB with its indexes and
/// the write-ahead log, and as much in memory as librdkafka's queue and SQLite's caches take.
const DISK_MAX: u64 = 160 << 20;
const MEMORY_MAX: u64 = 256 << 20;
/// For ten thousand messages on a busy machine.
const READ_TIMEOUT: Duration = Duration::from_secs(180);
/// The number of hostile messages for each good visit.
const HOSTILE_PER_VISIT: usize = 60;

/// The number of hostile messages. `NOSMOKE_HOSTILE` sets another number, as `npm run attacks` does.
fn hostile_messages() -> usize {
    std::env::var("NOSMOKE_HOSTILE").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000)
}

fn name_of_topic(short: &str) -> String {
    format!("nosmoke.{short}.v1")
}

/// Makes hostile messages out of good ones.
struct Attacker {
    holder: KeyHolder,
    /// Another facility's key.
    other: KeyHolder,
    good: Vec<RawMessage>,
    customer: String,
    random: fastrand::Rng,
}

impl Attacker {
    /// The kinds of messages that [`Self::message`] makes.
    const KINDS: usize = 24;

    /// Returns a message of a kind and its topic.
    fn message(&mut self, kind: usize) -> (&'static str, RawMessage) {
        let model = self.good[self.random.usize(..self.good.len())].clone();
        let value = model.value.clone().unwrap();
        let key = Some(self.customer.clone().into_bytes());
        let raw = |key: Option<Vec<u8>>, value: Option<Vec<u8>>| RawMessage {
            key,
            value,
            headers: vec![("ce_type".into(), b"app.nosmoke.profile.v1".to_vec())],
            partition: Some(0),
        };
        let text = |value: Value| Some(value.to_string().into_bytes());
        let (with_key, without_key) = (Some(true), Some(false));
        let new_id = || Some(Uuid::new_v4().to_string().into_bytes());
        let beat = |at: Value, heads: Value| {
            json!({
                "terminal_id": Uuid::new_v4().to_string(), "incarnation": Uuid::new_v4().to_string(), "at": at,
                "clock": "2026-01-01T00:00:00Z", "version": "9", "pending": 0, "has_read_all": true, "gives": true,
                "facts": 9, "digest": "f".repeat(64), "heads": heads, "above_gaps": {},
            })
        };
        let area = |revision: u64, position: u64| {
            json!({ "revision": revision, "event_id": Uuid::now_v7().to_string(), "base_revision": 0,
                "body": { "name": "거짓 구역", "capacity": null, "retired": false, "position": position } })
        };
        let area_key = || Some(format!("area/{}", Uuid::new_v4()).into_bytes());
        let many: serde_json::Map<String, Value> =
            (0..2_000).map(|_| (Uuid::new_v4().to_string(), json!(1_u64 << 52))).collect();
        let request = |at: &str| {
            json!({ "id": Uuid::new_v4().to_string(), "customer_id": self.customer, "points": 50, "at": at,
                "incarnation": Uuid::new_v4().to_string() })
        };
        let cut = self.random.usize(1..value.len());
        let (topic, message, authentic) = match kind {
            0 => ("facts", RawMessage { value: Some(value[..cut].to_vec()), ..model }, with_key),
            1 => ("facts", RawMessage { value: Some(Vec::new()), ..model }, with_key),
            2 => ("facts", RawMessage { value: Some(vec![b' '; 70_000]), ..model }, with_key),
            3 => ("facts", RawMessage { value: Some([value, b" ".to_vec()].concat()), ..model }, with_key),
            4 => ("facts", RawMessage { key: new_id(), ..model }, with_key),
            5 => ("facts", RawMessage { headers: Vec::new(), ..model }, with_key),
            6 => ("facts", RawMessage { value: None, ..model }, with_key),
            // Copies of good messages without their code, or with that of another topic.
            7 => ("facts", model, without_key),
            8 => ("facts", self.holder.authenticate(&name_of_topic("profiles"), model), None),
            9 => ("facts", self.other.authenticate(&name_of_topic("facts"), model), None),
            10 => {
                // SAFETY: the text is only copied byte by byte, never read as letters.
                let not_utf8 = unsafe { String::from_utf8_unchecked(vec![0xff]) };
                let headers = (0..300).map(|_| (not_utf8.clone(), vec![0xff; 8])).collect();
                ("facts", RawMessage { headers, ..model }, None)
            }
            11 => ("profiles", raw(key, None), without_key),
            // Somebody with the key who erases without the fact of it.
            12 => ("profiles", raw(new_id(), None), with_key),
            13 => ("profiles", raw(key, text(json!({ "name": "거짓" }))), with_key),
            14 => ("profiles", raw(key, Some(vec![0xfe; 60_000])), without_key),
            15 => ("reference", raw(area_key(), text(area(1 << 60, 1))), with_key),
            16 => ("reference", raw(area_key(), text(area(1, 1 << 40))), with_key),
            17 => ("reference", raw(area_key(), text(area(9, 1))), without_key),
            18 => ("reference", raw(Some(vec![0; 40_000]), Some(vec![b'{'; 20_000])), with_key),
            19 => ("heartbeats", raw(new_id(), text(beat(Value::Null, json!({})))), without_key),
            20 => ("heartbeats", raw(new_id(), text(beat(json!("2020-01-01T00:00:00Z"), json!({})))), with_key),
            21 => ("heartbeats", raw(new_id(), text(beat(Value::Null, Value::Object(many)))), with_key),
            22 => ("requests", raw(key, text(request("2020-01-01T00:00:00Z"))), with_key),
            _ => ("requests", raw(key, Some(b"[[[[[[".to_vec())), with_key),
        };
        let message = match authentic {
            Some(true) => self.holder.authenticate(&name_of_topic(topic), message),
            Some(false) => {
                let mut message = message;
                message.headers.retain(|(name, _)| name != "ce_mac");
                message
            }
            None => message,
        };
        (topic, message)
    }
}

#[test]
fn hostile_messages_of_24_kinds_change_nothing_and_stay_within_their_caps() {
    let broker = broker();
    let (prefix, servers, count) = (prefix(), broker.servers(), hostile_messages());
    // Good facts, made under another prefix.
    let elsewhere = super::prefix();
    let source = facility(&broker, &elsewhere, &["먼 단말"]).remove(0);
    let code = code_of(&source);
    let stranger = TerminalConfig::new("다른 시설", "", &prefix).start();
    let customer = register(&source, "홍길동");
    for _ in 0..count / HOSTILE_PER_VISIT {
        earn(&source, &customer, 10);
    }
    let accounts = agreed(&[&source]);
    let published = |topic: &str| -> Vec<RawMessage> {
        raw_messages::read(&servers, &format!("{elsewhere}.{}", name_of_topic(topic))).iter().map(Into::into).collect()
    };
    let good = published("facts");

    let pair = ["단말 1", "단말 2"].map(|name| TerminalConfig::new(name, &servers, &prefix).join(&code).start());
    pair.iter().for_each(online);
    let before = pair.each_ref().map(|terminal| (terminal.resident_bytes(), terminal.folder_bytes()));
    let mut attacker = Attacker {
        holder: KeyHolder::of(&code),
        other: KeyHolder::of(&code_of(&stranger)),
        good: good.clone(),
        customer: customer.as_str().unwrap().to_owned(),
        random: fastrand::Rng::with_seed(24),
    };
    let mut by_topic: BTreeMap<&str, Vec<RawMessage>> =
        BTreeMap::from([("facts", good.clone()), ("reference", published("reference"))]);
    for number in 0..count {
        let (topic, message) = attacker.message(number % Attacker::KINDS);
        by_topic.entry(topic).or_default().push(message);
    }
    for (topic, messages) in &mut by_topic {
        attacker.random.shuffle(messages);
        raw_messages::write(&servers, &format!("{prefix}.{}", name_of_topic(topic)), messages);
    }
    // Liveness: all good ones count, and what is recorded now is exchanged.
    for terminal in &pair {
        until("all good facts are known", READ_TIMEOUT, || (terminal.view()["facts"] == good.len()).then_some(()));
    }
    assert_eq!(agreed(&pair.each_ref()), accounts);
    let next = register(&pair[0], "다음 고객");
    earn(&pair[0], &next, 10);
    let after = agreed(&pair.each_ref());
    assert_eq!(after[customer.as_str().unwrap()], accounts[customer.as_str().unwrap()]);
    for (terminal, (memory, disk)) in pair.iter().zip(before) {
        let grown = [(terminal.resident_bytes(), memory, MEMORY_MAX), (terminal.folder_bytes(), disk, DISK_MAX)];
        let grown = grown.map(|(now, before, max)| (now.saturating_sub(before), max));
        eprintln!("{}: {} KiB of memory, {} KiB on disk", terminal.config.name, grown[0].0 >> 10, grown[1].0 >> 10);
        assert!(grown.iter().all(|(grown, max)| grown < max), "{grown:?}");
        let view = terminal.view();
        assert!(view["quarantined"].as_u64().unwrap() <= 10_000, "{view}");
        assert!(strangers_of(terminal) >= count / Attacker::KINDS * 6);
        assert_eq!(view["terminals"].as_array().unwrap().len(), 3, "the source is known by its facts, nobody else");
        let areas = terminal.ask(json!({ "do": "lock_screen" }))["areas"].to_string();
        assert!(!areas.contains("거짓"), "{areas}");
        assert!(!terminal.errors().contains("panicked"), "{}", terminal.errors());
    }
}
