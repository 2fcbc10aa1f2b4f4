//! The latency of commands while the access log is written, compared with none being written.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nosmoke_domain::ids::{CustomerId, TokenId};
use nosmoke_ports::contract::AccessAct;
use nosmoke_ports::{Access, AccessBy};
use tokio::sync::watch;
use uuid::Uuid;

use crate::desk::{Desk, p99};
use crate::facility::Facility;
use crate::measure::median;
use crate::table::{Limit, Table};

/// Rounds of three seconds, of which every other one writes rows.
const ROUNDS: usize = 10;
/// A row for each card that is opened: far more than a desk opens.
const NOTE_INTERVAL: Duration = Duration::from_millis(5);

pub(crate) async fn measure(table: &mut Table) {
    table.heading("Commands while the access log is written, to none being written");
    let facility = Facility::new().await;
    let mut desk = Desk::new(&facility).await;
    let access = facility.terminal.core.access.clone();
    let (stop, stopped) = watch::channel(false);
    let writing = tokio::spawn(access.clone().run(facility.terminal.core.journal.clone(), stopped));
    let noting = Arc::new(AtomicBool::new(false));
    let (on, notes) = (noting.clone(), access.clone());
    let noted = tokio::spawn(async move {
        loop {
            tokio::time::sleep(NOTE_INTERVAL).await;
            if on.load(Ordering::Relaxed) {
                let whose = Some(CustomerId(Uuid::new_v4()));
                notes.note(Access::done(AccessBy::Token(TokenId::Owner), AccessAct::CardOpened).of(whose));
            }
        }
    });
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let is_on = round % 2 == 0;
        noting.store(is_on, Ordering::Relaxed);
        let took = desk.latencies(&facility).await;
        if is_on {
            with.extend(took)
        } else {
            without.extend(took)
        }
        nosmoke_tests::settle::settle(&facility.terminal.workers).await.unwrap();
    }
    noted.abort();
    let ratio = |of: Duration, to: Duration| of.as_secs_f64() / to.as_secs_f64();
    table.row("median time of one", ratio(median(with.clone()), median(without.clone())), Limit::AtMost(1.1));
    table.row("time of one in a hundred (p99)", ratio(p99(with), p99(without)), Limit::AtMost(1.1));
    stop.send_replace(true);
    writing.await.unwrap();
    facility.close().await;
}
