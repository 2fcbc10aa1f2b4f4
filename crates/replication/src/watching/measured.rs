//! A decorator of a log that counts messages and measures their delays, for the graph of services.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use nosmoke_ports::authentication::Authenticator;
use nosmoke_ports::{Clock, Fetched, Log, LogError, LogView, Outgoing, Partition};
use nosmoke_runtime::measures::{Measures, Node};
use parking_lot::Mutex;

use crate::wire::source_of;

#[derive(Debug)]
pub(crate) struct MeasuredLog {
    log: Arc<dyn Log>,
    clock: Arc<dyn Clock>,
    measures: Arc<Measures>,
    /// Number of messages of the last fetch, and when it returned.
    fetched: Mutex<Option<(u64, Instant)>>,
}

impl MeasuredLog {
    pub(crate) fn new(log: Arc<dyn Log>, clock: Arc<dyn Clock>, measures: Arc<Measures>) -> Self {
        Self { log, clock, measures, fetched: Mutex::default() }
    }

    /// Called when the messages fetched last were applied, or couldn't be.
    pub(crate) fn taken(&self, ok: bool) {
        let fetched = self.fetched.lock().take();
        if let Some((count, since)) = fetched {
            self.measures.observe((Node::Consumer, Node::Sqlite), count, since.elapsed(), ok);
        }
    }

    fn failed(&self, edge: (Node, Node), begun: Instant) {
        self.measures.observe(edge, 1, begun.elapsed(), false);
    }
}

#[async_trait]
impl Log for MeasuredLog {
    async fn open(&self, key: &Arc<dyn Authenticator>) -> Result<LogView, LogError> {
        self.log.open(key).await
    }

    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        self.log.read_from(positions).await
    }

    async fn fetch(&self, max_messages: usize, timeout: Duration) -> Result<Fetched, LogError> {
        let begun = Instant::now();
        let fetched = self.log.fetch(max_messages, timeout).await;
        match &fetched {
            Ok(Fetched { messages, .. }) => {
                let now = self.clock.now();
                // A broker gives all messages of a batch the same append time.
                for together in messages.chunk_by(|one, next| one.appended_at == next.appended_at) {
                    // If the broker's clock is ahead, the age is 0 instead of negative.
                    let age = (now - together[0].appended_at).to_std().unwrap_or_default();
                    self.measures.observe((Node::Kafka, Node::Consumer), together.len() as u64, age, true);
                    let mut terminals = BTreeMap::<_, u64>::new();
                    for terminal in together.iter().filter_map(source_of) {
                        *terminals.entry(terminal).or_default() += 1;
                    }
                    for (terminal, count) in terminals {
                        self.measures.observe_from(terminal, count, age);
                    }
                }
                let count = messages.len() as u64;
                *self.fetched.lock() = (count > 0).then(|| (count, Instant::now()));
            }
            Err(_) => self.failed((Node::Kafka, Node::Consumer), begun),
        }
        fetched
    }

    async fn publish(&self, messages: Vec<Outgoing>) -> Result<usize, LogError> {
        let begun = Instant::now();
        let taken = self.log.publish(messages).await;
        match taken {
            Ok(0) => {}
            Ok(count) => self.measures.observe((Node::Publisher, Node::Kafka), count as u64, begun.elapsed(), true),
            Err(_) => self.failed((Node::Publisher, Node::Kafka), begun),
        }
        taken
    }

    async fn close(&self) {
        self.log.close().await;
    }
}
