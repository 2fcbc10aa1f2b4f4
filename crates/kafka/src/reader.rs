//! The consumer, on its own thread. It uses `assign` with explicit offsets: it joins no group and commits nothing. Each
//! partition has its own queue, because rdkafka's end-of-partition event contains the partition's number but not its
//! topic.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, Utc};
use nosmoke_ports::header_name;
use nosmoke_ports::{Incoming, LogError, Partition};
use parking_lot::Mutex;
use rdkafka::consumer::base_consumer::PartitionQueue;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers as _, Message};
use rdkafka::{Offset, TopicPartitionList};
use tokio::sync::oneshot;

use crate::callbacks::{ClientCallbacks, ClientReports, LogLimiter};
use crate::classify::{class_of, classify, code_of};
use crate::mailbox::Mailbox;
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
    mailbox: Arc<Mailbox>,
    stop: AtomicBool,
    requests: Mutex<VecDeque<ReadRequest>>,
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
        log_limiter: Arc<LogLimiter>,
        mailbox: Arc<Mailbox>,
    ) -> Result<Self, LogError> {
        let reports = Arc::new(ClientReports::default());
        let callbacks = ClientCallbacks { log_limiter, reports: reports.clone(), mailbox: None };
        let consumer = settings.consumer().create_with_context(callbacks).map_err(|error| class_of(&error))?;
        let consumer: Arc<BaseConsumer<ClientCallbacks>> = Arc::new(consumer);
        let shared = Arc::new(ReaderShared { mailbox, stop: AtomicBool::new(false), requests: Mutex::default() });
        let thread = {
            let (consumer, reports, shared) = (consumer.clone(), reports.clone(), shared.clone());
            let run = move || ReaderThread { consumer: &consumer, reports: &reports, shared: &shared }.run();
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
        let mut list = TopicPartitionList::new();
        let mut sources = Vec::new();
        // The queues must exist before `assign`, so that no message arrives in the main queue.
        for Position { partition, topic, offset } in positions {
            let queue = self.consumer.split_partition_queue(topic, partition.number);
            let mut queue =
                queue.ok_or_else(|| LogError::Failed(format!("librdkafka gives no queue for the topic {topic}")))?;
            let mailbox = self.shared.mailbox.clone();
            queue.set_nonempty_callback(move || mailbox.bell.ring());
            sources.push(PartitionSource { partition: *partition, queue, next: *offset });
            let added = list.add_partition_offset(topic, partition.number, Offset::Offset(*offset));
            added.map_err(|error| class_of(&error))?;
        }
        self.consumer.assign(&list).map_err(|error| class_of(&error))?;
        Ok(sources)
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
                    self.shared.mailbox.message(incoming(source.partition, &message));
                }
                Some(Err(KafkaError::PartitionEOF(_))) => {
                    source.next = self.reports.take_end().unwrap_or(source.next).max(source.next);
                    self.shared.mailbox.end(source.partition, source.next);
                }
                Some(Err(error)) => self.failed(&error),
            }
        }
        true
    }

    /// Handles the client's main queue, which has its events but no messages.
    fn serve(&self, timeout: Duration) {
        if let Some(Err(error)) = self.consumer.poll(timeout) {
            self.failed(&error);
        }
    }

    fn failed(&self, error: &KafkaError) {
        let error = match code_of(error) {
            // These errors are temporary, or concern one broker of several: the client retries by itself.
            Some(
                RDKafkaErrorCode::BrokerTransportFailure
                | RDKafkaErrorCode::Resolve
                | RDKafkaErrorCode::OperationTimedOut
                | RDKafkaErrorCode::BadMessage
                | RDKafkaErrorCode::PartitionEOF,
            ) => return,
            Some(RDKafkaErrorCode::AllBrokersDown) => LogError::Unreachable(self.reports.text()),
            Some(RDKafkaErrorCode::SSL) => match self.reports.last() {
                Some(last) if !matches!(last, LogError::WrongProtocol(_)) => last,
                _ => return,
            },
            Some(code) => classify(code, ""),
            None => class_of(error),
        };
        self.shared.mailbox.reading_failed(error);
    }
}

fn incoming(partition: Partition, message: &BorrowedMessage<'_>) -> Incoming {
    let headers = message.headers().map_or_else(Vec::new, |headers| {
        headers.iter().map(|one| (header_name(one.key), one.value.unwrap_or_default().to_owned())).collect()
    });
    let at = message.timestamp().to_millis().and_then(DateTime::<Utc>::from_timestamp_millis);
    Incoming {
        partition,
        offset: message.offset(),
        key: message.key().map(<[u8]>::to_vec),
        value: message.payload().map(<[u8]>::to_vec),
        headers,
        appended_at: at.unwrap_or_default(),
    }
}
