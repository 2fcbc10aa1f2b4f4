//! A manager's job that takes over the points of lost incarnations, on real files.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_application::jobs::{Progress, reclaim_terminal};
use nosmoke_domain::fact::Payload;
use nosmoke_ports::contract::{ErrorCode, JobKind};
use nosmoke_ports::{Clock, RandomIds};
use nosmoke_replication::incarnations::reclaim::{RECLAIM_BATCH, SILENCE};
use nosmoke_replication::incarnations::restore::begin_another_incarnation;
use nosmoke_runtime::heard::LastHeard;
use nosmoke_tests::doubles::{HaltAt, HaltingJournal};
use serde_json::json;

use crate::support::Desk;

/// The clock of a process that has been connected for as long as an incarnation must be silent.
#[derive(Debug)]
struct ConnectedClock;

impl Clock for ConnectedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    fn uptime(&self) -> Duration {
        SILENCE
    }
}

#[tokio::test]
async fn a_reclaim_stops_when_the_terminal_is_heard_between_two_batches() {
    let desk = Desk::new().await;
    for number in 0..RECLAIM_BATCH + 10 {
        let customer = desk.customer(&format!("고객 {number}")).await;
        let points = json!({ "type": "adjustPoints", "customerId": customer, "points": 10, "reason": "goodwill" });
        desk.give(points).await.unwrap();
    }
    let origin = desk.changes().await[0].recorded.fact.origin;
    let mut terminal = desk.terminal.clone();
    begin_another_incarnation(&*terminal.core.journal, Arc::new(RandomIds), desk.clock.now()).await.unwrap();
    // Own heartbeats have come back every five seconds, and nothing of the earlier incarnation was read.
    let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
    for seconds in (0..=SILENCE.as_secs()).step_by(5) {
        let up = Duration::from_secs(seconds);
        terminal.core.heard.measured(at(seconds.try_into().unwrap()), up);
    }
    terminal.core.connection.up(at(0));
    terminal.core.connection.reading(false);
    terminal.core.connection.set_at_end(true);
    terminal.core.clock = Arc::new(ConnectedClock);
    let (journal, halt) = HaltingJournal::new(terminal.core.journal.clone(), HaltAt::Write);
    terminal.core.journal = journal;
    let heard = terminal.core.heard.clone();
    let progress = Arc::new(Progress::unfollowed(JobKind::Reclaim, &terminal.core.clock));
    let authority = desk.authority().await;
    let reclaims = reclaim_terminal(&terminal, authority, origin.terminal_id, progress);
    let appears = halt.meanwhile(async {
        heard.heard(origin.incarnation, LastHeard { appended_at: at(120), gives: true }, SILENCE);
    });
    let (reclaimed, ()) = tokio::join!(reclaims, appears);
    assert_eq!(reclaimed.unwrap_err().code, ErrorCode::TerminalAlive);
    let changes = desk.changes().await;
    let taken = changes.iter().filter(|change| matches!(change.recorded.fact.payload, Payload::Reclaimed(_)));
    assert_eq!(taken.count(), RECLAIM_BATCH, "the batch that had begun");
}
