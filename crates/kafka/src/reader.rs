//! The consumer, on its own thread. It uses `assign` with explicit offsets: it joins no group and commits nothing. Each
//! partition has its own queue, because rdkafka's end-of-partition event contains the partition's number but not its
//! topic.

use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use nosmoke_ports::authentication::{Authenticator, MessageView, Whose, value_hash};
use nosmoke_ports::{Incoming, LogError, Partition, Stranger, header_name, is_authentication, pushed_out_key};
use parking_lot::Mutex;
use rdkafka::consumer::base_consumer::PartitionQueue;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::{Offset, TopicPartitionList};
use tokio::sync::oneshot;

use crate::callbacks::{ClientCallbacks, ClientReports, LogLimiter};
use crate::classify::{class_of, code_of};
use crate::headers::headers;
use crate::mailbox::Mailbox;
use crate::meaning::{ForReading, for_reading};
use crate::pass_over::{is_unpackable, seek_behind};
use crate::settings::Settings;

/// How often the thread handles the client's own events while no messages arrive.
const WAKE_INTERVAL: Duration = Duration::from_millis(100);
/// Most messages taken from one partition before the next partition's turn.
const PARTITION_BATCH: usize = 256;

pub(crate) struct Reader {
    pub(crate) consumer: Arc<BaseConsumer<ClientCallbacks>>,
    pub(crate) reports: Arc<ClientReports>,
    settings: Settings,
    shared: Arc<ReaderShared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct ReaderShared {
    key: Arc<dyn Authenticator>,
    mailbox: Arc<Mailbox>,
    stop: AtomicBool,
    requests: Mutex<VecDeque<ReadRequest>>,
    /// Partitions to read besides those that are being read.
    added: Mutex<Vec<Position>>,
}

/// A call of `read_from`, passed to the thread.
struct ReadRequest {
    positions: Vec<Position>,
    done: oneshot::Sender<Result<(), LogError>>,
}

struct Position {
    partition: Partition,
    topic: String,
    offset: i64,
}

/// A partition that is being read.
struct PartitionSource {
    partition: Partition,
    /// Its topic's name in the cluster.
    topic: String,
    queue: PartitionQueue<ClientCallbacks>,
    next: i64,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl Reader {
    /// Creates the client, which connects in the background, and its thread.
    pub(crate) fn start(
        settings: &Settings,
        key: &Arc<dyn Authenticator>,
        log_limiter: Arc<LogLimiter>,
        mailbox: Arc<Mailbox>,
    ) -> Result<Self, LogError> {
        let reports = Arc::new(ClientReports::default());
        let callbacks = ClientCallbacks { log_limiter, reports: reports.clone(), mailbox: None };
        let consumer = settings.consumer().create_with_context(callbacks).map_err(|error| class_of(&error))?;
        let consumer: Arc<BaseConsumer<ClientCallbacks>> = Arc::new(consumer);
        let (key, stop) = (key.clone(), AtomicBool::new(false));
        let shared = Arc::new(ReaderShared { key, mailbox, stop, requests: Mutex::default(), added: Mutex::default() });
        let thread = {
            let (consumer, reports, shared) = (consumer.clone(), reports.clone(), shared.clone());
            let run = move || {
                let thread = ReaderThread { consumer: &consumer, reports: &reports, shared: &shared };
                watched(&shared.mailbox, || thread.run());
                // A caller of `read_from` mustn't wait for a thread that has ended.
                shared.stop.store(true, Ordering::Relaxed);
                shared.requests.lock().clear();
            };
            std::thread::Builder::new().name("kafka-reader".to_owned()).spawn(run)
        };
        let thread = thread.map_err(|error| LogError::Failed(error.to_string()))?;
        Ok(Self { consumer, reports, settings: settings.clone(), shared, thread: Mutex::new(Some(thread)) })
    }

    pub(crate) async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        if let Some((partition, offset)) = positions.iter().find(|(_, offset)| *offset < 0) {
            return Err(LogError::Changed(format!(
                "partition {} of {} has no offset {offset}",
                partition.number,
                partition.topic.name()
            )));
        }
        let positions = positions.iter().map(|&(partition, offset)| Position {
            partition,
            topic: self.settings.topic_name(partition.topic),
            offset,
        });
        let (done, answer) = oneshot::channel();
        self.shared.requests.lock().push_back(ReadRequest { positions: positions.collect(), done });
        self.shared.mailbox.bell.ring();
        if self.shared.stop.load(Ordering::Relaxed) {
            // The thread has ended. Dropping the request makes `answer` below return an error.
            self.shared.requests.lock().clear();
        }
        answer.await.unwrap_or_else(|_| Err(LogError::Failed("the connection to the cluster is closed".to_owned())))
    }

    /// Reads these partitions from their start, besides those that are being read.
    pub(crate) fn read_also(&self, partitions: &[Partition]) {
        let added = partitions.iter().map(|&partition| Position {
            partition,
            topic: self.settings.topic_name(partition.topic),
            offset: 0,
        });
        self.shared.added.lock().extend(added);
        self.shared.mailbox.bell.ring();
    }

    /// Ends the thread. The client itself ends when its last reference is dropped.
    pub(crate) fn stop(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.shared.mailbox.close();
        if let Some(thread) = self.thread.lock().take() {
            let _ = thread.join();
        }
        self.shared.requests.lock().clear();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Runs the thread's loop. If it ends by a panic, the next fetch returns an error, so that the caller connects again,
/// which begins another thread.
fn watched(mailbox: &Mailbox, run: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(run)).is_err() {
        mailbox.reading_failed(LogError::Failed("the thread that reads from Kafka ended by a panic".to_owned()));
    }
}

/// What the thread's loop uses.
struct ReaderThread<'a> {
    consumer: &'a Arc<BaseConsumer<ClientCallbacks>>,
    reports: &'a ClientReports,
    shared: &'a ReaderShared,
}

impl ReaderThread<'_> {
    fn run(&self) {
        let mut sources = Vec::new();
        while !self.stopped() {
            let request = self.shared.requests.lock().pop_front();
            if let Some(request) = request {
                sources.clear();
                let made = self.assign(&request.positions);
                let _ = request.done.send(made.map(|new| sources = new));
            }
            let added = std::mem::take(&mut *self.shared.added.lock());
            if !sources.is_empty() && !added.is_empty() {
                match self.assign_also(&added) {
                    Ok(new) => sources.extend(new),
                    Err(error) => self.shared.mailbox.reading_failed(error),
                }
            }
            let mut received = false;
            for source in &mut sources {
                received |= self.drain(source);
            }
            // The client's events come through its main queue. A poll with a timeout of 1 ms handles all queued events;
            // a poll without a timeout handles only one.
            let timeout = if received { Duration::ZERO } else { Duration::from_millis(1) };
            self.serve(timeout);
            if !received {
                self.shared.mailbox.bell.wait(WAKE_INTERVAL);
            }
        }
    }

    fn stopped(&self) -> bool {
        self.shared.stop.load(Ordering::Relaxed)
    }

    fn assign(&self, positions: &[Position]) -> Result<Vec<PartitionSource>, LogError> {
        self.consumer.unassign().map_err(|error| class_of(&error))?;
        self.shared.mailbox.clear();
        let (list, sources) = self.sources(positions)?;
        self.consumer.assign(&list).map_err(|error| class_of(&error))?;
        Ok(sources)
    }

    fn assign_also(&self, positions: &[Position]) -> Result<Vec<PartitionSource>, LogError> {
        let (list, sources) = self.sources(positions)?;
        self.consumer.incremental_assign(&list).map_err(|error| class_of(&error))?;
        Ok(sources)
    }

    /// Makes the partitions' queues. They must exist before the partitions are assigned, so that no message arrives in
    /// the main queue.
    fn sources(&self, positions: &[Position]) -> Result<(TopicPartitionList, Vec<PartitionSource>), LogError> {
        let mut list = TopicPartitionList::new();
        let mut sources = Vec::new();
        for Position { partition, topic, offset } in positions {
            let queue = self.consumer.split_partition_queue(topic, partition.number);
            let mut queue =
                queue.ok_or_else(|| LogError::Failed(format!("librdkafka gives no queue for the topic {topic}")))?;
            let mailbox = self.shared.mailbox.clone();
            queue.set_nonempty_callback(move || mailbox.bell.ring());
            sources.push(PartitionSource { partition: *partition, topic: topic.clone(), queue, next: *offset });
            let added = list.add_partition_offset(topic, partition.number, Offset::Offset(*offset));
            added.map_err(|error| class_of(&error))?;
        }
        Ok((list, sources))
    }

    /// Moves messages from a partition's queue to the mailbox; returns whether there were any.
    fn drain(&self, source: &mut PartitionSource) -> bool {
        for turn in 0..PARTITION_BATCH {
            while self.shared.mailbox.is_full() {
                if self.stopped() || !self.shared.requests.lock().is_empty() {
                    return true;
                }
                self.shared.mailbox.bell.wait(WAKE_INTERVAL);
                self.serve(Duration::ZERO);
            }
            match source.queue.poll(Duration::ZERO) {
                None => return turn > 0,
                Some(Ok(message)) => {
                    source.next = message.offset() + 1;
                    match incoming(source.partition, &message, &*self.shared.key) {
                        Ok(message) => self.shared.mailbox.message(message),
                        Err(stranger) => self.shared.mailbox.stranger(stranger),
                    }
                }
                Some(Err(KafkaError::PartitionEOF(_))) => {
                    source.next = self.reports.take_end().unwrap_or(source.next).max(source.next);
                    self.shared.mailbox.end(source.partition, source.next);
                }
                Some(Err(error)) if code_of(&error).is_some_and(is_unpackable) => self.pass_over(source),
                Some(Err(error)) => self.failed(&error),
            }
        }
        true
    }

    /// Reads on behind a batch that can't be unpacked. The batch counts as one stranger's message at its last offset, so
    /// that it is recognised when it is read again.
    fn pass_over(&self, source: &mut PartitionSource) {
        let Partition { topic, number } = source.partition;
        let at = (source.topic.as_str(), number);
        match seek_behind(self.consumer, at, source.next, &|| self.stopped()) {
            Ok(Some(behind)) if behind > source.next => {
                let (offset, appended_at) = (behind - 1, SystemTime::now().into());
                tracing::warn!(topic = topic.name(), number, offset, "a batch that can't be unpacked is passed over");
                let (partition, key_id, value_hash) = (source.partition, None, value_hash(None));
                let stranger = Stranger { partition, offset, key_id, value_hash, appended_at, pushes_out: None };
                self.shared.mailbox.stranger(stranger);
                source.next = behind;
            }
            // The library reports the batch again.
            Ok(_) => {}
            Err(error) => self.shared.mailbox.reading_failed(error),
        }
    }

    /// Handles the client's main queue, which has its events but no messages.
    fn serve(&self, timeout: Duration) {
        if let Some(Err(error)) = self.consumer.poll(timeout) {
            self.failed(&error);
        }
    }

    fn failed(&self, error: &KafkaError) {
        let error = match for_reading(error) {
            ForReading::GoesOn => return,
            ForReading::NoBroker => LogError::Unreachable(self.reports.text()),
            ForReading::AsReported => match self.reports.last() {
                Some(last) if !matches!(last, LogError::WrongProtocol(_)) => last,
                _ => return,
            },
            ForReading::Fails(error) => error,
        };
        self.shared.mailbox.reading_failed(error);
    }
}

/// Copies a message of ours out of the client's buffer. Of a stranger's, only the hash of its value is kept.
fn incoming(
    partition: Partition,
    message: &BorrowedMessage<'_>,
    our_key: &dyn Authenticator,
) -> Result<Incoming, Stranger> {
    let (headers, key, value) = (headers(message), message.key(), message.payload());
    let at = message.timestamp().to_millis().and_then(DateTime::<Utc>::from_timestamp_millis);
    let (offset, appended_at) = (message.offset(), at.unwrap_or_default());
    match our_key.whose(MessageView { topic: partition.topic, key, value, headers: &headers }) {
        Whose::Strangers(key_id) => {
            let (value_hash, pushes_out) = (value_hash(value), pushed_out_key(partition.topic, key));
            Err(Stranger { partition, offset, key_id, value_hash, appended_at, pushes_out })
        }
        Whose::Ours => {
            let kept = headers.into_iter().filter(|(name, _)| !is_authentication(name));
            Ok(Incoming {
                partition,
                offset,
                key: key.map(<[u8]>::to_vec),
                value: value.map(<[u8]>::to_vec),
                headers: kept.map(|(name, value)| (header_name(name), value.to_owned())).collect(),
                appended_at,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reader_that_panics_is_reported_to_the_next_fetch() {
        let mailbox = Mailbox::default();
        watched(&mailbox, || panic!("a fault of the client library"));
        let error = mailbox.fetch(1, Duration::ZERO).await.unwrap_err();
        assert!(matches!(&error, LogError::Failed(text) if text.contains("panic")), "{error:?}");
        let mailbox = Mailbox::default();
        watched(&mailbox, || ());
        assert_eq!(mailbox.fetch(1, Duration::ZERO).await, Ok(nosmoke_ports::Fetched::default()));
    }
}
