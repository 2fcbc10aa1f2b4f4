//! Measures the traffic between contexts and their neighbours: counts, errors and latencies for each edge over the last
//! day. Memory is bounded.

mod edges;
mod histogram;
mod ring;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::TerminalId;
use parking_lot::{Mutex, MutexGuard};

pub use edges::{EDGES, Edge, Node};
use ring::{FOUR_HOURS_MINUTES, RECENT_MINUTES, Ring, day, window};

use nosmoke_ports::Clock;
use nosmoke_ports::contract::EdgeMeasure;

/// The largest number of terminals whose messages are counted. There is a limit because the terminal that a message
/// names isn't checked, so false names could use up memory.
const MAX_TERMINALS: usize = 32;
const MINUTE_MS: i64 = 60_000;

#[derive(Debug)]
pub struct Measures {
    clock: Arc<dyn Clock>,
    since: DateTime<Utc>,
    rings: Mutex<Rings>,
}

#[derive(Debug, Default)]
struct Rings {
    edges: BTreeMap<Edge, Ring>,
    terminals: BTreeMap<TerminalId, Ring>,
}

/// The traffic on an edge in three windows: the last five minutes, the last four hours, and the last day in whole
/// hours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Traffic {
    pub recent: EdgeMeasure,
    pub hours: EdgeMeasure,
    pub day: EdgeMeasure,
}

impl Measures {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { since: clock.now(), clock, rings: Mutex::default() }
    }

    /// When measuring began: at the program's start.
    pub fn since(&self) -> DateTime<Utc> {
        self.since
    }

    /// Counts `count` calls or events that all had this latency.
    pub fn observe(&self, edge: Edge, count: u64, latency: Duration, well: bool) {
        let now = self.minute();
        self.rings().edges.entry(edge).or_default().observe(now, count, latency, well);
    }

    /// Counts messages of another terminal that were read from the log, with their age as latency. Ignores terminals
    /// beyond the first 32.
    pub fn observe_from(&self, terminal: TerminalId, count: u64, age: Duration) {
        let now = self.minute();
        let terminals = &mut self.rings().terminals;
        if terminals.len() < MAX_TERMINALS || terminals.contains_key(&terminal) {
            terminals.entry(terminal).or_default().observe(now, count, age, true);
        }
    }

    pub fn of(&self, edge: Edge) -> Traffic {
        self.traffic(self.rings().edges.get(&edge))
    }

    pub fn of_terminal(&self, terminal: TerminalId) -> Traffic {
        self.traffic(self.rings().terminals.get(&terminal))
    }

    fn traffic(&self, ring: Option<&Ring>) -> Traffic {
        let now = self.minute();
        let over = |first: i64| {
            let all = ring.map(|ring| ring.since(first)).unwrap_or_default();
            #[expect(clippy::cast_precision_loss, reason = "a rate to look at")]
            let rate_per_minute = all.count as f64 / self.minutes_since(first);
            let (p50_ms, p99_ms) = (all.quantile(50), all.quantile(99));
            EdgeMeasure { count: all.count, rate_per_minute, errors: all.errors, p50_ms, p99_ms }
        };
        Traffic {
            recent: over(window(now, RECENT_MINUTES)),
            hours: over(window(now, FOUR_HOURS_MINUTES)),
            day: over(day(now)),
        }
    }

    /// Returns the number of minutes that were really measured since the minute `first` began; at least one, because a
    /// rate over a fraction of a minute would be misleading.
    fn minutes_since(&self, first: i64) -> f64 {
        let begun = (first * MINUTE_MS).max(self.since.timestamp_millis());
        let measured = self.clock.now().timestamp_millis() - begun;
        #[expect(clippy::cast_precision_loss, reason = "less than a day")]
        let minutes = measured.max(MINUTE_MS) as f64 / MINUTE_MS as f64;
        minutes
    }

    fn minute(&self) -> i64 {
        self.clock.now().timestamp().div_euclid(60)
    }

    fn rings(&self) -> MutexGuard<'_, Rings> {
        self.rings.lock()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use chrono::{DateTime, Utc};

    use super::*;

    #[derive(Debug, Default)]
    struct Minutes(AtomicI64);

    impl Clock for Minutes {
        fn now(&self) -> DateTime<Utc> {
            DateTime::from_timestamp(self.0.load(Ordering::SeqCst) * 60, 0).unwrap_or_default()
        }
    }

    const EDGE: Edge = (Node::Pay, Node::Point);

    fn measures() -> (Arc<Minutes>, Measures) {
        let clock = Arc::new(Minutes::default());
        clock.0.store(1_000, Ordering::SeqCst);
        (clock.clone(), Measures::new(clock))
    }

    fn near(actual: Option<f64>, expected: f64) {
        let actual = actual.unwrap();
        assert!((actual / expected - 1.0).abs() <= 0.1, "{actual} for {expected}");
    }

    #[test]
    fn percentiles_are_accurate_to_a_tenth() {
        let (_, measures) = measures();
        for ms in 1..=1_000 {
            measures.observe(EDGE, 1, Duration::from_millis(ms), ms % 100 != 0);
        }
        let recent = measures.of(EDGE).recent;
        assert_eq!((recent.count, recent.errors), (1_000, 10));
        near(recent.p50_ms, 500.0);
        near(recent.p99_ms, 990.0);
    }

    #[test]
    fn latencies_of_any_size_have_a_bucket() {
        for (latency, expected) in
            [(Duration::ZERO, 0.001), (Duration::from_micros(20), 0.02), (Duration::from_secs(60), 60_000.0)]
        {
            let (_, measures) = measures();
            measures.observe(EDGE, 3, latency, true);
            near(measures.of(EDGE).recent.p99_ms, expected);
        }
        let (_, measures) = measures();
        measures.observe(EDGE, 1, Duration::MAX, true);
        assert!(measures.of(EDGE).recent.p99_ms.unwrap() > 60_000_000.0);
    }

    #[test]
    fn minutes_leave_the_recent_window_and_then_the_hours() {
        let (clock, measures) = measures();
        let counts = |measures: &Measures| (measures.of(EDGE).recent.count, measures.of(EDGE).hours.count);
        measures.observe(EDGE, 2, Duration::from_millis(1), true);
        assert_eq!((counts(&measures), measures.of((Node::Penalty, Node::Point)).recent.p50_ms), ((2, 2), None));
        clock.0.store(1_004, Ordering::SeqCst);
        assert_eq!(counts(&measures), (2, 2));
        clock.0.store(1_005, Ordering::SeqCst);
        measures.observe(EDGE, 1, Duration::from_millis(1), true);
        assert_eq!(counts(&measures), (1, 3));
        clock.0.store(1_000 + FOUR_HOURS_MINUTES, Ordering::SeqCst);
        assert_eq!(counts(&measures), (0, 1));
        // The clock is set back: traffic is counted in the latest minute so far.
        clock.0.store(900, Ordering::SeqCst);
        measures.observe(EDGE, 1, Duration::from_millis(1), true);
        assert_eq!(measures.of(EDGE).hours.count, 4);
    }

    #[test]
    fn a_rate_is_over_the_minutes_actually_measured() {
        let (clock, measures) = measures();
        let rates = |measures: &Measures| {
            let Traffic { recent, hours, day } = measures.of(EDGE);
            [recent, hours, day].map(|it| it.rate_per_minute)
        };
        measures.observe(EDGE, 60, Duration::from_millis(1), true);
        assert_eq!(rates(&measures), [60.0, 60.0, 60.0]);
        clock.0.store(1_002, Ordering::SeqCst);
        assert_eq!(rates(&measures), [30.0, 30.0, 30.0]);
        // Only four minutes of the five-minute window have passed.
        clock.0.store(1_004, Ordering::SeqCst);
        assert_eq!(rates(&measures), [15.0, 15.0, 15.0]);
        clock.0.store(1_020, Ordering::SeqCst);
        measures.observe(EDGE, 40, Duration::from_millis(1), true);
        assert_eq!(rates(&measures), [10.0, 5.0, 5.0]);
        assert_eq!(measures.since().timestamp(), 60_000);
    }

    #[test]
    fn a_day_is_kept_by_the_hour_beyond_four_hours_and_its_percentiles_hold() {
        let (clock, measures) = measures();
        for minute in 0..3 * 24 * 60 {
            clock.0.store(minute, Ordering::SeqCst);
            measures.observe(EDGE, 1, Duration::from_millis(u64::try_from(minute % 100).unwrap() + 1), true);
        }
        assert_eq!(measures.rings().edges[&EDGE].kept(), (240, 20));
        let Traffic { hours, day, .. } = measures.of(EDGE);
        assert_eq!((hours.count, day.count), (240, 24 * 60));
        near(day.p50_ms, 50.0);
        near(day.p99_ms, 99.0);
        // The day is in whole hours, rounded down, so it is at most 24 hours.
        clock.0.store(3 * 24 * 60 + 30, Ordering::SeqCst);
        assert_eq!(measures.of(EDGE).day.count, 24 * 60 - 60);
        // Old hours aren't shown any more, although no event has come since that would have dropped them.
        clock.0.store(5 * 24 * 60, Ordering::SeqCst);
        assert_eq!(measures.of(EDGE).day.count, 0);
    }

    #[test]
    fn messages_are_counted_for_each_terminal_up_to_the_limit() {
        let (_, measures) = measures();
        let terminal = |number: u128| TerminalId(uuid::Uuid::from_u128(number));
        for number in 0..40 {
            measures.observe_from(terminal(number), 2, Duration::from_millis(5));
        }
        measures.observe_from(terminal(0), 1, Duration::from_millis(5));
        let count = |number| measures.of_terminal(terminal(number)).recent.count;
        assert_eq!([count(0), count(31), count(32)], [3, 2, 0]);
        near(measures.of_terminal(terminal(0)).day.p99_ms, 5.0);
    }
}
