//! A backlog of 100,000 facts that leaves a terminal, beside Kafka's own measuring program with the same bytes,
//! compression, linger and batches.

use std::io::Write;
use std::time::{Duration, Instant};

use nosmoke_broker::Broker;
use nosmoke_ports::{Outgoing, StoreError, read};
use nosmoke_replication::wire::fact_record;
use nosmoke_runtime::link::LinkState;

use super::{connect, online, pending, prefix, sent, until};
use crate::desk::{Desk, p99};
use crate::facility::Facility;
use crate::history;
use crate::measure::{float, median};
use crate::table::{Limit, Table};

const FACTS: usize = 100_000;
const ROUNDS: usize = 5;
const DESK_ROUNDS: usize = 5;

/// Topics that hold what was uploaded last, with twice the facts.
pub(super) struct Uploaded {
    pub(super) prefix: String,
    pub(super) facts: u64,
}

pub(super) async fn measure(broker: &Broker, table: &mut Table) -> Uploaded {
    let facility = Facility::new().await;
    history::record(&facility, FACTS).await;
    let values = values(&facility).await;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(upload(&facility, broker).await);
        theirs.push(perform(broker, &values));
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

    // Enough for what comes next to take a while.
    history::record(&facility, FACTS).await;
    let mut desk = Desk::new(&facility).await;
    let (mut idle, mut busy) = (Vec::new(), Vec::new());
    let mut last = String::new();
    for _ in 0..DESK_ROUNDS {
        idle.extend(desk.works(&facility).await);
        last = prefix();
        let exchange = online(&facility, broker, &last).await;
        busy.extend(desk.works(&facility).await);
        assert!(pending(&facility).await.facts > 0, "it was over before the measurement was");
        exchange.stop().await;
    }
    table.row(
        "p99 of a desk command while it is sent, to an idle one's",
        p99(busy).as_secs_f64() / p99(idle).as_secs_f64(),
        Limit::AtMost(2.0),
    );
    let exchange = online(&facility, broker, &last).await;
    sent(&facility).await;
    exchange.stop().await;
    let facts = super::extent(&facility).await.facts;
    facility.close().await;
    Uploaded { prefix: last, facts }
}

/// How long it takes until the broker has every fact, and until all are read back, both from when the link is up.
async fn upload(facility: &Facility, broker: &Broker) -> [Duration; 2] {
    let topics = prefix();
    let facts = i64::try_from(super::extent(facility).await.facts).unwrap();
    // The topics are new: everything waits again, and nothing was read before.
    let exchange = connect(facility, broker, &topics);
    facility.terminal.core.link.subscribe().wait_for(|link| matches!(link, LinkState::Online { .. })).await.unwrap();
    let began = Instant::now();
    let there = broker.count_records(&format!("{topics}.nosmoke.facts.v1"));
    until("the broker has every fact", async || there() >= facts).await;
    let arrived = began.elapsed();
    sent(facility).await;
    let read_back = began.elapsed();
    exchange.stop().await;
    [arrived, read_back]
}

/// What the facts' records carry, a line each: key, headers and value.
async fn values(facility: &Facility) -> tempfile::NamedTempFile {
    let facts = read::<_, StoreError>(&*facility.terminal.core.journal, |tx| tx.pending_facts(true, 0, FACTS)).await;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for fact in facts.unwrap() {
        let Outgoing { key, headers, value, .. } = fact_record(fact);
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

/// Records a second of Kafka's own program, which it counts from its first to its last acknowledged one.
fn perform(broker: &Broker, values: &tempfile::NamedTempFile) -> f64 {
    let topic = prefix();
    broker.create_topic(&topic, 12, &[("message.timestamp.type", "LogAppendTime")]);
    let (servers, count) = (broker.servers(), FACTS.to_string());
    let file = values.path().display().to_string();
    let said = broker.tool(
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
            "linger.ms=2",
            "batch.size=1000000",
            "buffer.memory=134217728",
        ],
    );
    // `100000 records sent, 71225.071225 records/sec (67.92 MB/sec), …`
    let rate = said.lines().rev().find_map(|line| line.split_once(" records sent, ")?.1.split_once(" records/sec"));
    rate.unwrap_or_else(|| panic!("no rate: {said}")).0.parse().unwrap()
}
