//! Decides when facts that another terminal lacks are published again, without I/O. The terminal that recorded them does
//! so first. If it doesn't, one other does after a while, so that a heartbeat never makes everybody publish; and what a
//! terminal goes on claiming to lack is published ever more rarely.

use std::collections::BTreeMap;
use std::time::Duration;

use nosmoke_domain::ids::{IncarnationId, TerminalId};

/// How long the recorder has, before another terminal fills a gap.
const RECORDER_TIMEOUT: Duration = Duration::from_secs(15);
/// The pause after a gap was filled doubles from the first to the second.
const PAUSES: (Duration, Duration) = (Duration::from_secs(15), Duration::from_secs(600));
/// How long a gap is remembered after it was closed. A copy of a terminal's folder has its terminal's id, so the heartbeats
/// of both alternate: one that lacks nothing doesn't close the gap of the other.
const CLOSED_TIMEOUT: Duration = Duration::from_secs(15);
/// Most gaps that are remembered.
const MAX_GAPS: usize = 10_000;
/// Most terminals whose heads are remembered.
const MAX_PEERS: usize = 64;

/// Who has the facts that a terminal lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filler {
    /// This terminal recorded them.
    Recorder,
    /// This terminal is the one that fills in for the recorder.
    Substitute,
    /// Another terminal.
    Another,
}

/// A lower head of an incarnation than ours, as a terminal with everything read reported it.
#[derive(Debug, Clone, Copy)]
struct Gap {
    head: u64,
    /// The highest head that was reported.
    highest: u64,
    /// Since when it has been the same, by process time. Filled only after a second heartbeat: after one, the terminal
    /// may just be a little behind.
    since: Duration,
    /// How often it was filled, and when it may be again.
    filled: u32,
    next_at: Duration,
    /// When a heartbeat without it first came after the last one with it.
    closed_at: Option<Duration>,
}

/// The gaps of all terminals.
#[derive(Debug, Default)]
pub(crate) struct Gaps {
    known: BTreeMap<(TerminalId, IncarnationId), Gap>,
    passed_over: u64,
}

impl Gaps {
    /// Called with a head of a heartbeat that isn't lower than ours, at process time `now`.
    pub(crate) fn closed(&mut self, of: (TerminalId, IncarnationId), now: Duration) {
        let Some(gap) = self.known.get_mut(&of) else { return };
        let closed_at = *gap.closed_at.get_or_insert(now);
        if now.saturating_sub(closed_at) >= CLOSED_TIMEOUT {
            self.known.remove(&of);
        }
    }

    /// How many reports of a gap were passed over beyond [`MAX_GAPS`].
    pub(crate) fn passed_over(&self) -> u64 {
        self.passed_over
    }

    /// Called with a lower head at process time `now`. Returns whether this terminal should publish what is missing.
    pub(crate) fn lacks(
        &mut self,
        of: (TerminalId, IncarnationId),
        head: u64,
        filler: impl FnOnce() -> Filler,
        now: Duration,
    ) -> bool {
        if self.known.len() >= MAX_GAPS && !self.known.contains_key(&of) {
            self.passed_over += 1;
            return false;
        }
        let begins = Gap { head, highest: head, since: now, filled: 0, next_at: now, closed_at: None };
        let gap = match self.known.entry(of) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(begins);
                return false;
            }
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
        };
        if gap.closed_at.take().is_some_and(|at| now.saturating_sub(at) >= CLOSED_TIMEOUT) {
            *gap = begins;
            return false;
        }
        if gap.head != head {
            // It is catching up, and the next gap is as good as new. A terminal that goes back and forth is no reason to
            // publish again, so for it the pauses go on.
            *gap = if head > gap.highest {
                begins
            } else {
                Gap { highest: gap.highest, filled: gap.filled, next_at: gap.next_at, ..begins }
            };
            return false;
        }
        if now < gap.next_at {
            return false;
        }
        let due = match filler() {
            Filler::Recorder => true,
            Filler::Substitute => now.saturating_sub(gap.since) >= RECORDER_TIMEOUT,
            Filler::Another => false,
        };
        if due {
            let (first, last) = PAUSES;
            gap.next_at = now + first.saturating_mul(1 << gap.filled.min(16)).min(last);
            gap.filled = gap.filled.saturating_add(1);
        }
        due
    }
}

/// The heads of the other terminals that were heard lately.
#[derive(Debug, Default)]
pub(crate) struct Peers {
    heard: BTreeMap<TerminalId, (Duration, BTreeMap<IncarnationId, u64>)>,
    passed_over: u64,
}

impl Peers {
    /// Called with a heartbeat of a terminal that has read everything, at process time `now`.
    pub(crate) fn heard(&mut self, terminal: TerminalId, heads: &BTreeMap<IncarnationId, u64>, now: Duration) {
        self.heard.retain(|_, (at, _)| now.saturating_sub(*at) < RECORDER_TIMEOUT);
        if self.heard.len() < MAX_PEERS || self.heard.contains_key(&terminal) {
            self.heard.insert(terminal, (now, heads.clone()));
        } else {
            self.passed_over += 1;
        }
    }

    /// How many heartbeats were passed over beyond [`MAX_PEERS`].
    pub(crate) fn passed_over(&self) -> u64 {
        self.passed_over
    }

    /// Returns the lowest of the terminals that have an incarnation's facts up to this head, other than these.
    pub(crate) fn lowest_with(
        &self,
        (incarnation, head): (IncarnationId, u64),
        but: &[TerminalId],
        now: Duration,
    ) -> Option<TerminalId> {
        let has = |(at, heads): &(Duration, BTreeMap<IncarnationId, u64>)| {
            now.saturating_sub(*at) < RECORDER_TIMEOUT && heads.get(&incarnation).copied().unwrap_or_default() >= head
        };
        self.heard.iter().find(|(terminal, heard)| !but.contains(terminal) && has(heard)).map(|(terminal, _)| *terminal)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const OF: (TerminalId, IncarnationId) = (TerminalId(Uuid::from_u128(1)), IncarnationId(Uuid::from_u128(2)));

    /// The seconds at which a gap is filled that a heartbeat claims every five seconds.
    fn filled(gaps: &mut Gaps, filler: Filler, seconds: std::ops::Range<u64>) -> Vec<u64> {
        let claims = seconds.step_by(5);
        claims.filter(|second| gaps.lacks(OF, 3, || filler, Duration::from_secs(*second))).collect()
    }

    #[test]
    fn the_recorder_fills_first_a_substitute_after_15_seconds_and_others_never() {
        assert_eq!(filled(&mut Gaps::default(), Filler::Recorder, 0..10), [5]);
        assert_eq!(filled(&mut Gaps::default(), Filler::Substitute, 0..20), [15]);
        assert_eq!(filled(&mut Gaps::default(), Filler::Another, 0..1_000), [0; 0]);
    }

    #[test]
    fn a_gap_that_goes_on_is_filled_ever_more_rarely() {
        let times = filled(&mut Gaps::default(), Filler::Recorder, 0..4_000);
        let pauses: Vec<u64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(pauses, [15, 30, 60, 120, 240, 480, 600, 600, 600, 600, 600]);
    }

    #[test]
    fn gap_after_gap_is_filled_without_a_longer_pause_but_going_back_and_forth_is_not() {
        let mut gaps = Gaps::default();
        let mut at = |head: u64, second: u64| gaps.lacks(OF, head, || Filler::Recorder, Duration::from_secs(second));
        assert_eq!([at(3, 0), at(3, 5)], [false, true]);
        assert_eq!([at(7, 10), at(7, 15)], [false, true], "the next gap");
        assert_eq!([at(9, 20), at(9, 25)], [false, true], "and the next");
        for second in (30..300).step_by(10) {
            assert!(!at(if second % 20 == 0 { 3 } else { 9 }, second), "back and forth");
        }
    }

    #[test]
    fn a_terminal_that_catches_up_is_left_alone_and_one_that_has_ends_its_gap() {
        let mut gaps = Gaps::default();
        for head in 0..20 {
            assert!(!gaps.lacks(OF, head, || Filler::Recorder, Duration::from_secs(head * 5)));
        }
        assert!(gaps.lacks(OF, 19, || Filler::Recorder, Duration::from_secs(100)));
        for second in [105, 110, 120] {
            gaps.closed(OF, Duration::from_secs(second));
        }
        assert!(!gaps.lacks(OF, 19, || Filler::Recorder, Duration::from_secs(125)), "once isn't enough");
    }

    /// The copy has the terminal's id, and its heartbeats come between those of the terminal.
    #[test]
    fn a_gap_is_filled_although_a_copy_of_the_terminal_lacks_nothing() {
        let mut gaps = Gaps::default();
        let mut filled = Vec::new();
        for second in (0..30).step_by(5) {
            if gaps.lacks(OF, 3, || Filler::Substitute, Duration::from_secs(second)) {
                filled.push(second);
            }
            gaps.closed(OF, Duration::from_secs(second + 2));
        }
        assert_eq!(filled, [15]);
        assert!(!gaps.lacks(OF, 3, || Filler::Recorder, Duration::from_secs(60)), "closed long ago");
        assert!(gaps.lacks(OF, 3, || Filler::Recorder, Duration::from_secs(65)));
    }

    #[test]
    fn one_terminal_fills_in_the_lowest_that_was_heard_and_has_the_facts() {
        let terminal = |n| TerminalId(Uuid::from_u128(n));
        let mut peers = Peers::default();
        peers.heard(terminal(3), &[(OF.1, 9)].into(), Duration::ZERO);
        peers.heard(terminal(2), &[(OF.1, 4)].into(), Duration::ZERO);
        peers.heard(terminal(1), &[(OF.1, 9)].into(), Duration::from_secs(5));
        let lowest =
            |head, but: &[TerminalId], second| peers.lowest_with((OF.1, head), but, Duration::from_secs(second));
        assert_eq!(lowest(9, &[], 5), Some(terminal(1)));
        assert_eq!(lowest(9, &[terminal(1)], 5), Some(terminal(3)));
        assert_eq!(lowest(9, &[terminal(1)], 16), None, "no longer heard");
    }

    #[test]
    fn made_up_terminals_take_no_room_without_end() {
        let mut gaps = Gaps::default();
        for n in 0..20_000_u128 {
            let of = (TerminalId(Uuid::from_u128(n)), OF.1);
            for _ in 0..2 {
                gaps.lacks(of, 0, || Filler::Another, Duration::ZERO);
            }
        }
        assert_eq!((gaps.known.len(), gaps.passed_over()), (MAX_GAPS, 20_000));
    }
}
