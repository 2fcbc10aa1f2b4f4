//! What passes between the contexts and what they talk to: per edge and minute a count, errors and a histogram of latencies, of
//! the last four hours. Bounded: a minute in which nothing passed takes nothing.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::contract::{ContextName, EdgeKind, EdgeMeasure};
use crate::ports::Clock;

/// Minutes kept.
const HOURS: i64 = 240;
const RECENT: i64 = 5;
/// The upper bounds of the histogram's buckets grow by a fifth, from 10 µs to a day.
const BUCKETS: usize = 126;
const FIRST_BOUND_MS: f64 = 0.01;
const GROWTH: f64 = 1.2;

/// A node of the graph. Terminals aren't among them: what passes between them and Kafka isn't seen from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// The window.
    Screen,
    /// The REST gateway.
    Rest,
    CheckIn,
    Point,
    Pay,
    Penalty,
    Mypage,
    Publisher,
    Consumer,
    /// The journal, which is also the change feed that contexts follow.
    Sqlite,
    Kafka,
}

impl Node {
    pub fn name(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Rest => "rest",
            Self::CheckIn => "check_in",
            Self::Point => "point",
            Self::Pay => "pay",
            Self::Penalty => "penalty",
            Self::Mypage => "mypage",
            Self::Publisher => "publisher",
            Self::Consumer => "consumer",
            Self::Sqlite => "sqlite",
            Self::Kafka => "kafka",
        }
    }

    pub fn of(context: ContextName) -> Self {
        match context {
            ContextName::CheckIn => Self::CheckIn,
            ContextName::Point => Self::Point,
            ContextName::Pay => Self::Pay,
            ContextName::Penalty => Self::Penalty,
            ContextName::Mypage => Self::Mypage,
            ContextName::Publisher => Self::Publisher,
            ContextName::Consumer => Self::Consumer,
        }
    }
}

/// From whom to whom.
pub type Edge = (Node, Node);

/// Every edge, as docs/domain.md draws the map: who asks whom, and who tells whom.
pub const EDGES: [(Edge, EdgeKind); 25] = {
    use EdgeKind::{Event, Request};
    use Node::{CheckIn, Consumer, Kafka, Mypage, Pay, Penalty, Point, Publisher, Rest, Screen, Sqlite};
    [
        ((Screen, CheckIn), Request),
        ((Screen, Pay), Request),
        ((Screen, Penalty), Request),
        // Corrections of points.
        ((Screen, Point), Request),
        ((Screen, Mypage), Request),
        // Customers, areas and the facility: records of the journal alone.
        ((Screen, Sqlite), Request),
        ((Rest, CheckIn), Request),
        ((Rest, Pay), Request),
        ((Rest, Penalty), Request),
        ((Rest, Point), Request),
        ((Rest, Mypage), Request),
        ((Rest, Sqlite), Request),
        ((Pay, Point), Request),
        ((Penalty, Point), Request),
        // Facts that were recorded, from the command's beginning until they are durable.
        ((CheckIn, Sqlite), Event),
        ((Pay, Sqlite), Event),
        ((Penalty, Sqlite), Event),
        ((Point, Sqlite), Event),
        ((Consumer, Sqlite), Event),
        // Changes that a context passed, each with its step's time.
        ((Sqlite, CheckIn), Event),
        ((Sqlite, Point), Event),
        ((Sqlite, Penalty), Event),
        ((Sqlite, Mypage), Event),
        // Records handed over; records read, each with its age by the cluster's clock.
        ((Publisher, Kafka), Event),
        ((Kafka, Consumer), Event),
    ]
};

#[derive(Debug, Clone)]
struct Minute {
    number: i64,
    count: u64,
    errors: u64,
    buckets: Box<[u32; BUCKETS]>,
}

#[derive(Debug)]
pub struct Measures {
    clock: Arc<dyn Clock>,
    rings: Mutex<BTreeMap<Edge, VecDeque<Minute>>>,
}

impl Measures {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, rings: Mutex::default() }
    }

    /// `count` of something passed, all with this latency.
    pub fn record(&self, edge: Edge, count: u64, latency: Duration, well: bool) {
        let now = self.minute();
        let mut rings = self.rings();
        let ring = rings.entry(edge).or_default();
        // A clock that is set back goes on in the last minute.
        if ring.back().is_none_or(|last| last.number < now) {
            ring.push_back(Minute { number: now, count: 0, errors: 0, buckets: Box::new([0; BUCKETS]) });
            while ring.front().is_some_and(|first| first.number <= now - HOURS) {
                ring.pop_front();
            }
        }
        if let Some(minute) = ring.back_mut() {
            minute.count += count;
            minute.errors += if well { 0 } else { count };
            let bucket = &mut minute.buckets[bucket_of(latency)];
            *bucket = bucket.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        }
    }

    /// What passed in the last five minutes, and in the last four hours.
    pub fn of(&self, edge: Edge) -> (EdgeMeasure, EdgeMeasure) {
        let now = self.minute();
        let rings = self.rings();
        let ring = rings.get(&edge);
        let over = |minutes: i64| sum(ring.into_iter().flatten().filter(|it| it.number > now - minutes), minutes);
        (over(RECENT), over(HOURS))
    }

    fn minute(&self) -> i64 {
        self.clock.now().timestamp().div_euclid(60)
    }

    fn rings(&self) -> MutexGuard<'_, BTreeMap<Edge, VecDeque<Minute>>> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sum<'a>(ring: impl Iterator<Item = &'a Minute>, minutes: i64) -> EdgeMeasure {
    let (mut count, mut errors, mut buckets) = (0, 0, [0_u64; BUCKETS]);
    for minute in ring {
        count += minute.count;
        errors += minute.errors;
        for (all, one) in buckets.iter_mut().zip(minute.buckets.iter()) {
            *all += u64::from(*one);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate to look at")]
    let rate_per_minute = count as f64 / minutes as f64;
    EdgeMeasure { count, rate_per_minute, errors, p50_ms: quantile(&buckets, 50), p99_ms: quantile(&buckets, 99) }
}

/// The middle of the bucket that holds this percentile.
fn quantile(buckets: &[u64; BUCKETS], percent: u64) -> Option<f64> {
    let all: u64 = buckets.iter().sum();
    let wanted = (all * percent).div_ceil(100);
    let mut seen = 0;
    let bucket = buckets.iter().position(|count| {
        seen += count;
        seen >= wanted
    })?;
    (all > 0).then(|| bound(bucket) / GROWTH.sqrt())
}

/// A bucket's upper bound, in ms.
fn bound(bucket: usize) -> f64 {
    FIRST_BOUND_MS * GROWTH.powi(i32::try_from(bucket).unwrap_or(i32::MAX))
}

fn bucket_of(latency: Duration) -> usize {
    let ratio = (latency.as_secs_f64() * 1_000.0 / FIRST_BOUND_MS).max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, and bounded next")]
    let bucket = ratio.log(GROWTH).ceil() as usize;
    bucket.min(BUCKETS - 1)
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
    fn percentiles_are_right_to_a_tenth() {
        let (_, measures) = measures();
        for ms in 1..=1_000 {
            measures.record(EDGE, 1, Duration::from_millis(ms), ms % 100 != 0);
        }
        let (recent, _) = measures.of(EDGE);
        assert_eq!((recent.count, recent.errors, recent.rate_per_minute), (1_000, 10, 200.0));
        near(recent.p50_ms, 500.0);
        near(recent.p99_ms, 990.0);
    }

    #[test]
    fn latencies_of_any_size_have_a_bucket() {
        for (latency, expected) in
            [(Duration::ZERO, 0.01), (Duration::from_micros(20), 0.02), (Duration::from_secs(60), 60_000.0)]
        {
            let (_, measures) = measures();
            measures.record(EDGE, 3, latency, true);
            near(measures.of(EDGE).0.p99_ms, expected);
        }
        let (_, measures) = measures();
        measures.record(EDGE, 1, Duration::MAX, true);
        assert!(measures.of(EDGE).0.p99_ms.unwrap() > 60_000_000.0);
    }

    #[test]
    fn minutes_pass_out_of_the_recent_and_then_of_the_hours() {
        let (clock, measures) = measures();
        let counts = |measures: &Measures| (measures.of(EDGE).0.count, measures.of(EDGE).1.count);
        measures.record(EDGE, 2, Duration::from_millis(1), true);
        assert_eq!((counts(&measures), measures.of((Node::Penalty, Node::Point)).0.p50_ms), ((2, 2), None));
        clock.0.store(1_004, Ordering::SeqCst);
        assert_eq!(counts(&measures), (2, 2));
        clock.0.store(1_005, Ordering::SeqCst);
        measures.record(EDGE, 1, Duration::from_millis(1), true);
        assert_eq!(counts(&measures), (1, 3));
        clock.0.store(1_000 + HOURS, Ordering::SeqCst);
        assert_eq!(counts(&measures), (0, 1));
        // A clock that is set back goes on where it was.
        clock.0.store(900, Ordering::SeqCst);
        measures.record(EDGE, 1, Duration::from_millis(1), true);
        assert_eq!(measures.of(EDGE).1.count, 4);
    }

    #[test]
    fn no_more_than_four_hours_are_kept() {
        let (clock, measures) = measures();
        for minute in 0..3 * HOURS {
            clock.0.store(minute, Ordering::SeqCst);
            measures.record(EDGE, 1, Duration::from_millis(1), true);
        }
        assert_eq!(i64::try_from(measures.rings()[&EDGE].len()), Ok(HOURS));
        assert_eq!(i64::try_from(measures.of(EDGE).1.count), Ok(HOURS));
    }
}
