//! Tries connection settings before they are saved, without changing the cluster.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_ports::authentication::{Authenticator, KeyId, MessageKey};
use nosmoke_ports::{LogError, Topic};
use parking_lot::Mutex;

use crate::clients::Clients;
use crate::connect::{Cluster, connect};
use crate::known_partitions::TopicPartitions;
use crate::log::blocking;
use crate::settings::Settings;
use crate::topics;

/// The result of a trial.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trial {
    pub cluster_id: Option<String>,
    /// Number of messages on the facts topic; 0 if it doesn't exist yet, `None` if the trial failed.
    pub facts: Option<u64>,
    pub took: Duration,
    pub error: Option<LogError>,
}

/// How long a trial may take. Each of its requests has a timeout of its own, but there are several.
const TRIAL_TIMEOUT: Duration = Duration::from_millis(9_500);

/// Connects with separate clients and checks the topics, without creating any. Takes ten seconds at most.
pub async fn try_connection(settings: Settings) -> Trial {
    let begin = Instant::now();
    let cluster = Arc::new(Mutex::new(None));
    let running = {
        let (settings, cluster) = (settings.clone(), cluster.clone());
        blocking(move || Ok(run_trial(&settings, &cluster)))
    };
    let ended = tokio::time::timeout(TRIAL_TIMEOUT, running).await.unwrap_or_else(|_| {
        let error = LogError::Unreachable(format!("no answer within {} s", TRIAL_TIMEOUT.as_secs()));
        Err(match &*cluster.lock() {
            Some(cluster) => Cluster::explain(cluster, &settings, error),
            None => error,
        })
    });
    let trial = ended.unwrap_or_else(|error| Trial { error: Some(error), ..Trial::default() });
    Trial { took: begin.elapsed(), ..trial }
}

fn run_trial(settings: &Settings, answered: &Mutex<Option<Cluster>>) -> Trial {
    let mut trial = Trial::default();
    let mut try_all = || {
        let log_limiter = Arc::default();
        // A trial reads and publishes no message, so it needs no real key.
        let key: Arc<dyn Authenticator> = Arc::new(MessageKey::new(KeyId::default(), [0; 32]));
        let clients = Clients::begin_with(settings, &key, Arc::clone(&log_limiter))?;
        let cluster = connect(settings, &clients, &|| true)?;
        *answered.lock() = Some(cluster.clone());
        trial.cluster_id = Some(cluster.id.clone());
        let count = || {
            let found = topics::find(settings, &clients)?;
            topics::check(settings, &log_limiter, &found)?;
            let facts = found.into_iter().filter(|(topic, _)| *topic == Topic::Facts).collect::<TopicPartitions>();
            // Without topics nothing was asked of the brokers themselves yet.
            let ranges = if facts.is_empty() {
                topics::reach_brokers(settings, &log_limiter)?;
                Default::default()
            } else {
                topics::offset_ranges(settings, &clients, &facts)?
            };
            Ok(ranges.values().map(|range| range.end.abs_diff(range.start)).sum())
        };
        trial.facts = Some(count().map_err(|error| cluster.explain(settings, error))?);
        Ok(())
    };
    let error: Option<LogError> = try_all().err();
    trial.error = error;
    trial
}
