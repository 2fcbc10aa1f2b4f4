//! The exchange with a real broker on this machine: what leaves a terminal, what a new one reads, how soon one sees what
//! another recorded, and what the desk notices of it.

mod bootstrap;
mod latency;
mod plain;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::terminal::RunningExchange;
use nosmoke_broker::{Broker, Options};
use nosmoke_kafka::{KafkaLog, Settings};
use nosmoke_ports::contract::Connection;
use nosmoke_ports::{Extent, PendingTotals, Read, StoreError, read};
use uuid::Uuid;

use crate::facility::Facility;
use crate::table::Table;

/// Rarely enough that looking costs nothing.
const LOOK: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(300);

pub(crate) async fn measure(table: &mut Table) {
    table.heading("The exchange, with a broker on this machine");
    let broker = Broker::start(Options::default());
    latency::measure(&broker, table).await;
    let log = upload::measure(&broker, table).await;
    bootstrap::measure(&broker, &log, table).await;
}

/// Topics of one's own.
fn prefix() -> String {
    format!("bench-{}", Uuid::new_v4().simple())
}

fn connect(facility: &Facility, broker: &Broker, prefix: &str) -> RunningExchange {
    let connection = Connection { servers: broker.servers(), prefix: prefix.to_owned(), ..Connection::default() };
    let log = KafkaLog::new(Settings::new(&connection, None, "bench"));
    facility.terminal.start_exchange(Arc::new(log), "bench".into())
}

/// Connects, and waits until the link is up.
async fn online(facility: &Facility, broker: &Broker, prefix: &str) -> RunningExchange {
    let exchange = connect(facility, broker, prefix);
    until("online", async || facility.terminal.core.link.is_up()).await;
    exchange
}

async fn pending(facility: &Facility) -> PendingTotals {
    read::<_, StoreError>(&*facility.terminal.core.journal, |tx| tx.pending_totals()).await.unwrap()
}

async fn extent(facility: &Facility) -> Extent {
    read::<_, StoreError>(&*facility.terminal.core.journal, |tx| tx.extent()).await.unwrap()
}

/// Looks again and again until something is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let looking = async {
        while !is_so().await {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("{what}: not within {PATIENCE:?}"));
}

/// Until everything that waited was read back.
async fn sent(facility: &Facility) {
    let journal = &*facility.terminal.core.journal;
    until("everything is sent", async || {
        // Counting what waits would take longer than looking whether anything does.
        let first =
            |tx: &mut dyn Read| Ok(tx.pending_facts(true, 0, 1)?.is_empty() && tx.pending_records(1)?.is_empty());
        read::<_, StoreError>(journal, first).await.unwrap()
    })
    .await;
}
