//! The two clients of a connection, a consumer and a producer; [`KafkaLog`](crate::KafkaLog) reads and writes with
//! them. They don't check the topics.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::authentication::Authenticator;
use nosmoke_ports::{Fetched, LogError, Outgoing, Partition};
use parking_lot::Mutex;

use crate::callbacks::LogLimiter;
use crate::known_partitions::{KnownPartitions, TopicPartitions};
use crate::mailbox::Mailbox;
use crate::reader::Reader;
use crate::settings::Settings;
use crate::writer::Writer;

/// A consumer and, once the topics are known to exist, a producer.
#[derive(Debug)]
pub struct Clients {
    pub(crate) settings: Settings,
    key: Arc<dyn Authenticator>,
    log_limiter: Arc<LogLimiter>,
    mailbox: Arc<Mailbox>,
    pub(crate) reader: Reader,
    writer: Mutex<Option<Arc<Writer>>>,
    pub(crate) partitions: Arc<KnownPartitions>,
}

impl Clients {
    /// Creates the consumer, which connects in the background.
    ///
    /// # Errors
    /// `Settings` if the settings are invalid.
    pub fn begin(settings: &Settings, key: &Arc<dyn Authenticator>) -> Result<Self, LogError> {
        Self::begin_with(settings, key, Arc::default())
    }

    /// Same as [`Self::begin`], with a log limiter that is kept when the clients are replaced.
    pub(crate) fn begin_with(
        settings: &Settings,
        key: &Arc<dyn Authenticator>,
        log_limiter: Arc<LogLimiter>,
    ) -> Result<Self, LogError> {
        settings.check()?;
        let mailbox = Arc::new(Mailbox::default());
        let reader = Reader::start(settings, key, log_limiter.clone(), mailbox.clone())?;
        let (settings, key) = (settings.clone(), key.clone());
        Ok(Self {
            settings,
            key,
            log_limiter,
            mailbox,
            reader,
            writer: Mutex::new(None),
            partitions: Arc::new(KnownPartitions::default()),
        })
    }

    /// Creates the producer. This is done later than the consumer: the producer connects at once, and would only repeat
    /// the consumer's connection errors.
    ///
    /// # Errors
    /// `Settings` if the settings are invalid.
    pub fn begin_publishing(&self) -> Result<(), LogError> {
        let writer = Writer::start(
            &self.settings,
            &self.key,
            self.log_limiter.clone(),
            self.mailbox.clone(),
            self.partitions.clone(),
        )?;
        *self.writer.lock() = Some(Arc::new(writer));
        Ok(())
    }

    /// See [`Log::read_from`](nosmoke_ports::Log::read_from).
    ///
    /// # Errors
    /// An error if the partitions can't be read.
    pub async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        self.reader.read_from(positions).await
    }

    /// See [`Log::fetch`](nosmoke_ports::Log::fetch).
    ///
    /// # Errors
    /// An error of reading, or once the error of a failed delivery.
    pub async fn fetch(&self, max_messages: usize, timeout: Duration) -> Result<Fetched, LogError> {
        self.mailbox.fetch(max_messages, timeout).await
    }

    /// Called with the partitions that the topics have when the connection is opened.
    pub(crate) fn knows(&self, partitions: TopicPartitions) {
        self.partitions.set(partitions);
    }

    /// Whether it is time to ask for added partitions; if so, the next time is an interval later.
    pub(crate) fn is_asking_due(&self) -> bool {
        self.partitions.is_due(self.settings.partitions_interval)
    }

    /// See [`Log::publish`](nosmoke_ports::Log::publish). It never blocks.
    ///
    /// # Errors
    /// An error if a message is refused; after a failed delivery, always that error.
    pub fn publish(&self, messages: &[Outgoing]) -> Result<usize, LogError> {
        let writer = self.writer.lock().clone();
        writer
            .ok_or_else(|| LogError::Failed("the connection to the cluster is not open".to_owned()))?
            .publish(messages)
    }

    /// Ends both clients within 2 s even if the cluster doesn't answer. Messages in flight have half a second to be
    /// delivered.
    pub fn close(&self) {
        let writer = self.writer.lock().take();
        self.end(|| {
            if let Some(writer) = writer {
                writer.finish();
            }
        });
    }

    /// Ends both clients at once, and drops messages that weren't delivered.
    pub(crate) fn discard(&self) {
        let writer = self.writer.lock().take();
        self.end(|| {
            if let Some(writer) = writer {
                writer.discard();
            }
        });
    }

    /// Ends the two clients in parallel.
    fn end(&self, writer: impl FnOnce() + Send) {
        std::thread::scope(|scope| {
            scope.spawn(writer);
            self.reader.stop();
        });
    }
}
