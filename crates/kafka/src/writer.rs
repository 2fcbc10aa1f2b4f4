//! The producer: idempotent, without a time limit, in order, with a bounded window.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::{LogError, Outgoing};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer, PurgeConfig, ThreadedProducer};

use crate::classify::{class_of, code_of};
use crate::context::{Context, Notes, Quiet};
use crate::mailbox::Mailbox;
use crate::settings::Settings;

/// What is on its way may still arrive within this time when the connection ends.
const LAST_CHANCE: Duration = Duration::from_millis(500);

pub(crate) struct Writer {
    producer: ThreadedProducer<Context>,
    settings: Settings,
    mailbox: Arc<Mailbox>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl Writer {
    pub(crate) fn start(settings: &Settings, quiet: Arc<Quiet>, mailbox: Arc<Mailbox>) -> Result<Self, LogError> {
        let context = Context { quiet, notes: Arc::new(Notes::default()), mailbox: Some(mailbox.clone()) };
        let producer = settings.producer().create_with_context(context).map_err(|error| class_of(&error))?;
        Ok(Self { producer, settings: settings.clone(), mailbox })
    }

    /// How many were taken.
    pub(crate) fn publish(&self, records: &[Outgoing]) -> Result<usize, LogError> {
        if let Some(failed) = self.mailbox.failed_delivery() {
            return Err(failed);
        }
        for (taken, record) in records.iter().enumerate() {
            let Err(error) = self.send(record) else { continue };
            return match code_of(&error) {
                Some(RDKafkaErrorCode::QueueFull) => Ok(taken),
                // Those before it are on their way; the next call begins with this one.
                _ if taken > 0 => Ok(taken),
                _ => Err(class_of(&error)),
            };
        }
        Ok(records.len())
    }

    fn send(&self, record: &Outgoing) -> Result<(), rdkafka::error::KafkaError> {
        let topic = self.settings.topic_name(record.topic);
        let mut headers = OwnedHeaders::new_with_capacity(record.headers.len());
        for (key, value) in &record.headers {
            headers = headers.insert(Header { key, value: Some(value) });
        }
        let mut outgoing = BaseRecord::to(&topic).key(&record.key).headers(headers);
        if let Some(value) = &record.value {
            outgoing = outgoing.payload(value);
        }
        self.producer.send(outgoing).map_err(|(error, _)| error)
    }

    /// Lets what is on its way arrive, and drops the rest.
    pub(crate) fn finish(&self) {
        let _ = self.producer.flush(LAST_CHANCE);
        self.discard();
    }

    /// Drops what hasn't arrived.
    pub(crate) fn discard(&self) {
        self.producer.purge(PurgeConfig::default().queue().inflight());
    }
}
