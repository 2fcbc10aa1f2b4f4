//! A terminal's way to the cluster: the port `Log` over a network that cuts off, loses, repeats and delays.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use fastrand::Rng;
use nosmoke_ports::{Fetched, Incoming, Log, LogError, LogView, Outgoing, Partition, Topic};

use super::clock::Truth;
use super::cluster::Cluster;
use super::faults::Fault;

/// What goes wrong between a terminal and the cluster, in percent of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Network {
    pub(super) cut: bool,
    /// Little comes through at once.
    pub(super) slow: bool,
    /// Taken, but never appended, and nobody is told.
    pub(super) lost: u8,
    /// Taken, but not appended; the next call tells of it.
    pub(super) failed: u8,
    /// Appended, but the answer is lost: it will be sent again.
    pub(super) unanswered: u8,
    pub(super) repeated: u8,
}

#[derive(Debug, Default)]
struct Session {
    /// Of the cluster, when it was begun.
    generation: Option<u32>,
    window: VecDeque<Outgoing>,
    positions: BTreeMap<Partition, i64>,
    /// Partitions whose end was told of.
    at_end: BTreeSet<Partition>,
    failure: bool,
}

#[derive(Debug)]
struct State {
    network: Network,
    session: Session,
    rng: Rng,
}

#[derive(Debug)]
pub(super) struct Wire {
    cluster: Arc<Mutex<Cluster>>,
    truth: Truth,
    state: Mutex<State>,
    /// Drops what it delivers, or changes it.
    fault: Option<Fault>,
    /// Key of what this terminal says of itself: whose records are its own.
    source: String,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Wire {
    pub(super) fn new(
        cluster: Arc<Mutex<Cluster>>,
        truth: Truth,
        rng: &mut Rng,
        fault: Option<Fault>,
        source: String,
    ) -> Self {
        let state = State { network: Network::default(), session: Session::default(), rng: rng.fork() };
        Self { cluster, truth, state: Mutex::new(state), fault, source }
    }

    pub(super) fn set(&self, network: Network) {
        lock(&self.state).network = network;
    }

    /// The connection is gone, as with a crash.
    pub(super) fn hang_up(&self) {
        lock(&self.state).session = Session::default();
    }

    fn reach(&self, state: &mut State) -> Result<MutexGuard<'_, Cluster>, LogError> {
        let cluster = lock(&self.cluster);
        if state.network.cut {
            state.session.generation = None;
            return Err(LogError::Unreachable("cut off".into()));
        }
        if state.session.generation != Some(cluster.generation) {
            state.session.generation = None;
            return Err(LogError::Failed("the connection is gone".into()));
        }
        Ok(cluster)
    }

    /// Moves some of what was taken to the cluster.
    fn pump(&self, state: &mut State, cluster: &mut Cluster) {
        let State { network, session, rng } = state;
        let mut percent = |of: u8| of > 0 && rng.u8(..100) < of;
        let mut budget = if network.slow { 2 } else { usize::MAX };
        while budget > 0 {
            budget -= 1;
            let Some(record) = session.window.pop_front() else { break };
            if percent(network.lost) {
                continue;
            }
            if percent(network.failed) {
                session.failure = true;
                continue;
            }
            if percent(network.repeated) {
                cluster.append(record.clone(), self.truth.now());
            }
            session.failure |= percent(network.unanswered);
            if !Fault::withholds(self.fault, &record, cluster) {
                cluster.append(record, self.truth.now());
            }
        }
    }

    fn delivers(&self, record: &Incoming) -> bool {
        self.fault.is_none_or(|fault| fault.delivers(record, &self.source))
    }
}

#[async_trait]
impl Log for Wire {
    async fn open(&self) -> Result<LogView, LogError> {
        let mut state = lock(&self.state);
        state.session = Session::default();
        if state.network.cut {
            return Err(LogError::Unreachable("cut off".into()));
        }
        let cluster = lock(&self.cluster);
        state.session.generation = Some(cluster.generation);
        Ok(cluster.view())
    }

    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        let mut state = lock(&self.state);
        drop(self.reach(&mut state)?);
        state.session.positions = positions.iter().copied().collect();
        state.session.at_end.clear();
        Ok(())
    }

    async fn fetch(&self, max_records: usize, _: Duration) -> Result<Fetched, LogError> {
        let mut state = lock(&self.state);
        let mut cluster = self.reach(&mut state)?;
        self.pump(&mut state, &mut cluster);
        let State { network, session, rng } = &mut *state;
        let mut limit = if network.slow {
            3
        } else if rng.u8(..4) == 0 {
            rng.usize(1..20)
        } else {
            max_records
        };
        let mut partitions: Vec<Partition> = session.positions.keys().copied().collect();
        rng.shuffle(&mut partitions);
        let mut fetched = Fetched::default();
        for partition in partitions {
            if limit == 0 {
                break;
            }
            let from = session.positions.get(&partition).copied().unwrap_or_default();
            let Some((records, next, end)) = cluster.read(partition, from, limit) else {
                return Err(LogError::Changed(format!("{} {}", partition.topic.name(), partition.number)));
            };
            limit -= records.len();
            session.positions.insert(partition, next);
            if !records.is_empty() {
                session.at_end.remove(&partition);
            }
            if end && session.at_end.insert(partition) {
                fetched.ends.push((partition, next));
            }
            fetched.records.extend(records.into_iter().filter(|record| self.delivers(record)));
        }
        Ok(fetched)
    }

    async fn publish(&self, records: Vec<Outgoing>) -> Result<usize, LogError> {
        let mut state = lock(&self.state);
        let mut cluster = self.reach(&mut state)?;
        self.pump(&mut state, &mut cluster);
        if std::mem::take(&mut state.session.failure) {
            state.session.generation = None;
            return Err(LogError::Failed("a delivery failed".into()));
        }
        let room = if state.network.slow { 4 } else { 1_000_usize };
        let room = room.saturating_sub(state.session.window.len());
        let taken = records.len().min(room);
        state.session.window.extend(records.into_iter().take(taken).map(|record| self.changed(record)));
        if state.rng.bool() {
            self.pump(&mut state, &mut cluster);
        }
        Ok(taken)
    }

    async fn close(&self) {
        self.hang_up();
    }
}

impl Wire {
    fn changed(&self, mut record: Outgoing) -> Outgoing {
        if self.fault == Some(Fault::LiesAboutItsFacts)
            && record.topic == Topic::Heartbeats
            && let Some(value) = &mut record.value
            && let Ok(mut heartbeat) = serde_json::from_slice::<serde_json::Value>(value)
        {
            heartbeat["digest"] = "00".repeat(32).into();
            *value = heartbeat.to_string().into_bytes();
        }
        record
    }
}
