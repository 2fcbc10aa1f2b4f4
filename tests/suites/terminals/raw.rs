//! Records of a topic as somebody else reads and writes them, with a client of their own.

use std::time::Duration;

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Header, Headers, Message, OwnedHeaders, OwnedMessage};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer, ThreadedProducer};
use rdkafka::{Offset, TopicPartitionList};

const PATIENCE: Duration = Duration::from_secs(30);

/// All records of a topic, by partition and offset.
pub fn read(servers: &str, topic: &str) -> Vec<OwnedMessage> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", servers)
        .set("group.id", "somebody")
        .set("enable.auto.commit", "false")
        .create()
        .unwrap();
    let metadata = consumer.fetch_metadata(Some(topic), PATIENCE).unwrap();
    let mut positions = TopicPartitionList::new();
    let mut waiting = 0;
    for partition in metadata.topics()[0].partitions() {
        let (low, high) = consumer.fetch_watermarks(topic, partition.id(), PATIENCE).unwrap();
        waiting += high - low;
        positions.add_partition_offset(topic, partition.id(), Offset::Beginning).unwrap();
    }
    consumer.assign(&positions).unwrap();
    let mut records = Vec::new();
    while i64::try_from(records.len()).unwrap() < waiting {
        records.push(consumer.poll(PATIENCE).expect("a record").unwrap().detach());
    }
    records.sort_by_key(|record| (record.partition(), record.offset()));
    records
}

/// A record to write as it is.
#[derive(Debug, Clone, Default)]
pub struct Raw {
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(String, Vec<u8>)>,
    pub partition: Option<i32>,
}

impl From<&OwnedMessage> for Raw {
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

impl Raw {
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_slice())
    }
}

/// Writes records in this order and waits until the broker has them.
pub fn write(servers: &str, topic: &str, records: &[Raw]) {
    let producer: ThreadedProducer<DefaultProducerContext> = ClientConfig::new()
        .set("bootstrap.servers", servers)
        .set("acks", "all")
        .set("message.max.bytes", "2000000")
        .set("partitioner", "murmur2_random")
        .create()
        .unwrap();
    for raw in records {
        let mut headers = OwnedHeaders::new();
        for (key, value) in &raw.headers {
            headers = headers.insert(Header { key, value: Some(value) });
        }
        let mut record = BaseRecord::<[u8], [u8]>::to(topic).headers(headers);
        record.partition = raw.partition;
        record.key = raw.key.as_deref();
        record.payload = raw.value.as_deref();
        producer.send(record).map_err(|(error, _)| error).unwrap();
    }
    producer.flush(PATIENCE).unwrap();
}
