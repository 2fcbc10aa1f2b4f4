//! The producer: idempotent, in order, without a delivery timeout, with a bounded window of messages in flight.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::authentication::Authenticator;
use nosmoke_ports::{LogError, Outgoing};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer, PurgeConfig, ThreadedProducer};

use crate::callbacks::{ClientCallbacks, ClientReports, LogLimiter};
use crate::classify::{class_of, code_of};
use crate::known_partitions::KnownPartitions;
use crate::mailbox::Mailbox;
use crate::settings::Settings;

/// How long the delivery of messages in flight may take when the connection is closed.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(500);

pub(crate) struct Writer {
    producer: ThreadedProducer<ClientCallbacks>,
    settings: Settings,
    key: Arc<dyn Authenticator>,
    mailbox: Arc<Mailbox>,
    partitions: Arc<KnownPartitions>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl Writer {
    pub(crate) fn start(
        settings: &Settings,
        key: &Arc<dyn Authenticator>,
        log_limiter: Arc<LogLimiter>,
        mailbox: Arc<Mailbox>,
        partitions: Arc<KnownPartitions>,
    ) -> Result<Self, LogError> {
        let callbacks = ClientCallbacks {
            log_limiter,
            reports: Arc::new(ClientReports::default()),
            mailbox: Some(mailbox.clone()),
        };
        let producer = settings.producer().create_with_context(callbacks).map_err(|error| class_of(&error))?;
        Ok(Self { producer, settings: settings.clone(), key: key.clone(), mailbox, partitions })
    }

    /// Passes messages to the client, and returns how many it accepted: fewer than all if the window is full.
    pub(crate) fn publish(&self, messages: &[Outgoing]) -> Result<usize, LogError> {
        if let Some(failed) = self.mailbox.failed_delivery() {
            return Err(failed);
        }
        for (taken, message) in messages.iter().enumerate() {
            let Err(error) = self.send(message) else { continue };
            return match code_of(&error) {
                Some(RDKafkaErrorCode::QueueFull) => Ok(taken),
                // Earlier messages were accepted. The next call begins with this message, and returns its error.
                _ if taken > 0 => Ok(taken),
                _ => Err(class_of(&error)),
            };
        }
        Ok(messages.len())
    }

    fn send(&self, message: &Outgoing) -> Result<(), KafkaError> {
        let topic = self.settings.topic_name(message.topic);
        let mut headers = OwnedHeaders::new_with_capacity(message.headers.len() + 2);
        for (key, value) in &message.headers {
            headers = headers.insert(Header { key, value: Some(value) });
        }
        for (key, value) in &message.authentication(&*self.key) {
            headers = headers.insert(Header { key, value: Some(value) });
        }
        if message.value.is_none() && message.topic.is_compacted() {
            // Partitions may have been added since the key was written, and then it lies in another one than a message
            // with it would go to now.
            return self.partitions.of(message.topic).into_iter().try_for_each(|number| {
                let tombstone = BaseRecord::to(&topic).key(&message.key).headers(headers.clone()).partition(number);
                self.pass_on(tombstone).or_else(|error| match code_of(&error) {
                    // The producer hasn't heard of the partition yet, so it can't have written the key there.
                    Some(RDKafkaErrorCode::UnknownPartition) => Ok(()),
                    _ => Err(error),
                })
            });
        }
        let mut outgoing = BaseRecord::to(&topic).key(&message.key).headers(headers);
        if let Some(value) = &message.value {
            outgoing = outgoing.payload(value);
        }
        self.pass_on(outgoing)
    }

    fn pass_on(&self, outgoing: BaseRecord<'_, String, Vec<u8>>) -> Result<(), KafkaError> {
        self.producer.send(outgoing).map_err(|(error, _)| error)
    }

    /// Waits up to [`FLUSH_TIMEOUT`] for messages in flight to be delivered, and drops the rest.
    pub(crate) fn finish(&self) {
        let _ = self.producer.flush(FLUSH_TIMEOUT);
        self.discard();
    }

    /// Drops all messages that weren't delivered.
    pub(crate) fn discard(&self) {
        self.producer.purge(PurgeConfig::default().queue().inflight());
    }
}
