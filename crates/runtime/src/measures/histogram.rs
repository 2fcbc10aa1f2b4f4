//! How long things took: a histogram whose percentiles are right to a tenth.

use std::time::Duration;

/// The upper bounds of the buckets grow by a fifth, from 10 µs to a day.
const BUCKETS: usize = 126;
const FIRST_BOUND_MS: f64 = 0.01;
const GROWTH: f64 = 1.2;

#[derive(Debug, Clone)]
pub struct Histogram {
    pub count: u64,
    pub errors: u64,
    buckets: Box<[u32; BUCKETS]>,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { count: 0, errors: 0, buckets: Box::new([0; BUCKETS]) }
    }
}

impl Histogram {
    pub fn record(&mut self, count: u64, latency: Duration, well: bool) {
        self.count += count;
        self.errors += if well { 0 } else { count };
        let bucket = &mut self.buckets[bucket_of(latency)];
        *bucket = bucket.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
    }

    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.errors += other.errors;
        for (all, one) in self.buckets.iter_mut().zip(other.buckets.iter()) {
            *all = all.saturating_add(*one);
        }
    }

    /// The middle of the bucket that holds this percentile, in ms.
    pub fn quantile(&self, percent: u64) -> Option<f64> {
        let all: u64 = self.buckets.iter().map(|count| u64::from(*count)).sum();
        let wanted = (all * percent).div_ceil(100);
        let mut seen = 0;
        let bucket = self.buckets.iter().position(|count| {
            seen += u64::from(*count);
            seen >= wanted
        })?;
        (all > 0).then(|| bound(bucket) / GROWTH.sqrt())
    }
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
