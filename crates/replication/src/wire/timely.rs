//! Messages that matter only for a moment name the cluster's time at which they were sent. One that was stored long after
//! that is a copy, or was held up; either way what it says is over.

use chrono::{DateTime, TimeDelta, Utc};

/// A message that was stored later than this after it was sent is over.
const MAX_DELAY: TimeDelta = TimeDelta::seconds(30);
/// A message can't be stored before it was sent; this much is allowed for measuring the cluster's time.
const MAX_LEAD: TimeDelta = TimeDelta::seconds(5);

/// Whether a message sent at `at`, by the cluster's clock as its sender knows it, was stored soon after.
pub(crate) fn is_timely(at: DateTime<Utc>, appended_at: DateTime<Utc>) -> bool {
    (-MAX_LEAD..=MAX_DELAY).contains(&(appended_at - at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_stored_30_seconds_late_or_5_early_is_over() {
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        for (appended, timely) in [(100, true), (130, true), (131, false), (95, true), (94, false)] {
            assert_eq!(is_timely(at(100), at(appended)), timely, "{appended}");
        }
    }
}
