//! A bounded queue from the threads of the clients to asynchronous callers: messages in order, ends of partitions, and
//! errors.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use nosmoke_ports::{Fetched, Incoming, LogError, Partition, Stranger};
use parking_lot::{Condvar, Mutex};
use tokio::sync::Notify;

/// The queue holds at most this many messages. Few are enough, because librdkafka queues messages too.
const MAX_MESSAGES: usize = 4_096;
const MAX_BYTES: usize = 16 * 1024 * 1024;

#[derive(Debug)]
enum Item {
    Message(Incoming),
    Stranger(Stranger),
    End(Partition, i64),
}

#[derive(Debug, Default)]
struct Contents {
    items: VecDeque<Item>,
    messages: usize,
    bytes: usize,
    reading_failed: Option<LogError>,
    delivery_failed: Option<LogError>,
    /// Whether a fetch or a publish has already returned the failed delivery.
    delivery_failure_reported: bool,
    closed: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    contents: Mutex<Contents>,
    arrived: Notify,
    pub(crate) bell: Bell,
}

impl Mailbox {
    pub(crate) fn message(&self, message: Incoming) {
        let mut contents = self.contents.lock();
        contents.messages += 1;
        contents.bytes += size(&message);
        contents.items.push_back(Item::Message(message));
        drop(contents);
        self.arrived.notify_waiters();
    }

    pub(crate) fn stranger(&self, stranger: Stranger) {
        let mut contents = self.contents.lock();
        contents.messages += 1;
        contents.items.push_back(Item::Stranger(stranger));
        drop(contents);
        self.arrived.notify_waiters();
    }

    pub(crate) fn end(&self, partition: Partition, next: i64) {
        self.contents.lock().items.push_back(Item::End(partition, next));
        self.arrived.notify_waiters();
    }

    pub(crate) fn is_full(&self) -> bool {
        let contents = self.contents.lock();
        contents.messages >= MAX_MESSAGES || contents.bytes >= MAX_BYTES
    }

    /// Records an error of reading, unless there is one already. Messages read before the error are still returned
    /// first.
    pub(crate) fn reading_failed(&self, error: LogError) {
        self.contents.lock().reading_failed.get_or_insert(error);
        self.arrived.notify_waiters();
    }

    pub(crate) fn delivery_failed(&self, error: LogError) {
        self.contents.lock().delivery_failed.get_or_insert(error);
        self.arrived.notify_waiters();
    }

    /// Returns the error of the failed delivery after which nothing can be published, if there is one.
    pub(crate) fn failed_delivery(&self) -> Option<LogError> {
        let mut contents = self.contents.lock();
        contents.delivery_failure_reported |= contents.delivery_failed.is_some();
        contents.delivery_failed.clone()
    }

    /// Drops everything read, because other partitions will be read from now on.
    pub(crate) fn clear(&self) {
        let mut contents = self.contents.lock();
        contents.items.clear();
        (contents.messages, contents.bytes) = (0, 0);
        contents.reading_failed = None;
    }

    pub(crate) fn close(&self) {
        self.contents.lock().closed = true;
        self.arrived.notify_waiters();
        self.bell.ring();
    }

    /// Takes up to `max_messages` messages; while there are none, waits for `timeout` at most.
    pub(crate) async fn fetch(&self, max_messages: usize, timeout: Duration) -> Result<Fetched, LogError> {
        let until = tokio::time::Instant::now() + timeout;
        loop {
            let arrived = self.arrived.notified();
            tokio::pin!(arrived);
            arrived.as_mut().enable();
            if let Some(answer) = self.take(max_messages) {
                self.bell.ring();
                return answer;
            }
            if tokio::time::timeout_at(until, arrived).await.is_err() {
                return Ok(Fetched::default());
            }
        }
    }

    fn take(&self, max_messages: usize) -> Option<Result<Fetched, LogError>> {
        let mut contents = self.contents.lock();
        let mut fetched = Fetched::default();
        while let Some(item) = contents.items.pop_front() {
            let is_full = fetched.messages.len() + fetched.strangers.len() >= max_messages;
            match item {
                Item::Message(_) | Item::Stranger(_) if is_full => {
                    contents.items.push_front(item);
                    break;
                }
                Item::Message(message) => {
                    contents.messages -= 1;
                    contents.bytes -= size(&message);
                    fetched.messages.push(message);
                }
                Item::Stranger(stranger) => {
                    contents.messages -= 1;
                    fetched.strangers.push(stranger);
                }
                Item::End(partition, next) => fetched.ends.push((partition, next)),
            }
        }
        if fetched != Fetched::default() {
            return Some(Ok(fetched));
        }
        if contents.closed {
            return Some(Err(LogError::Failed("the connection to the cluster is closed".to_owned())));
        }
        if !contents.delivery_failure_reported && contents.delivery_failed.is_some() {
            contents.delivery_failure_reported = true;
            return contents.delivery_failed.clone().map(Err);
        }
        // `Unreachable` is returned once, because the client reconnects by itself. Any other error is returned until
        // the next `read_from`.
        match &contents.reading_failed {
            Some(LogError::Unreachable(_)) => contents.reading_failed.take().map(Err),
            failed => failed.clone().map(Err),
        }
    }
}

fn size(message: &Incoming) -> usize {
    let length = |bytes: &Option<Vec<u8>>| bytes.as_ref().map_or(0, Vec::len);
    let headers: usize = message.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    length(&message.key) + length(&message.value) + headers
}

/// Wakes the reader thread, because librdkafka has messages or the mailbox has room again.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    rung: Mutex<bool>,
    heard: Condvar,
}

impl Bell {
    pub(crate) fn ring(&self) {
        *self.rung.lock() = true;
        self.heard.notify_all();
    }

    /// Waits until the bell rings, or for `timeout`. Returns at once if it rang since the last wait.
    pub(crate) fn wait(&self, timeout: Duration) {
        let until = Instant::now() + timeout;
        let mut rung = self.rung.lock();
        self.heard.wait_while_until(&mut rung, |rung| !*rung, until);
        *rung = false;
    }
}
