//! Reads and writes the messages of a topic with a Kafka client that doesn't use our program's code, and authenticates
//! them by code of its own.

use std::time::Duration;

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Header, Headers, Message, OwnedHeaders, OwnedMessage};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer, ThreadedProducer};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};

use super::until;

const CLIENT_TIMEOUT: Duration = Duration::from_secs(30);

/// How a broker answers while a partition has no leader yet.
const LEADERLESS: [RDKafkaErrorCode; 3] = [
    RDKafkaErrorCode::NotLeaderForPartition,
    RDKafkaErrorCode::LeaderNotAvailable,
    RDKafkaErrorCode::UnknownTopicOrPartition,
];

/// Reads all messages of a topic, by partition and offset.
pub fn read(servers: &str, topic: &str) -> Vec<OwnedMessage> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", servers)
        .set("group.id", "somebody")
        .set("enable.auto.commit", "false")
        .create()
        .unwrap();
    let metadata = consumer.fetch_metadata(Some(topic), CLIENT_TIMEOUT).unwrap();
    let mut positions = TopicPartitionList::new();
    let mut waiting = 0;
    for partition in metadata.topics()[0].partitions() {
        let (low, high) = watermarks(&consumer, topic, partition.id());
        waiting += high - low;
        positions.add_partition_offset(topic, partition.id(), Offset::Beginning).unwrap();
    }
    consumer.assign(&positions).unwrap();
    let mut messages = Vec::new();
    while i64::try_from(messages.len()).unwrap() < waiting {
        messages.push(consumer.poll(CLIENT_TIMEOUT).expect("a message").unwrap().detach());
    }
    messages.sort_by_key(|message| (message.partition(), message.offset()));
    messages
}

/// Returns the partition's first and next offset. A partition that was just created has no leader for a moment.
fn watermarks(consumer: &BaseConsumer, topic: &str, partition: i32) -> (i64, i64) {
    until("the partition has a leader", CLIENT_TIMEOUT, || {
        match consumer.fetch_watermarks(topic, partition, CLIENT_TIMEOUT) {
            Ok(offsets) => Some(offsets),
            Err(error) => {
                let code = error.rdkafka_error_code();
                assert!(code.is_some_and(|code| LEADERLESS.contains(&code)), "{error}");
                None
            }
        }
    })
}

/// A message that is written to the topic exactly as given.
#[derive(Debug, Clone, Default)]
pub struct RawMessage {
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(String, Vec<u8>)>,
    pub partition: Option<i32>,
}

impl From<&OwnedMessage> for RawMessage {
    fn from(message: &OwnedMessage) -> Self {
        let headers = message.headers().map(|headers| {
            let all = headers.iter();
            all.map(|it| (it.key.to_owned(), it.value.unwrap_or_default().to_vec())).collect()
        });
        Self {
            key: message.key().map(<[u8]>::to_vec),
            value: message.payload().map(<[u8]>::to_vec),
            headers: headers.unwrap_or_default(),
            partition: Some(message.partition()),
        }
    }
}

impl RawMessage {
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().rev().find(|(it, _)| it == name).map(|(_, value)| value.as_slice())
    }
}

/// Has a facility's key, and authenticates what it likes: written from the description of the messages
/// (docs/asyncapi.json), not with the program's code.
#[derive(Debug, Clone)]
pub struct KeyHolder {
    key_id: String,
    authenticating: [u8; 32],
}

impl KeyHolder {
    /// Takes the facility key out of a short pairing code: a byte, the facility's id, 32 bytes of key, a checksum.
    pub fn of(code: &str) -> Self {
        let bytes = data_encoding::BASE32_NOPAD.decode(code.replace('-', "").as_bytes()).unwrap();
        assert_eq!(bytes.len(), 1 + 16 + 32 + 3);
        let key = &bytes[17..49];
        let id = blake3::derive_key("nosmoke facility key id v1", key);
        Self {
            key_id: data_encoding::HEXLOWER.encode(&id[..8]),
            authenticating: blake3::derive_key("nosmoke facility authenticating key v1", key),
        }
    }

    /// Replaces the two headers that authenticate a message of this topic (its name without a prefix).
    pub fn authenticate(&self, topic: &str, mut message: RawMessage) -> RawMessage {
        message.headers.retain(|(name, _)| name != "ce_keyid" && name != "ce_mac");
        let mut text = Vec::new();
        let mut part = |bytes: Option<&[u8]>| {
            text.push(u8::from(bytes.is_some()));
            text.extend((bytes.map_or(0, <[u8]>::len) as u64).to_le_bytes());
            text.extend(bytes.unwrap_or_default());
        };
        part(Some(topic.as_bytes()));
        part(message.key.as_deref());
        for name in ["ce_type", "ce_source", "ce_hash", "ce_prevhash"] {
            part(message.header(name));
        }
        part(message.value.as_deref());
        let mac = blake3::keyed_hash(&self.authenticating, &text).to_hex();
        message.headers.push(("ce_keyid".into(), self.key_id.clone().into()));
        message.headers.push(("ce_mac".into(), mac.as_bytes().to_vec()));
        message
    }
}

/// Writes messages to a topic in this order, and waits until the broker has stored them.
pub fn write(servers: &str, topic: &str, messages: &[RawMessage]) {
    let producer: ThreadedProducer<DefaultProducerContext> = ClientConfig::new()
        .set("bootstrap.servers", servers)
        .set("acks", "all")
        .set("message.max.bytes", "2000000")
        // A batch must fit into the topics' limit of a message.
        .set("batch.size", "65536")
        .set("partitioner", "murmur2_random")
        .create()
        .unwrap();
    for raw in messages {
        let mut headers = OwnedHeaders::new();
        for (key, value) in &raw.headers {
            headers = headers.insert(Header { key, value: Some(value) });
        }
        let mut message = BaseRecord::<[u8], [u8]>::to(topic).headers(headers);
        message.partition = raw.partition;
        message.key = raw.key.as_deref();
        message.payload = raw.value.as_deref();
        producer.send(message).map_err(|(error, _)| error).unwrap();
    }
    producer.flush(CLIENT_TIMEOUT).unwrap();
}
