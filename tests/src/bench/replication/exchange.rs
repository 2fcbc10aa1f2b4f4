//! What authentication costs: a backlog is sent and read back, with MACs and without, in turn.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use nosmoke_broker::{Broker, Options};
use nosmoke_kafka::KafkaLog;
use nosmoke_ports::authentication::{Authenticator, MessageView, Whose};
use nosmoke_ports::{Fetched, Log, LogError, LogView, Outgoing, Partition};

use super::{settings, upload};
use crate::facility::Facility;
use crate::history;
use crate::measure::ratio_of_pairs;
use crate::table::{Limit, Table};

const FACTS: usize = 20_000;
const ROUNDS: usize = 41;

/// Makes no MACs, and takes every message for one of the facility.
#[derive(Debug)]
struct Trusting;

impl Authenticator for Trusting {
    fn authenticate(&self, _: MessageView<'_>) -> (String, String) {
        (String::new(), String::new())
    }

    fn whose(&self, _: MessageView<'_>) -> Whose {
        Whose::Ours
    }
}

/// A log of Kafka whose messages aren't authenticated.
#[derive(Debug)]
struct WithoutMacs(KafkaLog);

#[async_trait]
impl Log for WithoutMacs {
    async fn open(&self, _: &Arc<dyn Authenticator>) -> Result<LogView, LogError> {
        let trusting: Arc<dyn Authenticator> = Arc::new(Trusting);
        self.0.open(&trusting).await
    }

    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        self.0.read_from(positions).await
    }

    async fn fetch(&self, max_messages: usize, timeout: Duration) -> Result<Fetched, LogError> {
        self.0.fetch(max_messages, timeout).await
    }

    async fn publish(&self, messages: Vec<Outgoing>) -> Result<usize, LogError> {
        self.0.publish(messages).await
    }

    async fn close(&self) {
        self.0.close().await;
    }
}

pub(crate) async fn measure(table: &mut Table) {
    table.heading("What authentication costs, with a broker on this machine");
    let broker = Broker::start(Options::default());
    let facility = Facility::new().await;
    history::record(&facility, FACTS).await;
    let with_macs = async |prefix: &str| {
        let log = Arc::new(KafkaLog::new(settings(&broker, prefix)));
        upload::exchange(&facility, &broker, log, prefix).await[1]
    };
    let without = async |prefix: &str| {
        let log = Arc::new(WithoutMacs(KafkaLog::new(settings(&broker, prefix))));
        upload::exchange(&facility, &broker, log, prefix).await[1]
    };
    // The first one warms up the broker.
    with_macs(&super::prefix()).await;
    let mut pairs = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let prefixes = [super::prefix(), super::prefix()];
        let pair = if round % 2 == 0 {
            let authenticated = with_macs(&prefixes[0]).await;
            (authenticated, without(&prefixes[1]).await)
        } else {
            let plain = without(&prefixes[1]).await;
            (with_macs(&prefixes[0]).await, plain)
        };
        pairs.push(pair);
    }
    let name = "sending 20,000 facts and reading them back with MACs, to without";
    table.row(name, ratio_of_pairs(&pairs), Limit::AtMost(1.05));
    facility.close().await;
}
