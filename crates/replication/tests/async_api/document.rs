//! Generates the AsyncAPI 3 document of the log from the types that are serialised into it.

use nosmoke_domain::fact::{FACT_TYPES, schema};
use nosmoke_ports::Topic;
use nosmoke_replication::wire::{PointsRequestValue, REFERENCE_KINDS, ReferenceValue, TYPES};
use nosmoke_replication::{Breakdown, Heartbeat, SealedBox};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// Name, topic, messages, description of the key, description of the channel.
type Channel<'a> = (&'a str, Topic, Map<String, Value>, &'a str, &'a str);

/// Generates the document.
pub(crate) fn async_api() -> Value {
    let (mut messages, mut schemas) = (Map::new(), Map::new());
    let mut facts = Vec::new();
    for fact_type in FACT_TYPES {
        let name = fact_type.name();
        schemas.insert(name.into(), json!({ "schemaFormat": FORMAT, "schema": schema(*fact_type) }));
        messages.insert(name.into(), message(name, &[name], "FactHeaders"));
        facts.push(name);
    }
    let kinds = REFERENCE_KINDS.map(|(_, word)| word);
    let others: [(&str, Value, &[&str]); 6] = [
        ("Profile", schema_of::<SealedBox>(), &["profile"]),
        ("Note", schema_of::<SealedBox>(), &["note"]),
        ("Reference", schema_of::<ReferenceValue>(), &kinds),
        ("PointsRequest", schema_of::<PointsRequestValue>(), &["request", "request_withdrawn"]),
        ("Heartbeat", schema_of::<Heartbeat>(), &["heartbeat"]),
        ("Digest", schema_of::<Breakdown>(), &["digest"]),
    ];
    for (name, value, event_types) in others {
        schemas.insert(name.into(), json!({ "schemaFormat": FORMAT, "schema": value }));
        messages.insert(name.into(), message(name, event_types, "EventHeaders"));
    }
    schemas.insert("EventHeaders".into(), headers(false));
    schemas.insert("FactHeaders".into(), headers(true));
    let names = |names: &[&str]| -> Map<String, Value> {
        let of = |name: &&str| ((*name).into(), json!({ "$ref": format!("#/components/messages/{name}") }));
        names.iter().map(of).collect()
    };
    let channels: [Channel<'_>; 5] = [
        (
            "facts",
            Topic::Facts,
            names(&facts),
            "the customer's id",
            "Facts: what happened and was recorded. Kept for ever; a message's value is never changed.",
        ),
        (
            "profiles",
            Topic::Profiles,
            names(&["Profile", "Note"]),
            "the customer's id; for a note `customer id/note id`",
            "Profiles and notes of customers, sealed with the facility key. A tombstone erases.",
        ),
        (
            "reference",
            Topic::Reference,
            names(&["Reference"]),
            "`kind/id`",
            "Reference documents. Of two with the same key the higher (revision, event_id) wins, whatever their order.",
        ),
        (
            "requests",
            Topic::Requests,
            names(&["PointsRequest"]),
            "the customer's id",
            "Requests for points, and their withdrawals. A request lives for four seconds from when it was read. It is read from \
             the end of the topic on, and one that was stored more than 30 s after its `at` is passed over.",
        ),
        (
            "heartbeats",
            Topic::Heartbeats,
            names(&["Heartbeat", "Digest"]),
            "the terminal's id; for a digest `terminal id/digest/prefix`",
            "Heartbeats, which each terminal sends every few seconds. While terminals with equal heads hold different facts, also \
             digests by groups of customers, until the first customer that differs is found.",
        ),
    ];
    let mut channel_list = Map::new();
    let mut operations = Map::new();
    for (name, topic, messages, key, description) in channels {
        channel_list.insert(
            name.into(),
            json!({
                "address": topic.name(),
                "description": format!("{description} Key: {key}."),
                "messages": messages,
                "bindings": { "kafka": {
                    "partitions": topic.partitions(),
                    "topicConfiguration": {
                        "cleanup.policy": [if topic.is_compacted() { "compact" } else { "delete" }],
                        "retention.ms": match topic {
                            Topic::Heartbeats => 86_400_000_i64,
                            Topic::Requests => 3_600_000,
                            Topic::Facts | Topic::Profiles | Topic::Reference => -1,
                        },
                        "retention.bytes": -1,
                    },
                    "bindingVersion": "0.5.0",
                } },
            }),
        );
        for action in ["send", "receive"] {
            let channel = json!({ "$ref": format!("#/channels/{name}") });
            operations.insert(format!("{action}_{name}"), json!({ "action": action, "channel": channel }));
        }
    }
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Nosmoke Desk",
            "version": "1.0.0",
            "description": "CloudEvents 1.0 in Kafka's binary mode. Every topic has message.timestamp.type=LogAppendTime. \
                            If a prefix P is set, it precedes each address: P.nosmoke.facts.v1.",
            "license": { "name": "MIT" },
        },
        "defaultContentType": "application/json",
        "channels": channel_list,
        "operations": operations,
        "components": { "messages": messages, "schemas": schemas },
    })
}

const FORMAT: &str = "application/schema+json;version=draft-2020-12";

/// Describes a message. `event_types` are the types in its `ce_type`, without prefix and version.
fn message(name: &str, event_types: &[&str], headers: &str) -> Value {
    let types: Vec<String> = event_types.iter().map(|it| format!("{TYPES}.{it}.v1")).collect();
    json!({
        "name": name,
        "x-ce-types": types,
        "contentType": "application/json",
        "headers": { "$ref": format!("#/components/schemas/{headers}") },
        "payload": { "$ref": format!("#/components/schemas/{name}") },
    })
}

fn schema_of<T: schemars::JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}

fn headers(of_a_fact: bool) -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let hash = |description: &str| json!({ "type": "string", "pattern": "^[0-9a-f]{64}$", "description": description });
    let mut properties = json!({
        "ce_specversion": { "const": "1.0" },
        "ce_id": { "type": "string", "format": "uuid" },
        "ce_type": { "type": "string", "pattern": format!("^{}\\.", TYPES.replace('.', "\\.")) },
        "ce_source": text("/terminals/<terminal id>"),
        "ce_time": { "type": "string", "format": "date-time" },
        "content-type": { "const": "application/json" },
        "ce_keyid": {
            "type": "string",
            "pattern": "^[0-9a-f]{16}$",
            "description": "the facility key; a message of another one, or without a valid ce_mac, is passed over",
        },
        "ce_mac": hash(
            "keyed BLAKE3, with a key derived from the facility key, of: the topic's name without prefix, the message's key, \
             ce_type, ce_source, ce_hash, ce_prevhash, and the value. Before each stand a byte, 1 if it is there, else 0, and \
             its length as 8 bytes, the lowest first",
        ),
    });
    let mut required =
        vec!["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "content-type", "ce_keyid", "ce_mac"];
    if of_a_fact {
        properties["ce_hash"] = hash("BLAKE3 of the 32 bytes of ce_prevhash and the value");
        properties["ce_prevhash"] =
            hash("ce_hash of the previous fact in the incarnation's chain; zeros for the first");
        properties["traceparent"] = text("W3C trace context, if the fact has one");
        required.extend(["ce_hash", "ce_prevhash"]);
    }
    json!({ "type": "object", "properties": properties, "required": required })
}
