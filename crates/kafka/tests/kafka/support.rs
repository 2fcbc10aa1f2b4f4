//! The shared broker, and helpers to publish and fetch.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use nosmoke_broker::{Broker, Listener, Options};
use nosmoke_kafka::{KafkaLog, Settings};
use nosmoke_ports::authentication::{Authenticator, KeyId, MessageKey};
use nosmoke_ports::contract::{Connection, Transport};
use nosmoke_ports::{Fetched, Log, LogError, LogView, Outgoing, Partition, Topic};

/// A broker with every listener, shared by the tests. Each test has its own topics, by its own prefix.
pub fn shared() -> &'static Broker {
    static BROKER: OnceLock<Broker> = OnceLock::new();
    BROKER.get_or_init(|| Broker::start(Options { tls: true, scram: true }))
}

pub fn settings(servers: &str, prefix: &str) -> Settings {
    let connection = Connection { servers: servers.to_owned(), prefix: prefix.to_owned(), ..Connection::default() };
    Settings::new(&connection, None, "terminal-of-a-test")
}

/// Settings for a TLS listener that trust the certificate authority of the broker.
pub fn over_tls(listener: Listener, prefix: &str) -> Settings {
    let mut settings = settings(&shared().address(listener), prefix);
    settings.transport = Transport::Tls;
    settings.ca_file = shared().certificates().ca().display().to_string();
    settings
}

pub fn log(prefix: &str) -> KafkaLog {
    KafkaLog::new(settings(&shared().servers(), prefix))
}

pub const KEY_ID: KeyId = KeyId([7; 8]);

/// The key with which messages are authenticated.
pub fn key() -> Arc<dyn Authenticator> {
    Arc::new(MessageKey::new(KEY_ID, [7; 32]))
}

pub fn fact(key: &str, value: impl Into<Vec<u8>>) -> Outgoing {
    Outgoing { topic: Topic::Facts, key: key.to_owned(), value: Some(value.into()), headers: Vec::new() }
}

/// The first offset of every partition.
pub fn from_the_start(view: &LogView) -> Vec<(Partition, i64)> {
    view.partitions.iter().map(|(partition, range)| (*partition, range.start)).collect()
}

/// Publishes all messages, waiting while the window is full.
pub async fn publish_all(log: &impl Log, mut messages: Vec<Outgoing>) -> Result<(), LogError> {
    while !messages.is_empty() {
        let taken = log.publish(messages.clone()).await?;
        messages.drain(..taken);
        if taken == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    Ok(())
}

/// Longer than a loaded machine needs.
const FETCH_TIMEOUT: Duration = Duration::from_secs(120);

/// Fetches until there are `count` messages.
pub async fn fetch_messages(log: &impl Log, count: usize) -> Fetched {
    fetch_until(log, |all| all.messages.len() >= count).await
}

pub async fn fetch_until(log: &impl Log, enough: impl Fn(&Fetched) -> bool) -> Fetched {
    let mut all = Fetched::default();
    let begin = Instant::now();
    while !enough(&all) {
        assert!(begin.elapsed() < FETCH_TIMEOUT, "{} messages and {} ends only", all.messages.len(), all.ends.len());
        let more = log.fetch(1_000, Duration::from_millis(100)).await.unwrap();
        all.messages.extend(more.messages);
        all.strangers.extend(more.strangers);
        all.ends.extend(more.ends);
    }
    all
}

/// Fetches until there is an error.
pub async fn error_of(log: &impl Log, timeout: Duration) -> LogError {
    let begin = Instant::now();
    while begin.elapsed() < timeout {
        if let Err(error) = log.fetch(1_000, Duration::from_millis(100)).await {
            return error;
        }
    }
    panic!("no error within {timeout:?}");
}
