//! Sending a backlog of 100,000 facts, compared with Kafka's benchmark ProducerPerformance, which sends the same bytes
//! with the same settings for compression, linger and batches.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_application::commands::Membership;
use nosmoke_broker::Broker;
use nosmoke_kafka::KafkaLog;
use nosmoke_ports::{Log, Outgoing, StoreError, read};
use nosmoke_replication::wire::fact_message;
use nosmoke_runtime::connection::ConnectionState;
use nosmoke_tests::membership_of;

use super::{online, pending, prefix, sent, settings, until};
use crate::desk::{Desk, p99};
use crate::facility::Facility;
use crate::history;
use crate::measure::{float, median};
use crate::table::{Limit, Table};

const FACTS: usize = 100_000;
const ROUNDS: usize = 5;
const DESK_ROUNDS: usize = 5;

/// The topics of the last upload, which has twice as many facts as the measured one.
pub(super) struct UploadedLog {
    pub(super) prefix: String,
    pub(super) facts: u64,
    /// Its facility, for terminals that read it.
    pub(super) membership: Membership,
}

pub(super) async fn measure(broker: &Broker, table: &mut Table) -> UploadedLog {
    let facility = Facility::new().await;
    history::record(&facility, FACTS).await;
    let values = values(&facility).await;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(upload(&facility, broker).await);
        theirs.push(measure_producer(broker, &values));
    }
    let theirs_rate = {
        let mut rates = theirs;
        rates.sort_by(f64::total_cmp);
        rates[ROUNDS / 2]
    };
    let rate = |times: Vec<Duration>| float(FACTS as u64) / median(times).as_secs_f64();
    let [arrived, read_back] = [0, 1].map(|which| rate(ours.iter().map(|times| times[which]).collect()) / theirs_rate);
    let name = "rate of a backlog of 100,000 facts, to ProducerPerformance";
    table.row(name, arrived, Limit::AtLeast(0.5));
    table.row("the same, until each is read back and known to be there", read_back, Limit::None);

    // Double the number of facts, so that the next upload takes longer than the measurement of the desk meanwhile.
    history::record(&facility, FACTS).await;
    let mut desk = Desk::new(&facility).await;
    let (mut idle, mut busy) = (Vec::new(), Vec::new());
    let mut last = String::new();
    for _ in 0..DESK_ROUNDS {
        idle.extend(desk.latencies(&facility).await);
        last = prefix();
        let replication = online(&facility, broker, &last).await;
        busy.extend(desk.latencies(&facility).await);
        assert!(pending(&facility).await.facts > 0, "replication ended before the measurement");
        replication.stop().await;
    }
    table.row(
        "p99 of a desk command while it is sent, to an idle one's",
        p99(busy).as_secs_f64() / p99(idle).as_secs_f64(),
        Limit::AtMost(2.0),
    );
    let replication = online(&facility, broker, &last).await;
    sent(&facility).await;
    replication.stop().await;
    let facts = super::extent(&facility).await.facts;
    let membership = membership_of(&*facility.terminal.core.journal).await;
    facility.close().await;
    UploadedLog { prefix: last, facts, membership }
}

/// Returns the times of [`exchange`] with the program's own log.
async fn upload(facility: &Facility, broker: &Broker) -> [Duration; 2] {
    let topics = prefix();
    exchange(facility, broker, Arc::new(KafkaLog::new(settings(broker, &topics))), &topics).await
}

/// Sends all facts through a log of Kafka with topics of this new prefix. Returns two times, both from connecting on: until
/// the broker has every fact, and until this terminal has read all facts back from the broker.
pub(super) async fn exchange(facility: &Facility, broker: &Broker, log: Arc<dyn Log>, topics: &str) -> [Duration; 2] {
    let facts = i64::try_from(super::extent(facility).await.facts).unwrap();
    // With new topics every fact must be published again, and nothing was read from them before.
    let replication = facility.terminal.start_replication(log, "bench".into());
    facility
        .terminal
        .core
        .connection
        .subscribe()
        .wait_for(|connection| matches!(connection, ConnectionState::Online { .. }))
        .await
        .unwrap();
    let began = Instant::now();
    let there = broker.count_messages(&format!("{topics}.nosmoke.facts.v1"));
    until("the broker has every fact", async || there() >= facts).await;
    let arrived = began.elapsed();
    sent(facility).await;
    let read_back = began.elapsed();
    replication.stop().await;
    [arrived, read_back]
}

/// Writes the messages of all facts to a file, one line per message with key, headers and value.
async fn values(facility: &Facility) -> tempfile::NamedTempFile {
    let facts = read::<_, StoreError>(&*facility.terminal.core.journal, |tx| tx.pending_facts(true, 0, FACTS)).await;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for fact in facts.unwrap() {
        let Outgoing { key, headers, value, .. } = fact_message(fact);
        let mut line = key.into_bytes();
        headers.into_iter().for_each(|(name, text)| line.extend([name.as_bytes(), &text].concat()));
        line.extend(value.unwrap());
        assert!(!line.contains(&b'\n'));
        line.push(b'\n');
        file.write_all(&line).unwrap();
    }
    file.flush().unwrap();
    file
}

/// Returns the messages per second that ProducerPerformance reports.
fn measure_producer(broker: &Broker, values: &tempfile::NamedTempFile) -> f64 {
    let topic = prefix();
    broker.create_topic(&topic, 12, &[("message.timestamp.type", "LogAppendTime")]);
    let (servers, count) = (broker.servers(), FACTS.to_string());
    let file = values.path().display().to_string();
    let output = broker.tool(
        "org.apache.kafka.tools.ProducerPerformance",
        &[
            "--bootstrap-server",
            &servers,
            "--topic",
            &topic,
            "--num-records",
            &count,
            "--throughput",
            "-1",
            "--payload-file",
            &file,
            "--command-property",
            "acks=all",
            "compression.type=lz4",
            "linger.ms=0",
            "batch.size=1000000",
            "buffer.memory=134217728",
        ],
    );
    // The line reads `100000 records sent, 71225.071225 records/sec (67.92 MB/sec), …`.
    let rate = output.lines().rev().find_map(|line| line.split_once(" records sent, ")?.1.split_once(" records/sec"));
    rate.unwrap_or_else(|| panic!("no rate: {output}")).0.parse().unwrap()
}
