//! Looks at the journal for what `/health` answers.

use std::time::Duration;

use nosmoke_application::clock_check;
use nosmoke_ports::contract::{AppError, ClockDoubt, SyncChip};

use crate::health::Health;
use crate::served::Served;

/// Least and greatest time between two looks at the journal.
const MIN_INTERVAL: Duration = Duration::from_secs(1);
const MAX_INTERVAL: Duration = Duration::from_secs(5);

/// Updates the kept health whenever facts, documents or the connection change, and every 5 s.
pub(crate) async fn keep_health(served: Served) {
    let core = &served.terminal().core;
    let (mut facts, mut documents) = (core.feed.subscribe(), core.feed.follow_documents());
    let mut connection = core.connection.subscribe();
    loop {
        tokio::time::sleep(MIN_INTERVAL).await;
        tokio::select! {
            _ = facts.changed() => {}
            _ = documents.changed() => {}
            _ = connection.changed() => {}
            () = tokio::time::sleep(MAX_INTERVAL - MIN_INTERVAL) => {}
        }
        update_health(&served).await;
    }
}

pub(crate) async fn update_health(served: &Served) {
    served.health.set(look(served).await);
}

async fn look(served: &Served) -> Result<Health, AppError> {
    let queries = &served.queries;
    queries.expect_set_up().await?;
    let exchange = match queries.sync_chip().await? {
        SyncChip::Alone { .. } => "off",
        chip if chip.hears_nobody() => "hears_nobody",
        SyncChip::Online { .. } | SyncChip::Offline { .. } => "on",
    };
    let clock = match clock_check::question(&served.terminal().core).await.map(|question| question.doubt) {
        None => "ok",
        Some(ClockDoubt::Behind) => "before_newest_fact",
        Some(ClockDoubt::LongAfter) => "long_after_newest_fact",
    };
    Ok(Health { status: "ok", exchange, clock })
}
