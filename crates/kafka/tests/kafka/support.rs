//! The shared broker, and a terminal's view of it.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use nosmoke_broker::{Broker, Listener, Options};
use nosmoke_kafka::{KafkaLog, Settings};
use nosmoke_ports::contract::{Connection, Transport};
use nosmoke_ports::{Fetched, Log, LogError, LogView, Outgoing, Partition, Topic};

/// With every listener, and never ended by a test: each test has topics of its own by its prefix.
pub fn shared() -> &'static Broker {
    static BROKER: OnceLock<Broker> = OnceLock::new();
    BROKER.get_or_init(|| Broker::start(Options { tls: true, scram: true }))
}

pub fn settings(servers: &str, prefix: &str) -> Settings {
    let connection = Connection { servers: servers.to_owned(), prefix: prefix.to_owned(), ..Connection::default() };
    Settings::new(&connection, None, "terminal-of-a-test")
}

/// Over TLS, trusting the broker's authority.
pub fn over_tls(listener: Listener, prefix: &str) -> Settings {
    let mut settings = settings(&shared().address(listener), prefix);
    settings.transport = Transport::Tls;
    settings.ca_file = shared().certificates().ca().display().to_string();
    settings
}

pub fn log(prefix: &str) -> KafkaLog {
    KafkaLog::new(settings(&shared().servers(), prefix))
}

pub fn fact(key: &str, value: impl Into<Vec<u8>>) -> Outgoing {
    Outgoing { topic: Topic::Facts, key: key.to_owned(), value: Some(value.into()), headers: Vec::new() }
}

/// From the first record that is kept.
pub fn from_the_start(view: &LogView) -> Vec<(Partition, i64)> {
    view.partitions.iter().map(|(partition, range)| (*partition, range.start)).collect()
}

/// Hands all of them over, however small the window is.
pub async fn publish_all(log: &impl Log, mut records: Vec<Outgoing>) -> Result<(), LogError> {
    while !records.is_empty() {
        let taken = log.publish(records.clone()).await?;
        records.drain(..taken);
        if taken == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    Ok(())
}

/// Fetches until there are so many records, or it has taken too long.
pub async fn fetch_records(log: &impl Log, count: usize) -> Fetched {
    fetch_until(log, Duration::from_secs(20), |all| all.records.len() >= count).await
}

pub async fn fetch_until(log: &impl Log, patience: Duration, enough: impl Fn(&Fetched) -> bool) -> Fetched {
    let mut all = Fetched::default();
    let begin = Instant::now();
    while !enough(&all) {
        assert!(begin.elapsed() < patience, "{} records and {} ends only", all.records.len(), all.ends.len());
        let more = log.fetch(1_000, Duration::from_millis(100)).await.unwrap();
        all.records.extend(more.records);
        all.ends.extend(more.ends);
    }
    all
}

/// The error that comes within the time.
pub async fn error_of(log: &impl Log, patience: Duration) -> LogError {
    let begin = Instant::now();
    while begin.elapsed() < patience {
        if let Err(error) = log.fetch(1_000, Duration::from_millis(100)).await {
            return error;
        }
    }
    panic!("no error within {patience:?}");
}
