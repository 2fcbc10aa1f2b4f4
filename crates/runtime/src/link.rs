//! The link to the other terminals: whether there is one, since when, and what last went wrong. Kept in memory; only the
//! exchange changes it, everyone may read it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{CustomerId, TerminalId};
use nosmoke_ports::{LogError, Partition};
use tokio::sync::watch;

/// Whether records leave this terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// No cluster is configured.
    Alone,
    Offline {
        since: DateTime<Utc>,
    },
    Online {
        since: DateTime<Utc>,
        /// Older records are still being read.
        reading: bool,
    },
}

/// What is remembered beside the state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkMemory {
    /// The last time without a link, and when it ended.
    pub outage: Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
    pub last_error: Option<(DateTime<Utc>, LogError)>,
    /// Our clock less the cluster's, as the last own heartbeat showed.
    pub clock_off_ms: Option<i64>,
    /// The offsets that came next in the log when it was last connected to.
    pub log_ends: BTreeMap<Partition, i64>,
    /// What terminals hold otherwise though they have read as far, once it was found.
    pub differences: BTreeMap<TerminalId, Difference>,
}

/// How another terminal differs from this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The first customer of whom it holds other facts; `None` where the facts are the same and only a count of them isn't.
    pub customer: Option<DifferingCustomer>,
    /// The facts that are here, or there, aren't those that were counted when they were written: the file was changed.
    pub altered_here: bool,
    pub altered_there: bool,
}

/// A customer of whom two terminals hold different facts, and how many each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DifferingCustomer {
    pub customer: CustomerId,
    pub here: u64,
    pub there: u64,
}

#[derive(Debug)]
pub struct Link {
    state: watch::Sender<LinkState>,
    memory: Mutex<LinkMemory>,
    /// Raised by `retry`: whoever waits before the next attempt stops waiting.
    retry: watch::Sender<u64>,
}

impl Default for Link {
    fn default() -> Self {
        Self { state: watch::Sender::new(LinkState::Alone), memory: Mutex::default(), retry: watch::Sender::new(0) }
    }
}

impl Link {
    pub fn state(&self) -> LinkState {
        *self.state.borrow()
    }

    /// The link is up, so that what is recorded now reaches others soon.
    pub fn is_up(&self) -> bool {
        matches!(self.state(), LinkState::Online { .. })
    }

    /// The link is up and everything that the log held was read.
    pub fn has_read_all(&self) -> bool {
        matches!(self.state(), LinkState::Online { reading: false, .. })
    }

    pub fn memory(&self) -> LinkMemory {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells of every change from now on.
    pub fn subscribe(&self) -> watch::Receiver<LinkState> {
        self.state.subscribe()
    }

    /// Asks for another attempt at once, with clients made anew.
    pub fn retry(&self) {
        self.retry.send_modify(|count| *count += 1);
    }

    pub fn retries(&self) -> watch::Receiver<u64> {
        self.retry.subscribe()
    }

    /// A cluster is configured; it isn't reached yet.
    pub fn configured(&self, now: DateTime<Utc>) {
        self.set(LinkState::Offline { since: now });
    }

    /// No cluster is configured any more.
    pub fn alone(&self) {
        self.set(LinkState::Alone);
    }

    /// The link came up.
    pub fn up(&self, now: DateTime<Utc>) {
        if !self.is_up() {
            self.remember(|memory| {
                if let Some((_, to @ None)) = &mut memory.outage {
                    *to = Some(now);
                }
            });
            self.set(LinkState::Online { since: now, reading: true });
        }
    }

    /// Everything that the log held was read, or no longer so.
    pub fn reading(&self, reading: bool) {
        if let LinkState::Online { since, .. } = self.state() {
            self.set(LinkState::Online { since, reading });
        }
    }

    /// The link is down, because of this.
    pub fn down(&self, now: DateTime<Utc>, error: LogError) {
        let was_up = self.is_up();
        self.remember(|memory| {
            memory.last_error = Some((now, error));
            if was_up || memory.outage.is_none_or(|(_, to)| to.is_some()) {
                memory.outage = Some((now, None));
            }
        });
        if was_up {
            self.set(LinkState::Offline { since: now });
        }
    }

    pub fn remember(&self, change: impl FnOnce(&mut LinkMemory)) {
        change(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn set(&self, state: LinkState) {
        self.state.send_if_modified(|current| {
            let changed = *current != state;
            *current = state;
            changed
        });
    }
}
