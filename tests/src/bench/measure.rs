//! Two things in turn, again and again: what else the machine does meets both alike, and a median forgets its worst.

use std::time::{Duration, Instant};

/// How long something took.
pub(crate) async fn timed<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let began = Instant::now();
    let result = work.await;
    (began.elapsed(), result)
}

pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// How many times as long as the other's the median of the first is.
pub(crate) fn ratio(of: Vec<Duration>, to: Vec<Duration>) -> f64 {
    median(of).as_secs_f64() / median(to).as_secs_f64()
}

/// The median times of two things done in turn, the first as a multiple of the other. The one that goes first changes.
pub(crate) async fn in_turn(rounds: usize, mut first: impl AsyncFnMut(), mut other: impl AsyncFnMut()) -> f64 {
    let (mut of, mut to) = (Vec::with_capacity(rounds), Vec::with_capacity(rounds));
    for round in 0..rounds {
        if round % 2 == 0 {
            of.push(timed(first()).await.0);
            to.push(timed(other()).await.0);
        } else {
            to.push(timed(other()).await.0);
            of.push(timed(first()).await.0);
        }
    }
    ratio(of, to)
}

/// A count as a number to divide.
pub(crate) fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).expect("a count that isn't large"))
}
