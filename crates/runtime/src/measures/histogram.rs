//! Counts, errors and latencies of one edge. Percentiles are accurate to 10 %.

use std::time::Duration;

use hdrhistogram::CreationError;

/// Shorter latencies are counted as this one.
const MIN_LATENCY: Duration = Duration::from_micros(1);
/// Longer latencies are counted as this one.
const MAX_LATENCY: Duration = Duration::from_secs(24 * 60 * 60);
const SIGNIFICANT_DIGITS: u8 = 1;

#[derive(Debug, Clone)]
pub struct Histogram {
    pub count: u64,
    pub errors: u64,
    /// The latencies in µs. Its memory grows with the longest latency counted.
    latencies: hdrhistogram::Histogram<u32>,
}

impl Default for Histogram {
    fn default() -> Self {
        let latencies: Result<_, CreationError> = hdrhistogram::Histogram::new(SIGNIFICANT_DIGITS);
        #[expect(clippy::expect_used, reason = "fails for more than five digits only")]
        let latencies = latencies.expect("one significant digit");
        Self { count: 0, errors: 0, latencies }
    }
}

impl Histogram {
    pub fn observe(&mut self, count: u64, latency: Duration, well: bool) {
        self.count += count;
        self.errors += if well { 0 } else { count };
        let micros = u64::try_from(latency.clamp(MIN_LATENCY, MAX_LATENCY).as_micros()).unwrap_or(u64::MAX);
        if let Err(error) = self.latencies.record_n(micros, u32::try_from(count).unwrap_or(u32::MAX)) {
            tracing::error!(%error, "a latency couldn't be counted");
        }
    }

    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.errors += other.errors;
        if let Err(error) = self.latencies.add(&other.latencies) {
            tracing::error!(%error, "latencies couldn't be added up");
        }
    }

    /// Returns a percentile of the latencies in ms; `None` if nothing was observed.
    pub fn quantile(&self, percent: u8) -> Option<f64> {
        if self.latencies.is_empty() {
            return None;
        }
        let micros = self.latencies.value_at_percentile(percent.into());
        #[expect(clippy::cast_precision_loss, reason = "a day has fewer µs than a float's 53 bits")]
        Some(self.latencies.median_equivalent(micros) as f64 / 1_000.0)
    }
}
