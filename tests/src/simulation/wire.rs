//! A terminal's connection to the simulated cluster: the port `Log` over a network that loses, repeats or delays
//! messages and is sometimes down.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use fastrand::Rng;
use nosmoke_ports::authentication::Authenticator;
use nosmoke_ports::{Fetched, Incoming, Log, LogError, LogView, Outgoing, Partition, Topic};
use parking_lot::{Mutex, MutexGuard};

use super::clock::TrueTime;
use super::cluster::Cluster;
use super::faults::Fault;

/// The faults of the network between a terminal and the cluster, in percent of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Network {
    pub(super) cut: bool,
    /// Transfers only a few messages at once.
    pub(super) slow: bool,
    /// Messages that are accepted but never appended to the log; the sender gets no error.
    pub(super) lost: u8,
    /// Messages that are accepted but not appended; the sender's next call fails.
    pub(super) failed: u8,
    /// Messages that are appended although the sender's next call fails, so the sender repeats them.
    pub(super) unanswered: u8,
    pub(super) repeated: u8,
}

#[derive(Debug, Default)]
struct Connection {
    /// The cluster's generation when the connection was opened; `None` if there is no connection.
    generation: Option<u32>,
    /// Authenticates messages on both ways.
    key: Option<Arc<dyn Authenticator>>,
    window: VecDeque<Outgoing>,
    positions: BTreeMap<Partition, i64>,
    /// Partitions whose end was already reported.
    at_end: BTreeSet<Partition>,
    failure: bool,
}

#[derive(Debug)]
struct WireState {
    network: Network,
    connection: Connection,
    rng: Rng,
}

#[derive(Debug)]
pub(super) struct Wire {
    cluster: Arc<Mutex<Cluster>>,
    true_time: TrueTime,
    state: Mutex<WireState>,
    /// The planted fault, which may drop messages.
    fault: Option<Fault>,
    /// The terminal's id, by which planted faults distinguish its own messages from those of other terminals.
    source: String,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock()
}

impl Wire {
    pub(super) fn new(
        cluster: Arc<Mutex<Cluster>>,
        true_time: TrueTime,
        rng: &mut Rng,
        fault: Option<Fault>,
        source: String,
    ) -> Self {
        let state = WireState { network: Network::default(), connection: Connection::default(), rng: rng.fork() };
        Self { cluster, true_time, state: Mutex::new(state), fault, source }
    }

    pub(super) fn set(&self, network: Network) {
        lock(&self.state).network = network;
    }

    /// Closes the connection, as a crash of the terminal does.
    pub(super) fn hang_up(&self) {
        lock(&self.state).connection = Connection::default();
    }

    fn reach(&self, state: &mut WireState) -> Result<MutexGuard<'_, Cluster>, LogError> {
        let cluster = lock(&self.cluster);
        if state.network.cut {
            state.connection.generation = None;
            return Err(LogError::Unreachable("cut off".into()));
        }
        if state.connection.generation != Some(cluster.generation) {
            state.connection.generation = None;
            return Err(LogError::Failed("the connection is gone".into()));
        }
        Ok(cluster)
    }

    /// Transfers accepted messages to the cluster; the network's faults lose or repeat some of them.
    fn pump(&self, state: &mut WireState, cluster: &mut Cluster) {
        let WireState { network, connection, rng } = state;
        let mut percent = |of: u8| of > 0 && rng.u8(..100) < of;
        let mut budget = if network.slow { 2 } else { usize::MAX };
        while budget > 0 {
            budget -= 1;
            let Some(message) = connection.window.pop_front() else { break };
            if percent(network.lost) {
                continue;
            }
            if percent(network.failed) {
                connection.failure = true;
                continue;
            }
            if percent(network.repeated) {
                cluster.append(message.clone(), self.true_time.now());
            }
            connection.failure |= percent(network.unanswered);
            if !Fault::withholds(self.fault, &message, cluster) {
                cluster.append(message, self.true_time.now());
            }
        }
    }

    fn delivers(&self, message: &Incoming) -> bool {
        self.fault.is_none_or(|fault| fault.delivers(message, &self.source))
    }
}

#[async_trait]
impl Log for Wire {
    async fn open(&self, key: &Arc<dyn Authenticator>) -> Result<LogView, LogError> {
        let mut state = lock(&self.state);
        state.connection = Connection { key: Some(key.clone()), ..Connection::default() };
        if state.network.cut {
            return Err(LogError::Unreachable("cut off".into()));
        }
        let cluster = lock(&self.cluster);
        state.connection.generation = Some(cluster.generation);
        Ok(cluster.view())
    }

    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        let mut state = lock(&self.state);
        drop(self.reach(&mut state)?);
        state.connection.positions = positions.iter().copied().collect();
        state.connection.at_end.clear();
        Ok(())
    }

    async fn fetch(&self, max_messages: usize, _: Duration) -> Result<Fetched, LogError> {
        let mut state = lock(&self.state);
        let mut cluster = self.reach(&mut state)?;
        self.pump(&mut state, &mut cluster);
        let WireState { network, connection, rng } = &mut *state;
        let mut limit = if network.slow {
            3
        } else if rng.u8(..4) == 0 {
            rng.usize(1..20)
        } else {
            max_messages
        };
        let mut partitions: Vec<Partition> = connection.positions.keys().copied().collect();
        rng.shuffle(&mut partitions);
        let mut fetched = Fetched::default();
        for partition in partitions {
            if limit == 0 {
                break;
            }
            let from = connection.positions.get(&partition).copied().unwrap_or_default();
            let Some((messages, next, end)) = cluster.read(partition, from, limit) else {
                return Err(LogError::Changed(format!("{} {}", partition.topic.name(), partition.number)));
            };
            limit -= messages.len();
            connection.positions.insert(partition, next);
            if !messages.is_empty() {
                connection.at_end.remove(&partition);
            }
            if end && connection.at_end.insert(partition) {
                fetched.ends.push((partition, next));
            }
            let Some(key) = &connection.key else { continue };
            for message in messages.into_iter().filter(|message| self.delivers(message)) {
                match message.admitted(&**key) {
                    Ok(message) => fetched.messages.push(message),
                    Err(stranger) => fetched.strangers.push(stranger),
                }
            }
        }
        Ok(fetched)
    }

    async fn publish(&self, messages: Vec<Outgoing>) -> Result<usize, LogError> {
        let mut state = lock(&self.state);
        let mut cluster = self.reach(&mut state)?;
        self.pump(&mut state, &mut cluster);
        if std::mem::take(&mut state.connection.failure) {
            state.connection.generation = None;
            return Err(LogError::Failed("a delivery failed".into()));
        }
        let room = if state.network.slow { 4 } else { 1_000_usize };
        let room = room.saturating_sub(state.connection.window.len());
        let taken = messages.len().min(room);
        let Some(key) = state.connection.key.clone() else { return Ok(0) };
        let messages = messages.into_iter().take(taken).map(|message| authenticated(self.changed(message), &*key));
        state.connection.window.extend(messages);
        if state.rng.bool() {
            self.pump(&mut state, &mut cluster);
        }
        Ok(taken)
    }

    async fn close(&self) {
        self.hang_up();
    }
}

/// Adds the headers with which a message lies in the log.
pub(super) fn authenticated(mut message: Outgoing, key: &dyn Authenticator) -> Outgoing {
    let headers = message.authentication(key);
    message.headers.extend(headers);
    message
}

impl Wire {
    fn changed(&self, mut message: Outgoing) -> Outgoing {
        if self.fault == Some(Fault::LiesAboutItsFacts)
            && message.topic == Topic::Heartbeats
            && let Some(value) = &mut message.value
            && let Ok(mut heartbeat) = serde_json::from_slice::<serde_json::Value>(value)
        {
            heartbeat["digest"] = "00".repeat(32).into();
            *value = heartbeat.to_string().into_bytes();
        }
        message
    }
}
