//! Which incarnations were heard lately, by the cluster's clock. No terminal's own clock takes part, so that a wrong one
//! makes nobody seem silent.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::ids::IncarnationId;
use nosmoke_ports::Heard;
use parking_lot::Mutex;

/// An incarnation whose last heartbeat is younger than this is alive: three intervals of heartbeats.
pub const HEARD_TIMEOUT: TimeDelta = TimeDelta::seconds(15);
/// The longest time between two heartbeats of this terminal that come back without a gap.
const MAX_GAP: Duration = Duration::from_secs(15);
/// Most incarnations kept; those heard longest ago are dropped.
const MAX_INCARNATIONS: usize = 1_000;

/// Most incarnations whose heartbeat is kept in memory, each of at most 64 KiB; those of further ones are always written.
const MAX_SAID: usize = 200;
/// How often the heartbeat of an incarnation is written to the journal.
const JOURNAL_INTERVAL: Duration = Duration::from_secs(60);

/// The last heartbeat of an incarnation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastHeard {
    /// When the cluster stored the heartbeat.
    pub appended_at: DateTime<Utc>,
    /// Whether the incarnation answers requests for points.
    pub gives: bool,
}

#[derive(Debug, Default)]
struct State {
    heard: BTreeMap<IncarnationId, LastHeard>,
    /// The cluster's time at a process time, measured with this terminal's last heartbeat on this connection.
    measured: Option<(DateTime<Utc>, Duration)>,
    /// Since when this terminal's heartbeats have come back without a gap, by process time.
    unbroken_since: Option<Duration>,
    /// When something of an incarnation was last read, by process time.
    read: BTreeMap<IncarnationId, Duration>,
    /// The last heartbeats, and when each was last written to the journal, by process time.
    said: BTreeMap<IncarnationId, (Heard, Duration)>,
}

/// The last heartbeat of each incarnation, and the cluster's time.
#[derive(Debug, Default)]
pub struct HeardIncarnations(Mutex<State>);

impl HeardIncarnations {
    /// Called when a connection begins: the cluster's time isn't known until this terminal's heartbeat was read back.
    pub fn connects(&self) {
        let mut state = self.0.lock();
        (state.measured, state.unbroken_since) = (None, None);
    }

    /// Called when this terminal's own heartbeat was read back at process time `now`.
    pub fn measured(&self, appended_at: DateTime<Utc>, now: Duration) {
        let mut state = self.0.lock();
        if state.unbroken_since.is_none() || state.is_broken(now) {
            state.unbroken_since = Some(now);
        }
        state.measured = Some((appended_at, now));
    }

    /// Called when a heartbeat or a fact of another incarnation was read at process time `now`.
    pub fn read_from(&self, incarnation: IncarnationId, now: Duration) {
        let read = &mut self.0.lock().read;
        read.insert(incarnation, now);
        if read.len() > MAX_INCARNATIONS
            && let Some((oldest, _)) = read.iter().min_by_key(|(_, at)| **at)
        {
            let oldest = *oldest;
            read.remove(&oldest);
        }
    }

    /// For how long nothing of an incarnation was read while this terminal's own heartbeats came back; zero while they
    /// don't.
    pub fn silence(&self, incarnation: IncarnationId, now: Duration) -> Duration {
        let state = self.0.lock();
        let Some(since) = state.unbroken_since.filter(|_| !state.is_broken(now)) else { return Duration::ZERO };
        now.saturating_sub(state.read.get(&incarnation).copied().unwrap_or_default().max(since))
    }

    /// Called with a heartbeat of another incarnation, read at process time `now`.
    pub fn heard(&self, incarnation: IncarnationId, heard: LastHeard, now: Duration) {
        self.read_from(incarnation, now);
        let heard_of = &mut self.0.lock().heard;
        let kept = heard_of.entry(incarnation).or_insert(heard);
        if kept.appended_at <= heard.appended_at {
            *kept = heard;
        }
        if heard_of.len() > MAX_INCARNATIONS
            && let Some((oldest, _)) = heard_of.iter().min_by_key(|(_, heard)| heard.appended_at)
        {
            let oldest = *oldest;
            heard_of.remove(&oldest);
        }
    }

    /// Whether a heartbeat that was read at process time `now` is to be written to the journal: the first of an
    /// incarnation in this run, one that says something else of `gives`, and one a minute.
    pub fn is_journal_due(&self, heard: &Heard, now: Duration) -> bool {
        self.0.lock().said.get(&heard.incarnation).is_none_or(|(last, written_at)| {
            (last.gives, last.terminal_id) != (heard.gives, heard.terminal_id)
                || now.saturating_sub(*written_at) >= JOURNAL_INTERVAL
        })
    }

    /// Called with a heartbeat, once it was written to the journal if that was due.
    pub fn says(&self, heard: Heard, now: Duration, is_written: bool) {
        let said = &mut self.0.lock().said;
        if said.len() < MAX_SAID || said.contains_key(&heard.incarnation) {
            let before = said.get(&heard.incarnation).map_or(now, |(_, written_at)| *written_at);
            said.insert(heard.incarnation, (heard, if is_written { now } else { before }));
        }
    }

    /// Replaces the heartbeats that the journal has by the newer ones of this run, in the journal's order.
    pub fn newest(&self, stored: Vec<Heard>) -> Vec<Heard> {
        let said = &self.0.lock().said;
        let mut newest: Vec<Heard> = stored
            .into_iter()
            .map(|stored| match said.get(&stored.incarnation) {
                Some((heard, _)) if heard.appended_at >= stored.appended_at => heard.clone(),
                _ => stored,
            })
            .collect();
        newest.sort_by_key(|heard| (heard.terminal_id, heard.appended_at));
        newest
    }

    /// The cluster's time; `None` while it isn't measured.
    pub fn cluster_time(&self, now: Duration) -> Option<DateTime<Utc>> {
        let (appended_at, at) = self.0.lock().measured?;
        Some(appended_at + TimeDelta::from_std(now.saturating_sub(at)).unwrap_or_default())
    }

    /// The incarnations that were heard lately and answer requests for points. None while the cluster's time isn't
    /// measured.
    pub fn givers(&self, now: Duration) -> BTreeSet<IncarnationId> {
        let Some(time) = self.cluster_time(now) else { return BTreeSet::new() };
        let state = self.0.lock();
        let gives = |heard: &LastHeard| heard.gives && time - heard.appended_at < HEARD_TIMEOUT;
        state.heard.iter().filter(|(_, heard)| gives(heard)).map(|(incarnation, _)| *incarnation).collect()
    }

    /// Whether an incarnation was heard lately.
    pub fn is_heard(&self, incarnation: IncarnationId, now: Duration) -> bool {
        let Some(time) = self.cluster_time(now) else { return false };
        self.last(incarnation).is_some_and(|heard| time - heard.appended_at < HEARD_TIMEOUT)
    }

    /// The last heartbeat of an incarnation.
    pub fn last(&self, incarnation: IncarnationId) -> Option<LastHeard> {
        self.0.lock().heard.get(&incarnation).copied()
    }
}

impl State {
    /// Whether this terminal's heartbeats have stopped coming back.
    fn is_broken(&self, now: Duration) -> bool {
        self.measured.is_none_or(|(_, at)| now.saturating_sub(at) > MAX_GAP)
    }
}

#[cfg(test)]
mod tests {
    use nosmoke_domain::ids::TerminalId;
    use uuid::Uuid;

    use super::*;

    fn incarnation(n: u128) -> IncarnationId {
        IncarnationId(Uuid::from_u128(n))
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn up(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn who_was_heard_within_15_seconds_gives_by_the_cluster_s_time() {
        let heard = HeardIncarnations::default();
        heard.heard(incarnation(1), LastHeard { appended_at: at(100), gives: true }, up(0));
        heard.heard(incarnation(2), LastHeard { appended_at: at(100), gives: false }, up(0));
        assert_eq!((heard.cluster_time(up(7)), heard.givers(up(7)).len()), (None, 0), "not measured yet");
        heard.measured(at(110), up(7));
        assert_eq!(heard.cluster_time(up(9)), Some(at(112)));
        assert_eq!(heard.givers(up(11)), [incarnation(1)].into());
        assert!(heard.is_heard(incarnation(2), up(11)));
        assert_eq!(heard.givers(up(12)).len(), 0);
        heard.heard(incarnation(1), LastHeard { appended_at: at(99), gives: false }, up(0));
        assert_eq!(heard.givers(up(11)), [incarnation(1)].into(), "an older heartbeat changes nothing");
        heard.connects();
        assert_eq!(heard.givers(up(11)).len(), 0);
    }

    #[test]
    fn a_heartbeat_is_written_once_a_minute_and_shown_at_once() {
        let heard = HeardIncarnations::default();
        let says = |of: u128, second: i64, gives| Heard {
            incarnation: incarnation(of),
            terminal_id: TerminalId(Uuid::from_u128(9)),
            appended_at: at(second),
            received_at: at(second),
            gives,
            body: second.to_string().into_bytes(),
        };
        let read = |said: Heard, second: u64| {
            let is_due = heard.is_journal_due(&said, up(second));
            heard.says(said, up(second), is_due);
            is_due
        };
        let written: Vec<u32> =
            (0..130).step_by(5).filter(|it| read(says(1, (*it).into(), true), (*it).into())).collect();
        assert_eq!(written, [0, 60, 120]);
        assert!(read(says(1, 126, false), 126), "it doesn't give any more");
        assert!(read(says(2, 127, true), 127), "another incarnation");
        let stored = vec![says(2, 127, true), says(1, 60, true), says(3, 1, true)];
        let newest: Vec<_> = heard.newest(stored).into_iter().map(|it| (it.incarnation, it.appended_at)).collect();
        assert_eq!(newest, [(incarnation(3), at(1)), (incarnation(1), at(126)), (incarnation(2), at(127))]);
    }

    #[test]
    fn silence_counts_only_while_own_heartbeats_come_back() {
        let heard = HeardIncarnations::default();
        assert_eq!(heard.silence(incarnation(1), up(500)), Duration::ZERO, "not connected");
        heard.measured(at(0), up(500));
        assert_eq!(heard.silence(incarnation(1), up(510)), Duration::from_secs(10), "counted since the first one");
        heard.measured(at(10), up(510));
        heard.read_from(incarnation(1), up(512));
        assert_eq!(heard.silence(incarnation(1), up(520)), Duration::from_secs(8));
        assert_eq!(heard.silence(incarnation(2), up(520)), Duration::from_secs(20));
        assert_eq!(heard.silence(incarnation(2), up(526)), Duration::ZERO, "own heartbeats stopped coming back");
        heard.measured(at(30), up(530));
        assert_eq!(heard.silence(incarnation(2), up(531)), Duration::from_secs(1), "counted again after the gap");
        heard.connects();
        assert_eq!(heard.silence(incarnation(2), up(532)), Duration::ZERO);
    }

    #[test]
    fn the_incarnation_heard_longest_ago_is_dropped_beyond_the_limit() {
        let heard = HeardIncarnations::default();
        for n in 0..1_001_u32 {
            heard.heard(incarnation(n.into()), LastHeard { appended_at: at(n.into()), gives: true }, up(0));
        }
        assert_eq!((heard.last(incarnation(0)), heard.last(incarnation(1)).is_some()), (None, true));
    }
}
