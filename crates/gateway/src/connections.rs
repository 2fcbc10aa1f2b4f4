//! The open connections of a gateway: how many there may be, how long each may wait, and which one makes room for a new
//! one.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::limits::Limits;

/// What a connection waits for, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The head of a request has begun to arrive, or the connection is new.
    Head { until: Instant },
    /// A request is being answered; the handlers have timeouts of their own.
    Answering,
    /// The answer is being written, or the next request is awaited.
    Idle { until: Instant },
}

#[derive(Debug)]
struct Entry {
    phase: Phase,
    /// Whether a request with the token has come over this connection.
    is_known: bool,
    /// `None` until the connection's task runs.
    task: Option<AbortHandle>,
}

/// All open connections, in the order in which they were accepted.
#[derive(Debug)]
pub(crate) struct Connections {
    limits: Limits,
    entries: Mutex<(u64, BTreeMap<u64, Entry>)>,
    /// Notified when a connection ends, or when a known one becomes idle.
    room: Notify,
}

/// One open connection; removed from [`Connections`] when dropped.
#[derive(Debug)]
pub(crate) struct Connection {
    all: Arc<Connections>,
    id: u64,
    /// Notified when the deadline has come nearer.
    nearer: Notify,
}

impl Connections {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, entries: Mutex::default(), room: Notify::new() }
    }

    /// Adds a connection. At the limit it closes the oldest connection over which no token has come, or else the oldest
    /// idle one; if every connection is answering a request with the token, waits until one isn't.
    pub(crate) async fn admit(self: &Arc<Self>, is_known: bool) -> Connection {
        loop {
            let room = self.room.notified();
            if let Some(connection) = self.try_admit(is_known) {
                return connection;
            }
            room.await;
        }
    }

    fn try_admit(self: &Arc<Self>, is_known: bool) -> Option<Connection> {
        let mut entries = self.entries.lock();
        let (next, open) = &mut *entries;
        if open.len() >= self.limits.connections {
            let stranger = open.iter().find(|(_, entry)| !entry.is_known);
            let idle = || open.iter().find(|(_, entry)| matches!(entry.phase, Phase::Idle { .. }));
            let id = stranger.or_else(idle).map(|(id, _)| *id)?;
            let closed = open.remove(&id);
            if let Some(task) = closed.and_then(|entry| entry.task) {
                task.abort();
            }
        }
        *next += 1;
        let phase = Phase::Head { until: Instant::now() + self.limits.head_timeout };
        open.insert(*next, Entry { phase, is_known, task: None });
        Some(Connection { all: self.clone(), id: *next, nearer: Notify::new() })
    }
}

impl Connection {
    /// Tells how to end the connection.
    pub(crate) fn runs_in(&self, task: AbortHandle) {
        if self.change(|entry| entry.task = Some(task.clone())).is_none() {
            task.abort();
        }
    }

    /// The first bytes of a request have arrived.
    pub(crate) fn reads(&self) {
        let until = Instant::now() + self.all.limits.head_timeout;
        let begun = self.change(|entry| {
            let begins = matches!(entry.phase, Phase::Idle { .. });
            if begins {
                entry.phase = Phase::Head { until };
            }
            begins
        });
        if begun == Some(true) {
            self.nearer.notify_one();
        }
    }

    /// The head of a request has arrived as a whole.
    pub(crate) fn answers(&self) {
        self.change(|entry| entry.phase = Phase::Answering);
    }

    /// The head of the answer is ready.
    pub(crate) fn is_idle(&self) {
        let until = Instant::now() + self.all.limits.idle_timeout;
        if self.change(|entry| entry.phase = Phase::Idle { until }).is_some() {
            self.nearer.notify_one();
            self.all.room.notify_one();
        }
    }

    /// A request with the token has come, so the connection isn't closed in favour of a stranger's.
    pub(crate) fn is_known(&self) {
        self.change(|entry| entry.is_known = true);
    }

    /// Waits until the head or the next request has taken too long.
    pub(crate) async fn expired(&self) {
        loop {
            let nearer = self.nearer.notified();
            let until = self.change(|entry| match entry.phase {
                Phase::Head { until } | Phase::Idle { until } => Some(until),
                Phase::Answering => None,
            });
            match until {
                Some(Some(until)) if until <= Instant::now() => return,
                Some(Some(until)) => tokio::select! {
                    () = tokio::time::sleep_until(until) => {}
                    () = nearer => {}
                },
                Some(None) => nearer.await,
                None => return,
            }
        }
    }

    /// `None` if the connection was closed in favour of another.
    fn change<T>(&self, change: impl FnOnce(&mut Entry) -> T) -> Option<T> {
        self.all.entries.lock().1.get_mut(&self.id).map(change)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.entries.lock().1.remove(&self.id);
        self.all.room.notify_one();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use std::time::Duration;

    use super::*;

    fn limited(connections: usize) -> Arc<Connections> {
        Arc::new(Connections::new(Limits { connections, ..Limits::default() }))
    }

    fn open(all: &Connections) -> Vec<u64> {
        all.entries.lock().1.keys().copied().collect()
    }

    #[tokio::test]
    async fn at_the_limit_strangers_make_room_first_then_idle_connections() {
        let all = limited(3);
        let (known, stranger, newer) = (all.admit(false).await, all.admit(false).await, all.admit(false).await);
        known.answers();
        known.is_known();
        let next = all.admit(false).await;
        assert_eq!(open(&all), [known.id, newer.id, next.id]);
        drop(stranger);
        assert_eq!(open(&all).len(), 3, "a closed connection frees no second place");
        for connection in [&newer, &next] {
            connection.is_known();
            connection.answers();
        }
        assert!(all.try_admit(false).is_none(), "all are answering requests with the token");
        next.is_idle();
        let last = all.try_admit(false).unwrap();
        assert_eq!(open(&all), [known.id, newer.id, last.id]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_has_5_seconds_an_idle_connection_60_and_an_answer_any_time() {
        let all = limited(1);
        let connection = all.admit(false).await;
        let begun = Instant::now();
        connection.expired().await;
        assert_eq!(begun.elapsed().as_secs(), 5);
        connection.answers();
        assert!(tokio::time::timeout(Duration::from_secs(1_000), connection.expired()).await.is_err());
        let begun = Instant::now();
        let (expired, ()) = tokio::join!(connection.expired(), async {
            connection.is_idle();
        });
        assert_eq!((expired, begun.elapsed().as_secs()), ((), 60));
        connection.is_idle();
        let begun = Instant::now();
        tokio::join!(connection.expired(), async {
            tokio::time::sleep(Duration::from_secs(30)).await;
            // The first byte of the next head; further bytes give no more time.
            connection.reads();
            tokio::time::sleep(Duration::from_secs(3)).await;
            connection.reads();
        });
        assert_eq!(begun.elapsed().as_secs(), 35);
    }
}
