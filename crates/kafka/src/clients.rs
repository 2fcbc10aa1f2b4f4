//! The two clients of a connection, without a look at the topics: what [`KafkaLog`](crate::KafkaLog) reads and writes
//! with once it has opened.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use nosmoke_ports::{Fetched, LogError, Outgoing, Partition};

use crate::context::Quiet;
use crate::lock::locked;
use crate::mailbox::Mailbox;
use crate::reader::Reader;
use crate::settings::Settings;
use crate::writer::Writer;

/// A consumer and, once the topics are known to be there, a producer.
#[derive(Debug)]
pub struct Clients {
    settings: Settings,
    quiet: Arc<Quiet>,
    mailbox: Arc<Mailbox>,
    pub(crate) reader: Reader,
    writer: Mutex<Option<Arc<Writer>>>,
}

impl Clients {
    /// Makes the consumer, which begins to connect; waits for nothing.
    ///
    /// # Errors
    /// `Settings` for what can't be used.
    pub fn begin(settings: &Settings) -> Result<Self, LogError> {
        Self::begin_quietly(settings, Arc::default())
    }

    pub(crate) fn begin_quietly(settings: &Settings, quiet: Arc<Quiet>) -> Result<Self, LogError> {
        settings.check()?;
        let mailbox = Arc::new(Mailbox::default());
        let reader = Reader::start(settings, quiet.clone(), mailbox.clone())?;
        Ok(Self { settings: settings.clone(), quiet, mailbox, reader, writer: Mutex::new(None) })
    }

    /// Makes the producer. Only now: it would connect at once, and complain once more when it can't.
    ///
    /// # Errors
    /// `Settings` for what can't be used.
    pub fn begin_publishing(&self) -> Result<(), LogError> {
        let writer = Writer::start(&self.settings, self.quiet.clone(), self.mailbox.clone())?;
        *locked(&self.writer) = Some(Arc::new(writer));
        Ok(())
    }

    /// See [`Log::read_from`](nosmoke_ports::Log::read_from).
    ///
    /// # Errors
    /// Why it can't be used.
    pub async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        self.reader.read_from(positions).await
    }

    /// See [`Log::fetch`](nosmoke_ports::Log::fetch).
    ///
    /// # Errors
    /// Of reading, and once of a failed delivery.
    pub async fn fetch(&self, max_records: usize, patience: Duration) -> Result<Fetched, LogError> {
        self.mailbox.fetch(max_records, patience).await
    }

    /// See [`Log::publish`](nosmoke_ports::Log::publish). Never blocks.
    ///
    /// # Errors
    /// After a failed delivery for ever.
    pub fn publish(&self, records: &[Outgoing]) -> Result<usize, LogError> {
        let writer = locked(&self.writer).clone();
        writer.ok_or_else(|| LogError::Failed("the connection is not open".to_owned()))?.publish(records)
    }

    /// Ends both clients within 2 s whatever the cluster does; what is on its way has half a second of it.
    pub fn close(&self) {
        let writer = locked(&self.writer).take();
        self.end(|| {
            if let Some(writer) = writer {
                writer.finish();
            }
        });
    }

    /// Ends both at once: what hasn't arrived is dropped.
    pub(crate) fn discard(&self) {
        let writer = locked(&self.writer).take();
        self.end(|| {
            if let Some(writer) = writer {
                writer.discard();
            }
        });
    }

    /// The two beside each other.
    fn end(&self, writer: impl FnOnce() + Send) {
        std::thread::scope(|scope| {
            scope.spawn(writer);
            self.reader.stop();
        });
    }
}
