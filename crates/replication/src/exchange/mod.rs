//! One terminal's side of the exchange. Every step is a call that ends, so that the same code runs in the program, where
//! [`run`](crate::run) repeats it, and in a simulator, on one thread.

mod error;
mod on_the_way;
mod resume;
mod session;

pub use error::ExchangeError;
pub(crate) use resume::value_hash;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nosmoke_domain::fact::Catalogue;
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{Clock, Ids, Journal, Log, LogError, Priority, StoreError, Topic, Write, read, write};
use nosmoke_runtime::Core;
use nosmoke_runtime::contexts::Contexts;
use nosmoke_runtime::feed::Feed;
use nosmoke_runtime::link::Link;
use nosmoke_runtime::measures::Measures;

use self::resume::{Reading, Resume, from_the_start, resume};
use self::session::Session;
use crate::LogMemory;

#[derive(Debug, Clone)]
pub struct Exchange {
    pub journal: Arc<dyn Journal>,
    pub log: Arc<dyn Log>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub feed: Arc<Feed>,
    pub link: Arc<Link>,
    pub(crate) contexts: Arc<Contexts>,
    pub(crate) measures: Arc<Measures>,
    pub(crate) traces: Traces,
    /// Of the program, told in heartbeats.
    pub version: String,
    /// What the program knows; the whole catalogue but in tests of an older program.
    pub catalogue: Catalogue,
    session: Arc<Mutex<Session>>,
}

impl Exchange {
    pub fn new(core: &Core, log: Arc<dyn Log>, version: String) -> Self {
        let Core { journal, clock, ids, traces, feed, link, contexts, measures } = core.clone();
        let (catalogue, session) = (Catalogue::default(), Arc::default());
        Self { journal, log, clock, ids, feed, link, contexts, measures, traces, version, catalogue, session }
    }

    pub(crate) fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// There is a connection, as far as is known.
    pub fn is_connected(&self) -> bool {
        self.session().connected
    }

    /// Everything that the log held was read.
    pub fn has_read_all(&self) -> bool {
        let session = self.session();
        session.connected && session.unread.is_empty()
    }

    /// Connects, and plans from where to read. A log that isn't the one that was read before is read from its start, and what
    /// it lacks will be published.
    ///
    /// # Errors
    /// The log's and the store's.
    pub async fn connect(&self) -> Result<(), ExchangeError> {
        *self.session() = Session::default();
        let view = self.log.open().await?;
        let (positions, memory) =
            read::<_, StoreError>(&*self.journal, |tx| Ok((tx.log_positions()?, LogMemory::read(tx)?))).await?;
        let reading = match resume(&view, &positions, memory.cluster_id.as_deref()) {
            Resume::GoOn(reading) => {
                self.note_log(&view.cluster_id, &reading).await?;
                reading
            }
            Resume::NewLog(why) => {
                self.begin_new_log(why).await?;
                let cluster_id = view.cluster_id.clone();
                write::<(), StoreError>(&*self.journal, Priority::Background, move |tx| {
                    LogMemory::change(tx, |memory| memory.cluster_id = Some(cluster_id.clone()))
                })
                .await?;
                from_the_start(&view, &BTreeSet::new())
            }
        };
        let memory = read::<_, StoreError>(&*self.journal, |tx| LogMemory::read(tx)).await?;
        let unread = view.partitions.iter().filter(|(_, range)| !range.is_empty()).map(|(partition, _)| *partition);
        {
            let mut session = self.session();
            session.connected = true;
            session.expected = reading.expected.clone();
            session.unread = unread.collect();
            session.reading_new = memory.reading_new;
        }
        let ends = view.partitions.iter().map(|(partition, range)| (*partition, range.end)).collect();
        self.link.remember(|memory| memory.log_ends = ends);
        let connected = self.log.read_from(&reading.from).await;
        if let Err(error) = connected {
            self.session().connected = false;
            return Err(error.into());
        }
        self.link.up(self.clock.now());
        let nothing_to_read = self.session().unread.is_empty();
        if nothing_to_read {
            self.read_all().await?
        } else {
            self.link.reading(true)
        }
        Ok(())
    }

    /// The log was another one, though it first seemed the same, or an offset is gone: from its start, at the next connection.
    ///
    /// # Errors
    /// The store's.
    pub async fn begin_new_log(&self, why: String) -> Result<(), StoreError> {
        tracing::warn!(why, "the log is another one: all of it will be read, and what it lacks be published");
        let now = self.clock.now();
        let unit = move |tx: &mut dyn Write| {
            tx.forget_log_positions(&Topic::ALL)?;
            tx.mark_all_pending()?;
            LogMemory::change(tx, |memory| {
                (memory.reading_new, memory.new_log_at) = (true, Some(now));
                (memory.cluster_id, memory.sealed_records) = (None, 0);
            })
        };
        write::<(), StoreError>(&*self.journal, Priority::Background, unit).await?;
        Ok(())
    }

    /// The connection is gone.
    pub fn disconnected(&self, error: &ExchangeError) {
        self.session().connected = false;
        let error = match error {
            ExchangeError::Log(error) => error.clone(),
            ExchangeError::Store(error) => LogError::Failed(error.to_string()),
            // No faults of the link: it is begun anew at once.
            ExchangeError::NewLog(_) | ExchangeError::NewLife => return,
        };
        self.link.down(self.clock.now(), error);
    }

    /// Everything that the log held was read: what it lacks of a new one is published from now on.
    pub(crate) async fn read_all(&self) -> Result<(), StoreError> {
        let was_new = std::mem::take(&mut self.session().reading_new);
        if was_new {
            let unit = |tx: &mut dyn Write| LogMemory::change(tx, |memory| memory.reading_new = false);
            write::<(), StoreError>(&*self.journal, Priority::Background, unit).await?;
        }
        self.link.reading(false);
        self.feed.nudge();
        Ok(())
    }

    async fn note_log(&self, cluster_id: &str, reading: &Reading) -> Result<(), StoreError> {
        let (cluster_id, read_again) = (cluster_id.to_owned(), reading.read_again.iter().copied().collect::<Vec<_>>());
        let unit = move |tx: &mut dyn Write| {
            if !read_again.is_empty() {
                tx.forget_log_positions(&read_again)?;
            }
            LogMemory::change(tx, |memory| memory.cluster_id = Some(cluster_id.clone()))
        };
        write::<(), StoreError>(&*self.journal, Priority::Background, unit).await?;
        Ok(())
    }
}
