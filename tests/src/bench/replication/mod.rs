//! Replication with a real Kafka broker on this machine: sending a backlog, the first read of a new terminal, the
//! latency between terminals, a payment with another terminal's points, and the effect on commands at the desk.

mod bootstrap;
mod exchange;
mod hub;
mod latency;
mod payment;
mod plain;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::terminal::RunningReplication;
use nosmoke_broker::{Broker, Options};
use nosmoke_kafka::{KafkaLog, Settings};
use nosmoke_ports::contract::Connection;
use nosmoke_ports::{Extent, PendingTotals, Read, StoreError, read};
use nosmoke_runtime::feed::WORKERS;
use uuid::Uuid;

pub(crate) use self::exchange::measure as measure_exchange;
use crate::facility::Facility;
use crate::table::Table;

/// Long enough that polling doesn't slow the measured work.
const POLL_INTERVAL: Duration = Duration::from_millis(20);
const WAIT_TIMEOUT: Duration = Duration::from_secs(300);

pub(crate) async fn measure(table: &mut Table) {
    table.heading("Replication, with a broker on this machine");
    let broker = Broker::start(Options::default());
    latency::measure(&broker, table).await;
    payment::measure(&broker, table).await;
    hub::measure(&broker, table).await;
    let log = upload::measure(&broker, table).await;
    bootstrap::measure(&broker, &log, table).await;
}

/// Measures payments with points that another terminal holds.
pub(crate) async fn measure_points(table: &mut Table) {
    table.heading("Payments across terminals, with a broker on this machine");
    let broker = Broker::start(Options::default());
    payment::measure(&broker, table).await;
    hub::measure(&broker, table).await;
}

/// Returns a new topic prefix.
fn prefix() -> String {
    format!("bench-{}", Uuid::new_v4().simple())
}

fn connect(facility: &Facility, broker: &Broker, prefix: &str) -> RunningReplication {
    facility.terminal.start_replication(Arc::new(KafkaLog::new(settings(broker, prefix))), "bench".into())
}

fn settings(broker: &Broker, prefix: &str) -> Settings {
    let connection = Connection { servers: broker.servers(), prefix: prefix.to_owned(), ..Connection::default() };
    Settings::new(&connection, None, "bench")
}

/// Connects a terminal to the broker, and waits until the connection is up.
async fn online(facility: &Facility, broker: &Broker, prefix: &str) -> RunningReplication {
    let replication = connect(facility, broker, prefix);
    until("online", async || facility.terminal.core.connection.is_up()).await;
    replication
}

async fn pending(facility: &Facility) -> PendingTotals {
    read::<_, StoreError>(&*facility.terminal.core.journal, |tx| tx.pending_totals()).await.unwrap()
}

async fn extent(facility: &Facility) -> Extent {
    read::<_, StoreError>(&*facility.terminal.core.journal, |tx| tx.extent()).await.unwrap()
}

/// Polls until a condition holds.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let looking = async {
        while !is_so().await {
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    };
    tokio::time::timeout(WAIT_TIMEOUT, looking).await.unwrap_or_else(|_| panic!("{what}: not within {WAIT_TIMEOUT:?}"));
}

/// Waits until all projections and policies have taken what the journal has, and everything was read back from Kafka.
async fn caught_up(facility: &Facility) {
    sent(facility).await;
    while !facility.terminal.core.feed.caught_up(&WORKERS).await {}
}

/// Waits until every fact and document was read back from Kafka.
async fn sent(facility: &Facility) {
    let journal = &*facility.terminal.core.journal;
    until("everything is sent", async || {
        // Query only the first pending fact and document: counting all would take longer.
        let first =
            |tx: &mut dyn Read| Ok(tx.pending_facts(true, 0, 1)?.is_empty() && tx.pending_documents(1)?.is_empty());
        read::<_, StoreError>(journal, first).await.unwrap()
    })
    .await;
}
