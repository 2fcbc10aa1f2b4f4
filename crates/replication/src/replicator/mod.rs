//! One terminal's side of replication. Every step is a call that returns, so that the same code runs in the program,
//! where [`run`](crate::run) repeats it, and single-threaded in the simulator.

mod error;
mod in_flight;
mod resume;
mod state;

pub use error::ReplicationError;
pub(crate) use state::{Beat, ReplicatorState};

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Catalogue;
use nosmoke_ports::authentication::{Authenticator, KeyId};
use nosmoke_ports::{Log, LogError, Partition, Priority, StoreError, Topic, Write, read, write};
use nosmoke_runtime::Core;
use parking_lot::{Mutex, MutexGuard};

use self::resume::{Known, Reading, Resume, from_the_start, resume};
use crate::{FacilityKey, LogMemory};

/// Publishes this terminal's facts and documents to the log, and consumes those of others. Clones share their state.
#[derive(Debug, Clone)]
pub struct Replicator {
    pub core: Core,
    pub log: Arc<dyn Log>,
    /// The program's version, sent in heartbeats.
    pub version: String,
    /// The fact types that the program knows. Tests leave some out, to play an older program.
    pub catalogue: Catalogue,
    state: Arc<Mutex<ReplicatorState>>,
}

impl Replicator {
    pub fn new(core: &Core, log: Arc<dyn Log>, version: String) -> Self {
        let (catalogue, state) = (Catalogue::default(), Arc::default());
        Self { core: core.clone(), log, version, catalogue, state }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, ReplicatorState> {
        self.state.lock()
    }

    /// Whether the last connection attempt succeeded and nothing has failed since.
    pub fn is_connected(&self) -> bool {
        self.state().connected
    }

    /// Whether the log was read up to the end that it had when this connection began.
    pub fn has_read_all(&self) -> bool {
        let state = self.state();
        state.connected && state.unread.is_empty()
    }

    /// Connects to the log and plans where to resume reading. If the log was replaced, it is read from its start, and
    /// the facts and documents that it lacks will be published.
    ///
    /// # Errors
    /// An error of the log or of the store.
    pub async fn connect(&self) -> Result<(), ReplicationError> {
        self.core.connection.set_at_end(false);
        *self.state() = ReplicatorState::default();
        self.core.heard.connects();
        let key = read::<_, StoreError>(&*self.core.journal, |tx| FacilityKey::read(tx)).await?;
        let key = key.ok_or(LogError::NoFacilityKey)?;
        let authenticator: Arc<dyn Authenticator> = Arc::new(key.message_key());
        let view = self.log.open(&authenticator).await?;
        let (positions, memory) =
            read::<_, StoreError>(&*self.core.journal, |tx| Ok((tx.log_positions()?, LogMemory::read(tx)?))).await?;
        let known = Known { cluster_id: memory.cluster_id.as_deref(), key_id: memory.key_id };
        let reading = match resume(&view, &positions, known, key.id()) {
            Resume::GoOn(reading) => reading,
            Resume::NewLog(why) => {
                self.begin_new_log(why).await?;
                from_the_start(&view, &BTreeSet::new())
            }
            Resume::NewKey => {
                tracing::info!(key_id = %key.id(), "the log is read and published again under this facility key");
                self.read_from_the_start(None).await?;
                from_the_start(&view, &BTreeSet::new())
            }
        };
        self.note_log(&view.cluster_id, key.id(), &reading).await?;
        let memory = read::<_, StoreError>(&*self.core.journal, |tx| LogMemory::read(tx)).await?;
        let is_unread =
            |(partition, range): &(&Partition, &Range<i64>)| !range.is_empty() && partition.topic != Topic::Requests;
        let unread = view.partitions.iter().filter(is_unread).map(|(partition, _)| *partition);
        {
            let mut state = self.state();
            state.connected = true;
            state.key = Some(key);
            state.expected = reading.expected.clone();
            state.from = reading.from.iter().copied().collect();
            state.unread = unread.collect();
            state.reading_new = memory.reading_new;
        }
        let ends = view.partitions.iter().map(|(partition, range)| (*partition, range.end)).collect();
        self.core.connection.remember(|memory| memory.log_ends = ends);
        let connected = self.log.read_from(&reading.from).await;
        if let Err(error) = connected {
            self.state().connected = false;
            return Err(error.into());
        }
        self.core.connection.up(self.core.clock.now());
        let nothing_to_read = self.state().unread.is_empty();
        if nothing_to_read {
            self.read_all().await?
        } else {
            self.core.connection.reading(true)
        }
        Ok(())
    }

    /// Reads again from the positions in the journal, on the same connection, after a step of the consumer failed: what
    /// it had fetched wasn't applied. What was handed over stays so, and isn't published again.
    ///
    /// # Errors
    /// An error of the log or of the store.
    pub(crate) async fn read_again(&self) -> Result<(), ReplicationError> {
        let positions = read::<_, StoreError>(&*self.core.journal, |tx| tx.log_positions()).await?;
        let from = {
            let state = self.state();
            let mut from = state.from.clone();
            from.extend(positions.iter().map(|position| (position.partition, position.next_offset)));
            // Partitions of which nothing was read yet are still to be checked.
            from.extend(state.expected.iter().map(|(partition, expected)| (*partition, expected.offset)));
            from
        };
        self.log.read_from(&from.into_iter().collect::<Vec<_>>()).await?;
        Ok(())
    }

    /// Forgets all log positions and marks everything pending, because the log was replaced or a saved offset is gone.
    /// The next connection reads from the start.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn begin_new_log(&self, why: String) -> Result<(), StoreError> {
        tracing::warn!(why, "the log was replaced: it is read from its start, and everything it lacks is published");
        self.read_from_the_start(Some(self.core.clock.now())).await
    }

    /// Forgets all log positions and marks everything pending. `lost_at` is when the log was found to be another one.
    async fn read_from_the_start(&self, lost_at: Option<DateTime<Utc>>) -> Result<(), StoreError> {
        let unit = move |tx: &mut dyn Write| {
            tx.forget_log_positions(&Topic::ALL)?;
            tx.mark_all_pending()?;
            LogMemory::change(tx, |memory| {
                (memory.reading_new, memory.cluster_id) = (true, None);
                memory.new_log_at = lost_at.or(memory.new_log_at);
            })
        };
        write::<(), StoreError>(&*self.core.journal, Priority::Background, unit).await?;
        Ok(())
    }

    /// Records that the connection failed.
    pub fn disconnected(&self, error: &ReplicationError) {
        self.state().connected = false;
        let error = match error {
            ReplicationError::Log(error) => error.clone(),
            ReplicationError::Store(error) => LogError::Failed(error.to_string()),
            // These aren't connection errors: the caller reconnects at once.
            ReplicationError::NewLog(_) | ReplicationError::NewIncarnation => return,
        };
        self.core.connection.down(self.core.clock.now(), error);
    }

    /// Called when the log was read to its end. If it is a new log, publishing begins now.
    pub(crate) async fn read_all(&self) -> Result<(), StoreError> {
        let was_new = {
            let mut state = self.state();
            state.read_all_at = Some(self.core.clock.uptime());
            std::mem::take(&mut state.reading_new)
        };
        if was_new {
            let unit = |tx: &mut dyn Write| LogMemory::change(tx, |memory| memory.reading_new = false);
            write::<(), StoreError>(&*self.core.journal, Priority::Background, unit).await?;
        }
        self.core.connection.reading(false);
        self.core.feed.nudge();
        Ok(())
    }

    async fn note_log(&self, cluster_id: &str, key_id: KeyId, reading: &Reading) -> Result<(), StoreError> {
        let (cluster_id, read_again) = (cluster_id.to_owned(), reading.read_again.iter().copied().collect::<Vec<_>>());
        let unit = move |tx: &mut dyn Write| {
            if !read_again.is_empty() {
                tx.forget_log_positions(&read_again)?;
            }
            LogMemory::change(tx, |memory| {
                (memory.cluster_id, memory.key_id) = (Some(cluster_id.clone()), Some(key_id));
            })
        };
        write::<(), StoreError>(&*self.core.journal, Priority::Background, unit).await?;
        Ok(())
    }
}
