//! The consumer, on a thread of its own: `assign` from given offsets, no group joined, nothing committed.
//!
//! Each partition has a queue of its own: the binding tells the number of a partition whose end was reached, and not its
//! topic.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, Utc};
use nosmoke_ports::header_name;
use nosmoke_ports::{Incoming, LogError, Partition};
use rdkafka::consumer::base_consumer::PartitionQueue;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers as _, Message};
use rdkafka::{Offset, TopicPartitionList};
use tokio::sync::oneshot;

use crate::classify::{class_of, classify, code_of};
use crate::context::{Context, Notes, Quiet};
use crate::lock::locked;
use crate::mailbox::Mailbox;
use crate::settings::Settings;

/// How long the thread sleeps when nothing rings; then it looks what the client has to say of itself.
const SLEEP: Duration = Duration::from_millis(100);
/// Records of one partition before the next one's turn.
const TURN: usize = 256;

pub(crate) struct Reader {
    pub(crate) consumer: Arc<BaseConsumer<Context>>,
    pub(crate) notes: Arc<Notes>,
    settings: Settings,
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    mailbox: Arc<Mailbox>,
    stop: AtomicBool,
    orders: Mutex<VecDeque<Order>>,
}

/// What to read from now on.
struct Order {
    positions: Vec<Position>,
    done: oneshot::Sender<Result<(), LogError>>,
}

struct Position {
    partition: Partition,
    topic: String,
    offset: i64,
}

/// A partition that is being read.
struct Source {
    partition: Partition,
    queue: PartitionQueue<Context>,
    next: i64,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl Reader {
    /// Makes the client, which begins to connect.
    pub(crate) fn start(settings: &Settings, quiet: Arc<Quiet>, mailbox: Arc<Mailbox>) -> Result<Self, LogError> {
        let notes = Arc::new(Notes::default());
        let context = Context { quiet, notes: notes.clone(), mailbox: None };
        let consumer = settings.consumer().create_with_context(context).map_err(|error| class_of(&error))?;
        let consumer: Arc<BaseConsumer<Context>> = Arc::new(consumer);
        let shared = Arc::new(Shared { mailbox, stop: AtomicBool::new(false), orders: Mutex::default() });
        let thread = {
            let (consumer, notes, shared) = (consumer.clone(), notes.clone(), shared.clone());
            let run = move || Reading { consumer: &consumer, notes: &notes, shared: &shared }.run();
            std::thread::Builder::new().name("kafka-reader".to_owned()).spawn(run)
        };
        let thread = thread.map_err(|error| LogError::Failed(error.to_string()))?;
        Ok(Self { consumer, notes, settings: settings.clone(), shared, thread: Mutex::new(Some(thread)) })
    }

    pub(crate) async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        if let Some((partition, offset)) = positions.iter().find(|(_, offset)| *offset < 0) {
            return Err(LogError::Changed(format!("no offset {offset} in {partition:?}")));
        }
        let positions = positions.iter().map(|&(partition, offset)| Position {
            partition,
            topic: self.settings.topic_name(partition.topic),
            offset,
        });
        let (done, answer) = oneshot::channel();
        locked(&self.shared.orders).push_back(Order { positions: positions.collect(), done });
        self.shared.mailbox.bell.ring();
        if self.shared.stop.load(Ordering::Relaxed) {
            // Nobody takes it any more; without its order the answer below is that.
            locked(&self.shared.orders).clear();
        }
        answer.await.unwrap_or_else(|_| Err(LogError::Failed("the connection is closed".to_owned())))
    }

    /// Ends the thread; the client goes with the last that holds it.
    pub(crate) fn stop(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.shared.mailbox.close();
        if let Some(thread) = locked(&self.thread).take() {
            let _ = thread.join();
        }
        locked(&self.shared.orders).clear();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What the thread does.
struct Reading<'a> {
    consumer: &'a Arc<BaseConsumer<Context>>,
    notes: &'a Notes,
    shared: &'a Shared,
}

impl Reading<'_> {
    fn run(&self) {
        let mut sources = Vec::new();
        while !self.stopped() {
            let order = locked(&self.shared.orders).pop_front();
            if let Some(order) = order {
                sources.clear();
                let made = self.assign(&order.positions);
                let _ = order.done.send(made.map(|new| sources = new));
            }
            let mut came = false;
            for source in &mut sources {
                came |= self.drain(source);
            }
            // What the client says of itself comes through its own queue. A millisecond empties it; none takes one line.
            let patience = if came { Duration::ZERO } else { Duration::from_millis(1) };
            self.serve(patience);
            if !came {
                self.shared.mailbox.bell.wait(SLEEP);
            }
        }
    }

    fn stopped(&self) -> bool {
        self.shared.stop.load(Ordering::Relaxed)
    }

    fn assign(&self, positions: &[Position]) -> Result<Vec<Source>, LogError> {
        self.consumer.unassign().map_err(|error| class_of(&error))?;
        self.shared.mailbox.clear();
        let mut list = TopicPartitionList::new();
        let mut sources = Vec::new();
        // The queues come first: whatever arrives for a partition arrives in its own.
        for Position { partition, topic, offset } in positions {
            let queue = self.consumer.split_partition_queue(topic, partition.number);
            let mut queue = queue.ok_or_else(|| LogError::Failed(format!("no queue for {topic}")))?;
            let mailbox = self.shared.mailbox.clone();
            queue.set_nonempty_callback(move || mailbox.bell.ring());
            sources.push(Source { partition: *partition, queue, next: *offset });
            let added = list.add_partition_offset(topic, partition.number, Offset::Offset(*offset));
            added.map_err(|error| class_of(&error))?;
        }
        self.consumer.assign(&list).map_err(|error| class_of(&error))?;
        Ok(sources)
    }

    /// Gives whether anything came.
    fn drain(&self, source: &mut Source) -> bool {
        for turn in 0..TURN {
            while self.shared.mailbox.is_full() {
                if self.stopped() || !locked(&self.shared.orders).is_empty() {
                    return true;
                }
                self.shared.mailbox.bell.wait(SLEEP);
                self.serve(Duration::ZERO);
            }
            match source.queue.poll(Duration::ZERO) {
                None => return turn > 0,
                Some(Ok(message)) => {
                    source.next = message.offset() + 1;
                    self.shared.mailbox.record(incoming(source.partition, &message));
                }
                Some(Err(KafkaError::PartitionEOF(_))) => {
                    source.next = self.notes.take_end().unwrap_or(source.next).max(source.next);
                    self.shared.mailbox.end(source.partition, source.next);
                }
                Some(Err(error)) => self.failed(&error),
            }
        }
        true
    }

    fn serve(&self, patience: Duration) {
        if let Some(Err(error)) = self.consumer.poll(patience) {
            self.failed(&error);
        }
    }

    fn failed(&self, error: &KafkaError) {
        let error = match code_of(error) {
            // One broker of several, or once: the client tries again.
            Some(
                RDKafkaErrorCode::BrokerTransportFailure
                | RDKafkaErrorCode::Resolve
                | RDKafkaErrorCode::OperationTimedOut
                | RDKafkaErrorCode::BadMessage
                | RDKafkaErrorCode::PartitionEOF,
            ) => return,
            Some(RDKafkaErrorCode::AllBrokersDown) => LogError::Unreachable(self.notes.text()),
            Some(RDKafkaErrorCode::SSL) => match self.notes.last() {
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
