//! The port's implementation.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use nosmoke_ports::{Fetched, Log, LogError, LogView, Outgoing, Partition};

use crate::clients::Clients;
use crate::connect::connect;
use crate::context::Quiet;
use crate::lock::locked;
use crate::settings::Settings;
use crate::topics;

/// A Kafka cluster as the log.
#[derive(Debug)]
pub struct KafkaLog {
    settings: Settings,
    quiet: Arc<Quiet>,
    state: Arc<Mutex<State>>,
    /// One `open` at a time.
    opening: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    clients: Option<Arc<Clients>>,
    /// Counts what ends a connection: an `open` that has been overtaken gives its clients up.
    epoch: u64,
}

impl KafkaLog {
    pub fn new(settings: Settings) -> Self {
        let (quiet, state) = (Arc::default(), Arc::default());
        Self { settings, quiet, state, opening: tokio::sync::Mutex::default() }
    }

    fn clients(&self) -> Result<Arc<Clients>, LogError> {
        let clients = locked(&self.state).clients.clone();
        clients.ok_or_else(|| LogError::Failed("the connection is not open".to_owned()))
    }

    /// Takes the clients out; the epoch after that.
    fn take(&self) -> (Option<Arc<Clients>>, u64) {
        let mut state = locked(&self.state);
        state.epoch += 1;
        (state.clients.take(), state.epoch)
    }
}

#[async_trait]
impl Log for KafkaLog {
    async fn open(&self) -> Result<LogView, LogError> {
        let _one = self.opening.lock().await;
        let (earlier, epoch) = self.take();
        let (settings, quiet, state) = (self.settings.clone(), self.quiet.clone(), self.state.clone());
        blocking(move || {
            if let Some(earlier) = earlier {
                earlier.discard();
            }
            let go_on = || locked(&state).epoch == epoch;
            let clients = Arc::new(Clients::begin_quietly(&settings, quiet.clone())?);
            let view = open(&settings, &quiet, &clients, &go_on).inspect_err(|_| clients.discard())?;
            let mut state = locked(&state);
            if state.epoch == epoch {
                state.clients = Some(clients);
                return Ok(view);
            }
            drop(state);
            clients.discard();
            Err(LogError::Failed("the connection is closed".to_owned()))
        })
        .await
    }

    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        self.clients()?.read_from(positions).await
    }

    async fn fetch(&self, max_records: usize, patience: Duration) -> Result<Fetched, LogError> {
        self.clients()?.fetch(max_records, patience).await
    }

    async fn publish(&self, records: Vec<Outgoing>) -> Result<usize, LogError> {
        self.clients()?.publish(&records)
    }

    async fn close(&self) {
        let (Some(clients), _) = self.take() else { return };
        let closed = blocking(move || {
            clients.close();
            Ok(())
        });
        let _ = closed.await;
    }
}

fn open(
    settings: &Settings,
    quiet: &Arc<Quiet>,
    clients: &Clients,
    go_on: &dyn Fn() -> bool,
) -> Result<LogView, LogError> {
    let cluster = connect(settings, clients, go_on)?;
    let found = topics::find(settings, clients)?;
    let found = topics::create_missing(settings, clients, quiet, cluster.brokers, found)?;
    topics::check(settings, quiet, &found)?;
    let partitions = topics::reach(settings, clients, &found)?;
    clients.begin_publishing()?;
    Ok(LogView { cluster_id: cluster.id, partitions })
}

/// Off the runtime's own threads: librdkafka's requests block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LogError> + Send + 'static,
) -> Result<T, LogError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(LogError::Failed(error.to_string())))
}
