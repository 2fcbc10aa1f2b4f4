//! The number of changes that each context still has to process, and the age of the oldest, read from the journal at
//! one moment. Each SQL query uses an index and is bounded, so that it doesn't become slower as the history grows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use nosmoke_ports::contract::{ContextName, VisitsWaiting};
use nosmoke_ports::{LogPosition, Partition, Read, ReadFacts, StoreError, Worker};
use nosmoke_runtime::connection::ClusterConnection;
use nosmoke_runtime::feed::Feed;

/// Visits whose earnings aren't recorded yet are counted up to this number.
const MAX_VISITS_COUNTED: usize = 1_000;

/// The positions of the workers in the change feed, at one moment.
#[derive(Debug, Clone)]
pub(super) struct FeedProgress {
    written: i64,
    by_context: BTreeMap<ContextName, i64>,
    earning: i64,
}

impl FeedProgress {
    pub(super) fn now(feed: &Feed) -> Self {
        let passed = |name| feed.passed_by(name).map(|passed| (name, passed));
        let by_context = ContextName::ALL.into_iter().filter_map(passed).collect();
        Self { written: feed.last_written(), by_context, earning: feed.checkpoint(Worker::Earning) }
    }

    pub(super) fn by(&self, name: ContextName) -> Option<i64> {
        self.by_context.get(&name).copied()
    }

    fn lag(&self, name: ContextName) -> u64 {
        self.by(name).map_or(0, |passed| behind(self.written, passed))
    }
}

#[derive(Debug)]
pub(super) struct Backlog {
    lags: BTreeMap<ContextName, u64>,
    oldest: BTreeMap<ContextName, DateTime<Utc>>,
    visits: Option<VisitsWaiting>,
}

impl Backlog {
    /// Reads the backlog of all contexts.
    ///
    /// # Errors
    /// An error of the store.
    pub(super) fn read(
        tx: &mut dyn Read,
        passed: &FeedProgress,
        connection: &ClusterConnection,
    ) -> Result<Self, StoreError> {
        let pending = tx.pending_totals()?;
        let unread =
            if connection.has_read_all() { 0 } else { unread(&connection.memory().log_ends, &tx.log_positions()?) };
        let mut lags: BTreeMap<_, _> = ContextName::ALL.map(|name| (name, passed.lag(name))).into();
        lags.extend([(ContextName::Publisher, pending.facts), (ContextName::Consumer, unread)]);
        let mut oldest = BTreeMap::new();
        for (name, after) in &passed.by_context {
            if lags[name] > 0
                && let Some(at) = tx.arrived_after(*after)?
            {
                oldest.insert(*name, at);
            }
        }
        if let Some(first) = pending.oldest
            && let Some(at) = tx.arrived_after(first - 1)?
        {
            oldest.insert(ContextName::Publisher, at);
        }
        Ok(Self { lags, oldest, visits: visits(tx, passed.earning)? })
    }

    pub(super) fn lag(&self, name: ContextName) -> u64 {
        self.lags.get(&name).copied().unwrap_or(0)
    }

    pub(super) fn oldest(&self, name: ContextName) -> Option<DateTime<Utc>> {
        self.oldest.get(&name).copied()
    }

    pub(super) fn visits(&self, name: ContextName) -> Option<VisitsWaiting> {
        self.visits.filter(|_| name == ContextName::Point)
    }
}

fn visits(tx: &mut dyn ReadFacts, passed: i64) -> Result<Option<VisitsWaiting>, StoreError> {
    let Some(here) = tx.origin()? else { return Ok(None) };
    let waiting = tx.check_outs_after(here.incarnation, passed, MAX_VISITS_COUNTED + 1)?;
    Ok(waiting.map(|(count, oldest)| {
        let counted = count.min(MAX_VISITS_COUNTED as u64);
        VisitsWaiting { count: counted, more: count > counted, oldest_at: oldest.timestamp_millis() }
    }))
}

/// Returns the number of messages that were in the log when the connection was last opened and haven't been read yet.
fn unread(ends: &BTreeMap<Partition, i64>, positions: &[LogPosition]) -> u64 {
    let next =
        |partition: &Partition| positions.iter().find(|it| it.partition == *partition).map_or(0, |it| it.next_offset);
    ends.iter().map(|(partition, end)| behind(*end, next(partition))).sum()
}

fn behind(written: i64, passed: i64) -> u64 {
    u64::try_from(written - passed).unwrap_or(0)
}
