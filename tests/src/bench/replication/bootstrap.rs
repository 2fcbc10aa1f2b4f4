//! A new terminal's first read of a long log, compared with a plain SQLite insert of the same rows.

use std::time::Instant;

use nosmoke_broker::Broker;

use super::upload::UploadedLog;
use super::{extent, online, plain, until};
use crate::desk::{Desk, p99};
use crate::facility::{Facility, folder};
use crate::measure::ratio;
use crate::table::{Limit, Table};

const ROUNDS: usize = 3;
const DESK_ROUNDS: usize = 5;

pub(super) async fn measure(broker: &Broker, log: &UploadedLog, table: &mut Table) {
    let (mut ours, mut plainly) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let facility = Facility::joining(log.membership.clone()).await;
        let replication = online(&facility, broker, &log.prefix).await;
        let began = Instant::now();
        all_read(&facility, log).await;
        ours.push(began.elapsed());
        replication.stop().await;
        let read = facility.close().await;
        let rows = plain::rows(&read.path().join("journal.db"));
        let empty = folder();
        std::fs::copy(read.path().join("journal.db"), empty.path().join("journal.db")).unwrap();
        plainly.push(plain::insert(&empty.path().join("journal.db"), &rows));
    }
    table.row(
        "time of a new terminal's reading of 200,000 facts, to a prepared insert",
        ratio(ours, plainly),
        Limit::AtMost(2.0),
    );

    let (mut idle, mut busy) = (Vec::new(), Vec::new());
    for _ in 0..DESK_ROUNDS {
        let facility = Facility::joining(log.membership.clone()).await;
        let mut desk = Desk::new(&facility).await;
        idle.extend(desk.latencies(&facility).await);
        let replication = online(&facility, broker, &log.prefix).await;
        busy.extend(desk.latencies(&facility).await);
        assert!(!facility.terminal.core.connection.has_read_all(), "replication ended before the measurement");
        replication.stop().await;
        facility.close().await;
    }
    let ratio = p99(busy).as_secs_f64() / p99(idle).as_secs_f64();
    table.row("p99 of a desk command meanwhile, to an idle one's", ratio, Limit::AtMost(2.0));
}

async fn all_read(facility: &Facility, log: &UploadedLog) {
    until("all is read", async || {
        extent(facility).await.facts >= log.facts && facility.terminal.core.connection.has_read_all()
    })
    .await;
}
