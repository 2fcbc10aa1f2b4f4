//! What the client threads leave for the asynchronous side: records in order, ends, errors; bounded.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use nosmoke_ports::{Fetched, Incoming, LogError, Partition};
use tokio::sync::Notify;

use crate::lock::locked;

/// Behind it librdkafka has a queue of its own, and behind that the broker.
const MOST_RECORDS: usize = 4_096;
const MOST_BYTES: usize = 16 * 1024 * 1024;

#[derive(Debug)]
enum Item {
    Record(Incoming),
    End(Partition, i64),
}

#[derive(Debug, Default)]
struct Contents {
    items: VecDeque<Item>,
    records: usize,
    bytes: usize,
    reading_failed: Option<LogError>,
    delivery_failed: Option<LogError>,
    /// Whether a fetch has told of the failed delivery.
    told: bool,
    closed: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    contents: Mutex<Contents>,
    arrived: Notify,
    pub(crate) bell: Bell,
}

impl Mailbox {
    pub(crate) fn record(&self, record: Incoming) {
        let mut contents = locked(&self.contents);
        contents.records += 1;
        contents.bytes += size(&record);
        contents.items.push_back(Item::Record(record));
        drop(contents);
        self.arrived.notify_waiters();
    }

    pub(crate) fn end(&self, partition: Partition, next: i64) {
        locked(&self.contents).items.push_back(Item::End(partition, next));
        self.arrived.notify_waiters();
    }

    pub(crate) fn is_full(&self) -> bool {
        let contents = locked(&self.contents);
        contents.records >= MOST_RECORDS || contents.bytes >= MOST_BYTES
    }

    /// Keeps the first; what was read before it is still given.
    pub(crate) fn reading_failed(&self, error: LogError) {
        locked(&self.contents).reading_failed.get_or_insert(error);
        self.arrived.notify_waiters();
    }

    pub(crate) fn delivery_failed(&self, error: LogError) {
        locked(&self.contents).delivery_failed.get_or_insert(error);
        self.arrived.notify_waiters();
    }

    /// Why nothing can be published any more.
    pub(crate) fn failed_delivery(&self) -> Option<LogError> {
        let mut contents = locked(&self.contents);
        contents.told |= contents.delivery_failed.is_some();
        contents.delivery_failed.clone()
    }

    /// Other partitions are read from now on.
    pub(crate) fn clear(&self) {
        let mut contents = locked(&self.contents);
        contents.items.clear();
        (contents.records, contents.bytes) = (0, 0);
        contents.reading_failed = None;
    }

    pub(crate) fn close(&self) {
        locked(&self.contents).closed = true;
        self.arrived.notify_waiters();
        self.bell.ring();
    }

    /// Waits for `patience` at most.
    pub(crate) async fn fetch(&self, max_records: usize, patience: Duration) -> Result<Fetched, LogError> {
        let until = tokio::time::Instant::now() + patience;
        loop {
            let arrived = self.arrived.notified();
            tokio::pin!(arrived);
            arrived.as_mut().enable();
            if let Some(answer) = self.take(max_records) {
                self.bell.ring();
                return answer;
            }
            if tokio::time::timeout_at(until, arrived).await.is_err() {
                return Ok(Fetched::default());
            }
        }
    }

    fn take(&self, max_records: usize) -> Option<Result<Fetched, LogError>> {
        let mut contents = locked(&self.contents);
        let mut fetched = Fetched::default();
        while let Some(item) = contents.items.pop_front() {
            match item {
                Item::Record(record) if fetched.records.len() >= max_records => {
                    contents.items.push_front(Item::Record(record));
                    break;
                }
                Item::Record(record) => {
                    contents.records -= 1;
                    contents.bytes -= size(&record);
                    fetched.records.push(record);
                }
                Item::End(partition, next) => fetched.ends.push((partition, next)),
            }
        }
        if fetched != Fetched::default() {
            return Some(Ok(fetched));
        }
        if contents.closed {
            return Some(Err(LogError::Failed("the connection is closed".to_owned())));
        }
        if !contents.told && contents.delivery_failed.is_some() {
            contents.told = true;
            return contents.delivery_failed.clone().map(Err);
        }
        // The client looks for the brokers again by itself; anything else stays so until other partitions are asked for.
        match &contents.reading_failed {
            Some(LogError::Unreachable(_)) => contents.reading_failed.take().map(Err),
            failed => failed.clone().map(Err),
        }
    }
}

fn size(record: &Incoming) -> usize {
    let length = |bytes: &Option<Vec<u8>>| bytes.as_ref().map_or(0, Vec::len);
    let headers: usize = record.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    length(&record.key) + length(&record.value) + headers
}

/// Wakes the reading thread: something has come, or there is room again.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    rung: Mutex<bool>,
    heard: Condvar,
}

impl Bell {
    pub(crate) fn ring(&self) {
        *locked(&self.rung) = true;
        self.heard.notify_all();
    }

    /// Until it rings, or has rung since the last time.
    pub(crate) fn wait(&self, patience: Duration) {
        let until = Instant::now() + patience;
        let mut rung = locked(&self.rung);
        while !*rung {
            let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) else { break };
            rung = self.heard.wait_timeout(rung, left).map_or_else(|error| error.into_inner().0, |(guard, _)| guard);
        }
        *rung = false;
    }
}
