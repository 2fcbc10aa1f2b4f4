//! Measures two functions alternately, so that other load on the machine affects both alike, and compares their
//! medians, which ignore outliers.

use std::time::{Duration, Instant};

/// Runs a future, and returns the time that it took and its output.
pub(crate) async fn timed<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let began = Instant::now();
    let result = work.await;
    (began.elapsed(), result)
}

pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Returns the ratio of two medians.
pub(crate) fn ratio(of: Vec<Duration>, to: Vec<Duration>) -> f64 {
    median(of).as_secs_f64() / median(to).as_secs_f64()
}

/// Returns the median of the ratios of pairs that were measured one after the other. What slows the machine for longer
/// than a pair takes affects both sides of it.
pub(crate) fn ratio_of_pairs(pairs: &[(Duration, Duration)]) -> f64 {
    let mut ratios: Vec<f64> = pairs.iter().map(|(of, to)| of.as_secs_f64() / to.as_secs_f64()).collect();
    ratios.sort_unstable_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

/// Runs two functions alternately, reversing the order each round, and returns the ratio of their median times.
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

/// Converts a count to a floating-point number.
pub(crate) fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).expect("a count that isn't large"))
}
