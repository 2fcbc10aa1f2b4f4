//! Waits until the cluster answers, or until it is known why it can't be reached.

use std::time::{Duration, Instant};

use nosmoke_ports::{LogError, Topic};
use rdkafka::consumer::Consumer;
use rdkafka::metadata::MetadataBroker;

use crate::classify::{class_of, is_decisive, most_telling};
use crate::clients::Clients;
use crate::diagnosis;
use crate::settings::Settings;

/// How long to wait for the cluster in all, unless an error ends the wait earlier.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(6);
/// How long to wait after a connection was refused. A host may have several addresses, which the client tries in turn
/// with growing pauses.
const REFUSED_TIMEOUT: Duration = Duration::from_secs(4);
/// How long to wait after a sign of another protocol: a broker that is starting or stopping shows the same sign.
const WRONG_PROTOCOL_TIMEOUT: Duration = Duration::from_millis(1_300);

/// A cluster that answered.
#[derive(Debug, Clone)]
pub(crate) struct Cluster {
    pub(crate) id: String,
    /// `host:port` of each broker, as the cluster names them (`advertised.listeners`).
    pub(crate) brokers: Vec<String>,
}

impl Cluster {
    /// Explains an error that came after the cluster had answered: brokers that can't be reached, because the cluster names
    /// other addresses than the one in the settings.
    pub(crate) fn explain(&self, settings: &Settings, error: LogError) -> LogError {
        match error {
            LogError::Unreachable(text) if !self.brokers.iter().any(|broker| is_given(settings, broker)) => {
                LogError::Advertised(format!("{} ({text})", self.brokers.join(", ")))
            }
            other => other,
        }
    }
}

fn is_given(settings: &Settings, address: &str) -> bool {
    settings.servers.split(',').any(|server| server.trim() == address)
}

/// Explains an error that names a broker which isn't in the settings: the client can only have heard of it from the
/// cluster. librdkafka's texts begin with `host:port/number: `, or with `GroupCoordinator: host:port: `.
fn explain_broker(settings: &Settings, error: LogError) -> LogError {
    let advertised = |text: &str| {
        let (broker, rest) = text.split_once(": ")?;
        if broker == "GroupCoordinator" {
            let (address, _) = rest.split_once(": ")?;
            return (!is_given(settings, address)).then_some(());
        }
        let (address, number) = broker.rsplit_once('/')?;
        let address = address.rsplit_once('/').map_or(address, |(_, after_scheme)| after_scheme);
        (number.parse::<i32>().is_ok() && !is_given(settings, address)).then_some(())
    };
    match error {
        LogError::Unreachable(text) if advertised(&text).is_some() => LogError::Advertised(text),
        other => other,
    }
}

/// Blocks until the cluster answers, or an error shows that it won't. It gives up when `is_current` returns false,
/// because the log was closed or opened again meanwhile.
pub(crate) fn connect(
    settings: &Settings,
    clients: &Clients,
    is_current: &dyn Fn() -> bool,
) -> Result<Cluster, LogError> {
    let begin = Instant::now();
    let client = clients.reader.consumer.client();
    // The metadata of one topic is enough; a shared cluster may have thousands of topics.
    let asked = settings.topic_name(Topic::Facts);
    // After each request, the errors that the client reported are checked. The request timeout grows, so that a slow
    // network can answer too.
    let mut slice = Duration::from_millis(200);
    loop {
        let left = CONNECT_TIMEOUT.saturating_sub(begin.elapsed());
        let answer = client.fetch_metadata(Some(&asked), slice.min(left).max(Duration::from_millis(1)));
        let last = match answer {
            Ok(metadata) => {
                let address = |broker: &MetadataBroker| format!("{}:{}", broker.host(), broker.port());
                return identify(clients, metadata.brokers().iter().map(address).collect(), left);
            }
            Err(error) => class_of(&error),
        };
        if !is_current() {
            return Err(LogError::Failed("the connection to the cluster is closed".to_owned()));
        }
        let seen = clients.reader.reports.errors();
        let wrong_protocol = seen.iter().any(|error| matches!(error, LogError::WrongProtocol(_)));
        let refused = seen.iter().any(|error| matches!(error, LogError::Unreachable(_)));
        let enough = seen.iter().any(is_decisive)
            || (wrong_protocol && begin.elapsed() >= WRONG_PROTOCOL_TIMEOUT)
            || (refused && begin.elapsed() >= REFUSED_TIMEOUT)
            || begin.elapsed() >= CONNECT_TIMEOUT;
        if enough {
            let error = most_telling(std::iter::once(last.clone()).chain(seen)).unwrap_or(last);
            return Err(match error {
                // The client reports only that verification failed; find out why it failed.
                LogError::Untrusted(text) => diagnosis::of_certificate(settings, text),
                other => explain_broker(settings, other),
            });
        }
        slice = (slice * 2).min(Duration::from_millis(1_500));
    }
}

fn identify(clients: &Clients, brokers: Vec<String>, timeout: Duration) -> Result<Cluster, LogError> {
    let id = clients.reader.consumer.client().fetch_cluster_id(timeout).filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| LogError::Failed("the cluster reports no id".to_owned()))?;
    Ok(Cluster { id, brokers })
}

#[cfg(test)]
mod tests {
    use nosmoke_ports::contract::Connection;

    use super::*;

    #[test]
    fn an_unreachable_broker_that_is_not_in_the_settings_was_named_by_the_cluster() {
        let connection = Connection { servers: "desk:9092, hub:9092".into(), ..Connection::default() };
        let settings = Settings::new(&connection, None, "test");
        let explained = |text: &str| explain_broker(&settings, LogError::Unreachable(text.into()));
        for text in [
            "inside:9092/1: Failed to resolve 'inside:9092'",
            "ssl://inside:9093/12: Connect failed",
            "GroupCoordinator: inside:9092: Failed to resolve 'inside:9092'",
        ] {
            assert_eq!(explained(text), LogError::Advertised(text.into()));
        }
        for text in [
            "hub:9092/1: Connection refused",
            "desk:9092/bootstrap: Connection refused",
            "GroupCoordinator: hub:9092: Connection refused",
            "GroupCoordinator: timed out",
            "timed out",
            "a: b/c",
        ] {
            assert_eq!(explained(text), LogError::Unreachable(text.into()));
        }
    }
}
