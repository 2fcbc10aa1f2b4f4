//! Implements the port [`Log`] on a Kafka cluster.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use nosmoke_ports::authentication::Authenticator;
use nosmoke_ports::{Fetched, Log, LogError, LogView, Outgoing, Partition};
use parking_lot::Mutex;

use crate::callbacks::LogLimiter;
use crate::clients::Clients;
use crate::connect::connect;
use crate::settings::Settings;
use crate::topics;

/// A Kafka cluster that serves as the log.
#[derive(Debug)]
pub struct KafkaLog {
    settings: Settings,
    log_limiter: Arc<LogLimiter>,
    state: Arc<Mutex<LogState>>,
    /// Only one call of `open` runs at a time.
    opening: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct LogState {
    clients: Option<Arc<Clients>>,
    /// Incremented by each `open` and `close`. If the epoch has changed when an `open` finishes, it discards its
    /// clients.
    epoch: u64,
}

impl KafkaLog {
    pub fn new(settings: Settings) -> Self {
        let (log_limiter, state) = (Arc::default(), Arc::default());
        Self { settings, log_limiter, state, opening: tokio::sync::Mutex::default() }
    }

    fn clients(&self) -> Result<Arc<Clients>, LogError> {
        let clients = self.state.lock().clients.clone();
        clients.ok_or_else(|| LogError::Failed("the connection to the cluster is not open".to_owned()))
    }

    /// Takes the clients out, and returns them with the new epoch.
    fn take(&self) -> (Option<Arc<Clients>>, u64) {
        let mut state = self.state.lock();
        state.epoch += 1;
        (state.clients.take(), state.epoch)
    }
}

#[async_trait]
impl Log for KafkaLog {
    async fn open(&self, key: &Arc<dyn Authenticator>) -> Result<LogView, LogError> {
        let _one = self.opening.lock().await;
        let (earlier, epoch) = self.take();
        let (settings, log_limiter, state) = (self.settings.clone(), self.log_limiter.clone(), self.state.clone());
        let key = key.clone();
        blocking(move || {
            if let Some(earlier) = earlier {
                earlier.discard();
            }
            let is_current = || state.lock().epoch == epoch;
            let clients = Arc::new(Clients::begin_with(&settings, &key, log_limiter.clone())?);
            let view = open(&settings, &log_limiter, &clients, &is_current).inspect_err(|_| clients.discard())?;
            let mut state = state.lock();
            if state.epoch == epoch {
                state.clients = Some(clients);
                return Ok(view);
            }
            drop(state);
            clients.discard();
            Err(LogError::Failed("the connection to the cluster is closed".to_owned()))
        })
        .await
    }

    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        self.clients()?.read_from(positions).await
    }

    async fn fetch(&self, max_messages: usize, timeout: Duration) -> Result<Fetched, LogError> {
        let clients = self.clients()?;
        if clients.is_asking_due() {
            let asking = clients.clone();
            // Not awaited: reading goes on meanwhile.
            drop(tokio::task::spawn_blocking(move || read_added_partitions(&asking)));
        }
        clients.fetch(max_messages, timeout).await
    }

    async fn publish(&self, messages: Vec<Outgoing>) -> Result<usize, LogError> {
        self.clients()?.publish(&messages)
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
    log_limiter: &Arc<LogLimiter>,
    clients: &Clients,
    is_current: &dyn Fn() -> bool,
) -> Result<LogView, LogError> {
    let cluster = connect(settings, clients, is_current)?;
    let prepared = || {
        let found = topics::find(settings, clients)?;
        let found = topics::create_missing(settings, clients, log_limiter, cluster.brokers.len(), found)?;
        topics::check(settings, log_limiter, &found)?;
        let partitions = topics::offset_ranges(settings, clients, &found)?;
        Ok((found, partitions))
    };
    let (found, partitions) = prepared().map_err(|error| cluster.explain(settings, error))?;
    clients.knows(found);
    clients.begin_publishing()?;
    Ok(LogView { cluster_id: cluster.id, partitions })
}

/// Asks the cluster for partitions that were added to the topics, and reads them from their start. Blocks.
fn read_added_partitions(clients: &Clients) {
    // An error means that the cluster doesn't answer, which reading reports.
    let Ok(found) = topics::find(&clients.settings, clients) else { return };
    let added = clients.partitions.added(&found);
    if !added.is_empty() {
        tracing::info!(?added, "partitions were added to the topics");
        clients.reader.read_also(&added);
        clients.partitions.set(found);
    }
}

/// Runs blocking requests of librdkafka on a thread for blocking work.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LogError> + Send + 'static,
) -> Result<T, LogError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(LogError::Failed(error.to_string())))
}
