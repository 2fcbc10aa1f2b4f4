//! Documents of ours that strangers' messages with the same key push out of a compacted topic. They are published again,
//! but ever more rarely, so that whoever writes such messages can't make us write as many. This is without I/O.

use std::collections::BTreeMap;
use std::time::Duration;

use nosmoke_ports::DocumentKey;

/// The pause for one document doubles from the first to the second.
const PAUSES: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(3_600));
/// Most documents that are remembered; further ones wait until another was left alone for the longest pause.
const MAX_DOCUMENTS: usize = 10_000;

/// When documents were published again, by process time.
#[derive(Debug, Default)]
pub(crate) struct PushedOut(BTreeMap<DocumentKey, (u32, Duration)>);

impl PushedOut {
    /// Whether a document may be published again at process time `now`.
    pub(crate) fn is_due(&self, key: DocumentKey, now: Duration) -> bool {
        match self.0.get(&key) {
            Some((times, last)) => now.saturating_sub(*last) >= pause(*times),
            None => self.0.len() < MAX_DOCUMENTS,
        }
    }

    /// Called when a document is published again.
    pub(crate) fn published(&mut self, key: DocumentKey, now: Duration) {
        self.0.retain(|_, (_, last)| now.saturating_sub(*last) < PAUSES.1 * 2);
        let (times, last) = self.0.entry(key).or_insert((0, now));
        (*times, *last) = (times.saturating_add(1), now);
    }
}

fn pause(times: u32) -> Duration {
    let (first, last) = PAUSES;
    first.saturating_mul(1 << times.saturating_sub(1).min(16)).min(last)
}

#[cfg(test)]
mod tests {
    use nosmoke_domain::ids::CustomerId;
    use uuid::Uuid;

    use super::*;

    fn key(n: u128) -> DocumentKey {
        DocumentKey::Profile(CustomerId(Uuid::from_u128(n)))
    }

    #[test]
    fn a_document_is_published_again_at_most_once_a_minute_and_ever_more_rarely() {
        let mut pushed_out = PushedOut::default();
        let mut times = Vec::new();
        for second in 0..20_000 {
            let now = Duration::from_secs(second);
            if pushed_out.is_due(key(1), now) {
                pushed_out.published(key(1), now);
                times.push(second);
            }
        }
        let pauses: Vec<u64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(pauses, [60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600, 3_600]);
        assert!(pushed_out.is_due(key(2), Duration::ZERO), "each document by itself");
    }

    #[test]
    fn documents_beyond_the_limit_wait() {
        let mut pushed_out = PushedOut::default();
        (0..10_000).for_each(|n| pushed_out.published(key(n), Duration::ZERO));
        assert!(!pushed_out.is_due(key(10_000), Duration::ZERO));
        pushed_out.published(key(1), Duration::from_secs(7_200));
        assert!(pushed_out.is_due(key(10_000), Duration::from_secs(7_200)));
    }
}
