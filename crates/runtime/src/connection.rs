//! The state of the connection to the Kafka cluster, when it began, and the last error. It is held in memory;
//! replication writes it, all other parts only read it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{CustomerId, TerminalId};
use nosmoke_ports::{LogError, Partition};
use parking_lot::Mutex;
use tokio::sync::watch;

/// Whether this terminal is connected, so that its facts reach other terminals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionState {
    /// No cluster is configured.
    Alone,
    Offline {
        since: DateTime<Utc>,
    },
    Online {
        since: DateTime<Utc>,
        /// Whether older messages of the log are still being read.
        reading: bool,
    },
}

/// Data about the connection besides its state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectionMemory {
    /// When the last outage began, and when it ended.
    pub outage: Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
    pub last_error: Option<(DateTime<Utc>, LogError)>,
    /// Whether the consumer runs and has read everything that the log has at present.
    pub at_end: bool,
    /// The end (next offset) of each partition when the connection was last opened.
    pub log_ends: BTreeMap<Partition, i64>,
    /// How often documents were published again because a stranger's message pushed them out of the log.
    pub pushed_out: u64,
    /// What was passed over since the program started, because a table in memory was full.
    pub passed_over: PassedOver,
    /// For each terminal that has read equally far but has different facts, the difference that was found.
    pub differences: BTreeMap<TerminalId, Difference>,
}

/// What was passed over because a table in memory was full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PassedOver {
    /// Reports that a terminal lacks an incarnation's facts.
    pub gaps: u64,
    /// Heartbeats of terminals whose heads aren't remembered.
    pub terminals: u64,
    /// Tombstones without a fact that erases their customer.
    pub tombstones: u64,
}

/// The difference between another terminal and this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The first customer whose facts differ; `None` if all facts are the same and only the kept count or digest is
    /// wrong.
    pub customer: Option<DifferingCustomer>,
    /// This terminal's stored facts don't match the digest that was kept when they were written: its database file was
    /// altered. `altered_there` says the same of the other terminal.
    pub altered_here: bool,
    pub altered_there: bool,
}

/// A customer of whom two terminals have different facts, and the number of facts at each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DifferingCustomer {
    pub customer: CustomerId,
    pub here: u64,
    pub there: u64,
}

#[derive(Debug)]
pub struct ClusterConnection {
    state: watch::Sender<ConnectionState>,
    memory: Mutex<ConnectionMemory>,
    /// Incremented by [`Self::retry()`], which ends the wait before the next attempt to connect.
    retry: watch::Sender<u64>,
}

impl Default for ClusterConnection {
    fn default() -> Self {
        Self {
            state: watch::Sender::new(ConnectionState::Alone),
            memory: Mutex::default(),
            retry: watch::Sender::new(0),
        }
    }
}

impl ClusterConnection {
    pub fn state(&self) -> ConnectionState {
        *self.state.borrow()
    }

    /// Whether the connection is up, so that facts recorded now reach other terminals soon.
    pub fn is_up(&self) -> bool {
        matches!(self.state(), ConnectionState::Online { .. })
    }

    /// Whether the connection is up and everything in the log has been read.
    pub fn has_read_all(&self) -> bool {
        matches!(self.state(), ConnectionState::Online { reading: false, .. })
    }

    /// Whether the connection is up, the consumer runs, and it has read the log to its present end.
    pub fn is_at_end(&self) -> bool {
        self.has_read_all() && self.memory.lock().at_end
    }

    /// Called by the consumer after each step, and with `false` when it stops.
    pub fn set_at_end(&self, at_end: bool) {
        self.memory.lock().at_end = at_end;
    }

    pub fn memory(&self) -> ConnectionMemory {
        self.memory.lock().clone()
    }

    /// Subscribes to changes of the state.
    pub fn subscribe(&self) -> watch::Receiver<ConnectionState> {
        self.state.subscribe()
    }

    /// Requests an immediate attempt to connect, with new Kafka clients.
    pub fn retry(&self) {
        self.retry.send_modify(|count| *count += 1);
    }

    pub fn retries(&self) -> watch::Receiver<u64> {
        self.retry.subscribe()
    }

    /// Called when a cluster has been configured, before the first attempt to connect.
    pub fn configured(&self, now: DateTime<Utc>) {
        self.set(ConnectionState::Offline { since: now });
    }

    /// Called when no cluster is configured any more.
    pub fn alone(&self) {
        self.set(ConnectionState::Alone);
    }

    /// Called when the connection has been established.
    pub fn up(&self, now: DateTime<Utc>) {
        if !self.is_up() {
            self.remember(|memory| {
                if let Some((_, to @ None)) = &mut memory.outage {
                    *to = Some(now);
                }
            });
            self.set(ConnectionState::Online { since: now, reading: true });
        }
    }

    /// Sets whether older messages are still being read.
    pub fn reading(&self, reading: bool) {
        if let ConnectionState::Online { since, .. } = self.state() {
            self.set(ConnectionState::Online { since, reading });
        }
    }

    /// Called when an attempt to connect failed or the connection was lost.
    pub fn down(&self, now: DateTime<Utc>, error: LogError) {
        let was_up = self.is_up();
        self.remember(|memory| {
            memory.last_error = Some((now, error));
            if was_up || memory.outage.is_none_or(|(_, to)| to.is_some()) {
                memory.outage = Some((now, None));
            }
        });
        if was_up {
            self.set(ConnectionState::Offline { since: now });
        }
    }

    pub fn remember(&self, change: impl FnOnce(&mut ConnectionMemory)) {
        change(&mut self.memory.lock());
    }

    fn set(&self, state: ConnectionState) {
        self.state.send_if_modified(|current| {
            let changed = *current != state;
            *current = state;
            changed
        });
    }
}
