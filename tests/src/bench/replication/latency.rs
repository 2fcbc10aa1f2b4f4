//! The latency of a fact from one terminal to another, compared with the minimum: one durable write, plus Kafka's own
//! latency from a producer to a consumer.

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use nosmoke_broker::Broker;

use super::{connect, extent, prefix, sent};
use crate::facility::{Facility, folder};
use crate::measure::{median, timed};
use crate::table::{Limit, Table};

const COMMANDS: usize = 400;
const ROUNDS: usize = 3;
/// Pause between two commands, so that each fact is sent in its own batch.
const COMMAND_INTERVAL: Duration = Duration::from_millis(15);

pub(super) async fn measure(broker: &Broker, table: &mut Table) {
    let here = Facility::new().await;
    let there = here.beside().await;
    let topics = prefix();
    let replications = [connect(&here, broker, &topics), connect(&there, broker, &topics)];
    let mut guests = here.guests(COMMANDS / 2).await;
    sent(&here).await;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut written = there.terminal.core.feed.subscribe();
        for number in 0..COMMANDS {
            let known = extent(&there).await.facts;
            guests[number % (COMMANDS / 2)].step(&here).await;
            let (took, ()) = timed(async {
                while extent(&there).await.facts == known {
                    written.changed().await.unwrap();
                }
            })
            .await;
            ours.push(took);
            tokio::time::sleep(COMMAND_INTERVAL).await;
        }
        theirs.push(sync() + end_to_end(broker));
    }
    for replication in replications {
        replication.stop().await;
    }
    let ratio = median(ours).as_secs_f64() / median(theirs).as_secs_f64();
    table.row(
        "p50 from one terminal's answer to another's journal, to fdatasync + EndToEndLatency",
        ratio,
        Limit::AtMost(3.0),
    );
    here.close().await;
    there.close().await;
}

/// Returns the median time of writing and syncing one page of a file.
pub(super) fn sync() -> Duration {
    let folder = folder();
    let mut file = File::create(folder.path().join("page")).unwrap();
    let times = (0..COMMANDS).map(|_| {
        file.write_all(&[7; 4096]).unwrap();
        let began = Instant::now();
        file.sync_data().unwrap();
        began.elapsed()
    });
    median(times.collect())
}

/// Returns the average latency that Kafka's benchmark reports; its percentiles are rounded to milliseconds.
pub(super) fn end_to_end(broker: &Broker) -> Duration {
    let topic = prefix();
    broker.create_topic(&topic, 1, &[("message.timestamp.type", "LogAppendTime")]);
    let (servers, count) = (broker.servers(), COMMANDS.to_string());
    let output = broker.tool("org.apache.kafka.tools.EndToEndLatency", &[&servers, &topic, &count, "all", "900"]);
    // The line reads `Avg latency: 0.8912 ms`.
    let average = output.lines().find_map(|line| line.strip_prefix("Avg latency: ")?.split_whitespace().next());
    let ms: f64 = average.unwrap_or_else(|| panic!("no average: {output}")).parse().unwrap();
    Duration::from_secs_f64(ms / 1000.0)
}
