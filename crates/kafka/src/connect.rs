//! The first contact: the cluster answers, or it is known why not.

use std::time::{Duration, Instant};

use nosmoke_ports::{LogError, Topic};
use rdkafka::consumer::Consumer;

use crate::classify::{class_of, is_decisive, most_telling};
use crate::clients::Clients;
use crate::diagnosis;
use crate::settings::Settings;

/// What can only be waited for is waited for this long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(6);
/// Where connections are refused: a host has several addresses, which the client tries one after the other, ever further apart.
const REFUSED: Duration = Duration::from_secs(4);
/// A sign of another protocol may also be a broker that is just starting or ending.
const SIGN: Duration = Duration::from_millis(1_300);

/// A cluster that answered.
#[derive(Debug)]
pub(crate) struct Cluster {
    pub(crate) id: String,
    pub(crate) brokers: usize,
}

/// Blocks until the cluster answers or it is plain that it won't. `go_on` says whether anybody still waits for it.
pub(crate) fn connect(settings: &Settings, clients: &Clients, go_on: &dyn Fn() -> bool) -> Result<Cluster, LogError> {
    let begin = Instant::now();
    let client = clients.reader.consumer.client();
    // Any topic would do, but not all of them: a shared cluster may have thousands.
    let asked = settings.topic_name(Topic::Facts);
    // The client looks into its log between the slices; a growing one also lets a slow network answer.
    let mut slice = Duration::from_millis(200);
    loop {
        let left = PATIENCE.saturating_sub(begin.elapsed());
        let answer = client.fetch_metadata(Some(&asked), slice.min(left).max(Duration::from_millis(1)));
        let last = match answer {
            Ok(metadata) => return found(clients, metadata.brokers().len(), left),
            Err(error) => class_of(&error),
        };
        if !go_on() {
            return Err(LogError::Failed("the connection is closed".to_owned()));
        }
        let seen = clients.reader.notes.errors();
        let sign = seen.iter().any(|error| matches!(error, LogError::WrongProtocol(_)));
        let refused = seen.iter().any(|error| matches!(error, LogError::Unreachable(_)));
        let enough = seen.iter().any(is_decisive)
            || (sign && begin.elapsed() >= SIGN)
            || (refused && begin.elapsed() >= REFUSED)
            || begin.elapsed() >= PATIENCE;
        if enough {
            let told = most_telling(std::iter::once(last.clone()).chain(seen)).unwrap_or(last);
            return Err(match told {
                // The client says no more than that the check failed.
                LogError::Untrusted(text) => diagnosis::of_certificate(settings, text),
                other => other,
            });
        }
        slice = (slice * 2).min(Duration::from_millis(1_500));
    }
}

fn found(clients: &Clients, brokers: usize, patience: Duration) -> Result<Cluster, LogError> {
    let id = clients.reader.consumer.client().fetch_cluster_id(patience).filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| LogError::Failed("the cluster tells no id".to_owned()))?;
    Ok(Cluster { id, brokers })
}
