//! The growing pause before a failed step is retried.

use std::time::Duration;

/// Computes a pause that doubles with each failure in a row, up to a limit.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, failures: 0 }
    }

    /// Returns the pause after a number of failures in a row; after one failure it is the first pause.
    pub fn after(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        self.first.saturating_mul(1 << doublings).min(self.longest)
    }

    /// Counts a failure and returns the pause before the retry.
    pub fn failed(&mut self) -> Duration {
        self.failures = self.failures.saturating_add(1);
        self.after(self.failures)
    }

    /// Starts over with the first pause, after a success.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_limit_and_start_over_after_a_success() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_millis(500));
        let pauses = [(); 4].map(|()| backoff.failed().as_millis());
        assert_eq!(pauses, [100, 200, 400, 500]);
        assert_eq!(backoff.after(u32::MAX), Duration::from_millis(500));
        backoff.reset();
        assert_eq!(backoff.failed(), Duration::from_millis(100));
    }
}
