//! One terminal's side of the exchange. Every step is a call that ends, so that the same code runs in the program, where
//! [`run`](super::run) repeats it, and in a simulator, on one thread.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Catalogue;
use nosmoke_domain::ids::{EventId, IncarnationId, TerminalId};
use nosmoke_ports::contract::AppError;
use nosmoke_ports::setting;
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{
    Clock, Ids, Journal, Log, LogError, Partition, Priority, ReadSettings, RecordKey, StoreError, Topic, Write,
    WriteSettings, read, write,
};
use nosmoke_runtime::Core;
use nosmoke_runtime::contexts::Contexts;
use nosmoke_runtime::feed::Feed;
use nosmoke_runtime::link::Link;
use nosmoke_runtime::measures::Measures;
use serde::{Deserialize, Serialize};

use super::on_the_way::OnTheWay;
use super::resume::{Expected, Reading, Resume, from_the_start, resume};
use crate::differences::Narrowing;
use crate::joining::connection;

/// Why a step of the exchange failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log that is being read turned out to be another one: connect again.
    #[error("the log is another one: {0}")]
    NewLog(String),
    /// This terminal began another life: connect again.
    #[error("another life began")]
    NewLife,
}

impl ExchangeError {
    /// As a stable code, without what a server said.
    pub(super) fn word(&self) -> String {
        match self {
            Self::Log(error) => connection::worded(error).code.word(),
            Self::Store(error) => AppError::from(error.clone()).code.word(),
            Self::NewLog(_) => "new_log".into(),
            Self::NewLife => "new_life".into(),
        }
    }
}

/// What the journal's settings remember of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogMemory {
    /// The cluster that the positions are of.
    pub cluster_id: Option<String>,
    /// A new log was found, and hasn't been read to its end: nothing is published until then.
    pub reading_new: bool,
    /// When a new log was last found.
    pub new_log_at: Option<DateTime<Utc>>,
    /// When this terminal last began another life because its journal was older than its log, or a copy.
    pub new_life_at: Option<DateTime<Utc>>,
    /// Records that another facility key has sealed.
    pub sealed_records: u64,
}

impl LogMemory {
    const SETTING: &str = "log";

    /// # Errors
    /// The store's.
    pub fn read(tx: &mut dyn ReadSettings) -> Result<Self, StoreError> {
        Ok(setting::read(tx, Self::SETTING)?.unwrap_or_default())
    }

    /// Changes what is remembered.
    ///
    /// # Errors
    /// The store's.
    pub fn change(tx: &mut dyn WriteSettings, change: impl FnOnce(&mut Self)) -> Result<(), StoreError> {
        let before = Self::read(tx)?;
        let mut memory = before.clone();
        change(&mut memory);
        if memory == before {
            return Ok(());
        }
        setting::put(tx, Self::SETTING, &memory)
    }
}

/// What is known of the present connection; gone with it.
#[derive(Debug, Default)]
pub(super) struct Session {
    pub(super) connected: bool,
    /// Partitions whose first record is still to be compared.
    pub(super) expected: BTreeMap<Partition, Expected>,
    /// Partitions that haven't been read to their end.
    pub(super) unread: BTreeSet<Partition>,
    /// Facts handed over for publishing, own ones and others', up to these changes.
    pub(super) handed_over: [i64; 2],
    /// Own facts of those, by their hashes.
    pub(super) on_the_way: OnTheWay,
    /// The log took less than was handed over: what is on its way has to arrive first.
    pub(super) window_is_full: bool,
    pub(super) handed_over_records: BTreeMap<RecordKey, Option<EventId>>,
    /// When the publisher last looked at the records that wait.
    pub(super) records_looked_at: Option<DateTime<Utc>>,
    /// When something was last handed over or read back.
    pub(super) moved_at: Option<DateTime<Utc>>,
    pub(super) beat_at: Option<DateTime<Utc>>,
    /// Heads that a terminal was seen to lack though it had read everything.
    pub(super) lacking: BTreeMap<(TerminalId, IncarnationId), u64>,
    /// Terminals that differ though they have read as far.
    pub(super) narrowing: Narrowing,
    /// Nothing is published before the new log was read.
    pub(super) reading_new: bool,
}

impl Session {
    pub(super) fn publish_again(&mut self) {
        self.handed_over = [0; 2];
        self.on_the_way.clear();
        self.window_is_full = false;
        self.handed_over_records.clear();
    }
}

#[derive(Debug, Clone)]
pub struct Exchange {
    pub journal: Arc<dyn Journal>,
    pub log: Arc<dyn Log>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub feed: Arc<Feed>,
    pub link: Arc<Link>,
    pub(super) contexts: Arc<Contexts>,
    pub(super) measures: Arc<Measures>,
    pub(super) traces: Traces,
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

    pub(super) fn session(&self) -> MutexGuard<'_, Session> {
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
    pub(super) async fn read_all(&self) -> Result<(), StoreError> {
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
