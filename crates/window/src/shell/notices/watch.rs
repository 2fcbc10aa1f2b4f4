//! Decides which notices are due: each once, from when something needs a person until it doesn't any more.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use nosmoke_ports::contract::{ContextName, ContextState};

use super::notice::Notice;

/// A context recovers from most errors within seconds.
const FAILING_FOR: TimeDelta = TimeDelta::minutes(1);
/// A network comes back by itself after most outages.
const OFFLINE_FOR: TimeDelta = TimeDelta::minutes(30);
/// With less space than this a day's work may not fit.
const FREE_BYTES_MIN: u64 = 200 * 1024 * 1024;

/// The state of the program at one moment.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The contexts that aren't simply running, and for how long.
    pub(crate) contexts: Vec<(ContextName, ContextState, TimeDelta)>,
    pub(crate) free_bytes: Option<u64>,
    pub(crate) offline_for: Option<TimeDelta>,
}

impl Seen {
    fn due(&self) -> BTreeSet<Notice> {
        let mut due = BTreeSet::new();
        for (name, state, lasts) in &self.contexts {
            // Without a connection these two only say again what `OfflineLong` says.
            let exchanges = matches!(name, ContextName::Publisher | ContextName::Consumer);
            match state {
                ContextState::Stopped => due.insert(Notice::ContextStopped(*name)),
                ContextState::Failing if *lasts >= FAILING_FOR && !exchanges => {
                    due.insert(Notice::ContextFailing(*name))
                }
                _ => false,
            };
        }
        if self.free_bytes.is_some_and(|free| free < FREE_BYTES_MIN) {
            due.insert(Notice::DiskFull);
        }
        if self.offline_for.is_some_and(|lasts| lasts >= OFFLINE_FOR) {
            due.insert(Notice::OfflineLong);
        }
        due
    }
}

/// Remembers what was told, or could be seen.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    told: BTreeSet<Notice>,
}

impl Watch {
    /// Returns the notices to show now. What is due while the window can be seen counts as told: the screens show it.
    pub(crate) fn step(&mut self, seen: &Seen, is_hidden: bool) -> Vec<Notice> {
        let due = seen.due();
        let new: Vec<Notice> = due.difference(&self.told).copied().collect();
        self.told = due;
        if is_hidden { new } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing(lasts: TimeDelta) -> Seen {
        Seen { contexts: vec![(ContextName::Point, ContextState::Failing, lasts)], ..Seen::default() }
    }

    #[test]
    fn a_notice_is_shown_once_and_again_only_after_its_reason_was_gone() {
        let mut watch = Watch::default();
        let stopped =
            Seen { contexts: vec![(ContextName::Pay, ContextState::Stopped, TimeDelta::zero())], ..Seen::default() };
        assert_eq!(watch.step(&stopped, true), [Notice::ContextStopped(ContextName::Pay)]);
        assert_eq!(watch.step(&stopped, true), []);
        assert_eq!(watch.step(&Seen::default(), true), []);
        assert_eq!(watch.step(&stopped, true), [Notice::ContextStopped(ContextName::Pay)]);
    }

    #[test]
    fn what_could_be_seen_is_not_told_when_the_window_is_hidden_later() {
        let mut watch = Watch::default();
        let full = Seen { free_bytes: Some(1_000), ..Seen::default() };
        assert_eq!(watch.step(&full, false), []);
        assert_eq!(watch.step(&full, true), []);
        assert_eq!(watch.step(&Seen { free_bytes: Some(FREE_BYTES_MIN), ..Seen::default() }, true), []);
        assert_eq!(watch.step(&full, true), [Notice::DiskFull]);
    }

    #[test]
    fn short_failures_and_outages_need_nobody() {
        let mut watch = Watch::default();
        assert_eq!(watch.step(&failing(TimeDelta::seconds(59)), true), []);
        assert_eq!(watch.step(&failing(FAILING_FOR), true), [Notice::ContextFailing(ContextName::Point)]);
        let offline = |lasts| Seen { offline_for: Some(lasts), ..Seen::default() };
        assert_eq!(watch.step(&offline(TimeDelta::minutes(29)), true), []);
        assert_eq!(watch.step(&offline(OFFLINE_FOR), true), [Notice::OfflineLong]);
    }
}
