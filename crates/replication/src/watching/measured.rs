//! A log whose records are counted on their way, for the graph of services.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use nosmoke_ports::{Clock, Fetched, Log, LogError, LogView, Outgoing, Partition};
use nosmoke_runtime::measures::{Measures, Node};

use crate::wire::source_of;

#[derive(Debug)]
pub(crate) struct MeasuredLog {
    log: Arc<dyn Log>,
    clock: Arc<dyn Clock>,
    measures: Arc<Measures>,
    /// Records of the last fetch, and when it was over.
    fetched: Mutex<Option<(u64, Instant)>>,
}

impl MeasuredLog {
    pub(crate) fn new(log: Arc<dyn Log>, clock: Arc<dyn Clock>, measures: Arc<Measures>) -> Self {
        Self { log, clock, measures, fetched: Mutex::default() }
    }

    /// What was fetched last has been taken over, or hasn't.
    pub(crate) fn taken(&self, well: bool) {
        let fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((count, since)) = fetched {
            self.measures.record((Node::Consumer, Node::Sqlite), count, since.elapsed(), well);
        }
    }

    fn failed(&self, edge: (Node, Node), begun: Instant) {
        self.measures.record(edge, 1, begun.elapsed(), false);
    }
}

#[async_trait]
impl Log for MeasuredLog {
    async fn open(&self) -> Result<LogView, LogError> {
        self.log.open().await
    }

    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        self.log.read_from(positions).await
    }

    async fn fetch(&self, max_records: usize, patience: Duration) -> Result<Fetched, LogError> {
        let begun = Instant::now();
        let fetched = self.log.fetch(max_records, patience).await;
        match &fetched {
            Ok(Fetched { records, .. }) => {
                let now = self.clock.now();
                // A broker gives all records of a batch one time.
                for together in records.chunk_by(|one, next| one.appended_at == next.appended_at) {
                    // A cluster whose clock is ahead appends nothing in the future.
                    let age = (now - together[0].appended_at).to_std().unwrap_or_default();
                    self.measures.record((Node::Kafka, Node::Consumer), together.len() as u64, age, true);
                    let mut terminals = BTreeMap::<_, u64>::new();
                    for terminal in together.iter().filter_map(source_of) {
                        *terminals.entry(terminal).or_default() += 1;
                    }
                    for (terminal, count) in terminals {
                        self.measures.record_from(terminal, count, age);
                    }
                }
                let count = records.len() as u64;
                *self.fetched.lock().unwrap_or_else(PoisonError::into_inner) =
                    (count > 0).then(|| (count, Instant::now()));
            }
            Err(_) => self.failed((Node::Kafka, Node::Consumer), begun),
        }
        fetched
    }

    async fn publish(&self, records: Vec<Outgoing>) -> Result<usize, LogError> {
        let begun = Instant::now();
        let taken = self.log.publish(records).await;
        match taken {
            Ok(0) => {}
            Ok(count) => self.measures.record((Node::Publisher, Node::Kafka), count as u64, begun.elapsed(), true),
            Err(_) => self.failed((Node::Publisher, Node::Kafka), begun),
        }
        taken
    }

    async fn close(&self) {
        self.log.close().await;
    }
}
