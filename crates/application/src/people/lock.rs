//! The lock behind which PINs are tried: how many wrong tries there were, and how long nobody may try now.
//!
//! It is pure. Its time is that of a clock that is never set, so the PC's clock decides nothing. A try counts as wrong as
//! soon as it begins, so that a program that is killed meanwhile gives nobody a try for nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use nosmoke_domain::ids::StaffId;
use serde::{Deserialize, Serialize};

/// Wrong tries of one person before the first wait.
pub const TRIES: u32 = 5;
/// Wrong tries of anybody at this terminal before everybody waits.
pub const TRIES_OF_ALL: u32 = 20;
/// The waits. After each there is one try; when it is wrong, the next wait begins, and the last one again and again.
pub const WAITS: [Duration; 5] = [
    Duration::from_secs(30),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_mins(60),
];

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Tried {
    /// The PIN of a member of staff.
    Pin(StaffId),
    RecoveryCode,
}

/// The answer to somebody who wants to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The try is made, and counted as wrong until [`PinLock::right`].
    Try,
    /// Nothing is tried: it wouldn't count, whatever was typed. `whole` says that everybody at this terminal waits.
    Wait { left: Duration, whole: bool },
}

/// Wrong tries in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tries {
    wrong: u32,
    /// When the wait ends.
    until: Option<Duration>,
}

impl Tries {
    fn left(self, now: Duration) -> Option<Duration> {
        self.until.and_then(|until| until.checked_sub(now)).filter(|left| !left.is_zero())
    }

    fn count(&mut self, free: u32, now: Duration) {
        self.wrong = self.wrong.saturating_add(1);
        if let Some(beyond) = self.wrong.checked_sub(free) {
            let step = usize::try_from(beyond).unwrap_or(usize::MAX).min(WAITS.len() - 1);
            self.until = WAITS.get(step).map(|wait| now + *wait);
        }
    }
}

/// The lock of one terminal. Nobody's tries elsewhere count here, so nobody locks the other desks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PinLock {
    each: BTreeMap<Tried, Tries>,
    all: Tries,
}

impl PinLock {
    /// Begins a try, unless somebody must wait.
    pub fn begin(&mut self, tried: Tried, now: Duration) -> Verdict {
        if let Some((left, whole)) = self.wait(tried, now) {
            return Verdict::Wait { left, whole };
        }
        self.each.entry(tried).or_default().count(TRIES, now);
        self.all.count(TRIES_OF_ALL, now);
        Verdict::Try
    }

    /// How long this may not be tried now, and whether that holds for everybody at this terminal.
    pub fn wait(&self, tried: Tried, now: Duration) -> Option<(Duration, bool)> {
        let of_all = self.wait_of_all(now).map(|left| (left, true));
        of_all.or_else(|| self.wait_of(tried, now).map(|left| (left, false)))
    }

    /// The try was right: the waits end, and counting begins again.
    pub fn right(&mut self, tried: Tried) {
        self.each.remove(&tried);
        self.all = Tries::default();
    }

    /// A manager has set another PIN here.
    pub fn reset(&mut self, staff_id: StaffId) {
        self.each.remove(&Tried::Pin(staff_id));
    }

    /// How long this may not be tried.
    pub fn wait_of(&self, tried: Tried, now: Duration) -> Option<Duration> {
        self.each.get(&tried).and_then(|tries| tries.left(now))
    }

    /// How long nobody at this terminal may try anything.
    pub fn wait_of_all(&self, now: Duration) -> Option<Duration> {
        self.all.left(now)
    }

    /// How many wrong tries are left before a wait begins.
    pub fn tries_left(&self, tried: Tried) -> u32 {
        let own = TRIES.saturating_sub(self.each.get(&tried).map_or(0, |tries| tries.wrong));
        own.min(TRIES_OF_ALL.saturating_sub(self.all.wrong))
    }

    /// Whether somebody must wait.
    pub fn is_waiting(&self, now: Duration) -> bool {
        self.wait_of_all(now).is_some() || self.each.values().any(|tries| tries.left(now).is_some())
    }

    /// What a restart needs.
    pub fn saved(&self, now: Duration) -> SavedLock {
        let saved = |tries: &Tries| SavedTries {
            wrong: tries.wrong,
            left_ms: tries.left(now).map_or(0, |left| u64::try_from(left.as_millis()).unwrap_or(u64::MAX)),
        };
        SavedLock {
            each: self.each.iter().map(|(tried, tries)| (*tried, saved(tries))).collect(),
            all: saved(&self.all),
        }
    }

    /// Goes on with what was saved. No wait becomes longer than the longest one.
    pub fn of(saved: &SavedLock, now: Duration) -> Self {
        let longest = WAITS.into_iter().max().unwrap_or_default();
        let tries = |saved: &SavedTries| Tries {
            wrong: saved.wrong,
            until: (saved.left_ms > 0).then(|| now + Duration::from_millis(saved.left_ms).min(longest)),
        };
        Self { each: saved.each.iter().map(|(tried, saved)| (*tried, tries(saved))).collect(), all: tries(&saved.all) }
    }
}

/// A lock as it is stored: with what is left of each wait, because a moment of one run means nothing in the next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedLock {
    each: Vec<(Tried, SavedTries)>,
    all: SavedTries,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SavedTries {
    wrong: u32,
    left_ms: u64,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use nosmoke_domain::ids::StaffId;
    use uuid::Uuid;

    use super::*;

    fn person(number: u128) -> Tried {
        Tried::Pin(StaffId(Uuid::from_u128(number)))
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn wait(left: Duration) -> Verdict {
        Verdict::Wait { left, whole: false }
    }

    #[test]
    fn five_wrong_tries_then_waits_with_one_try_after_each() {
        let (mut lock, one) = (PinLock::default(), person(1));
        let mut now = seconds(100);
        for left in (0..TRIES).rev() {
            assert_eq!(lock.begin(one, now), Verdict::Try);
            assert_eq!(lock.tries_left(one), left);
        }
        for minutes in [0.5, 1.0, 5.0, 15.0, 60.0, 60.0, 60.0] {
            let length = Duration::from_secs_f64(minutes * 60.0);
            assert_eq!(lock.begin(one, now), wait(length));
            assert_eq!(lock.begin(one, now + length - Duration::from_millis(1)), wait(Duration::from_millis(1)));
            assert!(lock.is_waiting(now));
            now += length;
            assert_eq!(lock.wait_of(one, now), None);
            assert_eq!(lock.begin(one, now), Verdict::Try, "one try after {minutes} min");
            assert!(matches!(lock.begin(one, now), Verdict::Wait { .. }), "and no second one");
        }
    }

    #[test]
    fn a_right_pin_ends_the_wait_and_begins_counting_again() {
        let (mut lock, one) = (PinLock::default(), person(1));
        for _ in 0..TRIES {
            lock.begin(one, seconds(0));
        }
        assert_eq!(lock.begin(one, seconds(30)), Verdict::Try);
        lock.right(one);
        assert_eq!(lock, PinLock::default());
        for _ in 0..TRIES {
            assert_eq!(lock.begin(one, seconds(31)), Verdict::Try);
        }
        assert_eq!(lock.begin(one, seconds(31)), wait(seconds(30)), "the first wait again");
    }

    #[test]
    fn nobody_waits_for_the_wrong_tries_of_another_person() {
        let (mut lock, one, other) = (PinLock::default(), person(1), person(2));
        for _ in 0..TRIES {
            lock.begin(one, seconds(0));
        }
        assert_eq!(lock.begin(other, seconds(0)), Verdict::Try);
        lock.right(other);
        assert_eq!(lock.begin(one, seconds(1)), wait(seconds(29)), "another's right PIN doesn't end it");
    }

    #[test]
    fn twenty_wrong_tries_of_anybody_make_everybody_wait() {
        let mut lock = PinLock::default();
        for number in 0..u128::from(TRIES_OF_ALL) {
            assert_eq!(lock.begin(person(number), seconds(0)), Verdict::Try);
        }
        let mut now = seconds(0);
        for (round, length) in WAITS.into_iter().chain([WAITS[4]; 2]).enumerate() {
            let who = if round % 2 == 0 { Tried::RecoveryCode } else { person(1_000 + u128::try_from(round).unwrap()) };
            assert_eq!(lock.begin(who, now), Verdict::Wait { left: length, whole: true }, "{round}");
            now += length;
            assert_eq!(lock.begin(who, now), Verdict::Try);
            assert_eq!(lock.tries_left(who), 0);
        }
        lock.right(person(7));
        assert_eq!(lock.wait_of_all(now), None);
        assert_eq!(lock.begin(person(8), now), Verdict::Try);
    }

    #[test]
    fn a_try_in_a_wait_changes_nothing() {
        let (mut lock, one) = (PinLock::default(), person(1));
        for _ in 0..TRIES {
            lock.begin(one, seconds(0));
        }
        let before = lock.clone();
        for second in 0..30 {
            assert!(matches!(lock.begin(one, seconds(second)), Verdict::Wait { .. }));
        }
        assert_eq!(lock, before);
    }

    #[test]
    fn what_is_left_goes_on_in_another_run_whose_clock_begins_elsewhere() {
        let (mut lock, one) = (PinLock::default(), person(1));
        for _ in 0..=TRIES {
            lock.begin(one, seconds(0));
            lock.begin(one, seconds(30));
        }
        // The second wait began at 30 s, and 25 s of it have passed.
        let saved = lock.saved(seconds(55));
        let text = serde_json::to_string(&saved).unwrap();
        let mut next = PinLock::of(&serde_json::from_str(&text).unwrap(), seconds(4_000));
        assert_eq!(next.begin(one, seconds(4_000)), wait(seconds(35)));
        assert_eq!(next.begin(one, seconds(4_035)), Verdict::Try);
        assert_eq!(next.begin(one, seconds(4_035)), wait(seconds(300)), "the ladder goes on");
        // A try that a kill interrupted was counted.
        let mut killed = PinLock::default();
        killed.begin(one, seconds(0));
        assert_eq!(PinLock::of(&killed.saved(seconds(0)), seconds(0)).tries_left(one), TRIES - 1);
    }

    #[test]
    fn a_reset_by_a_manager_here_ends_the_wait_of_that_person_alone() {
        let (mut lock, one, other) = (PinLock::default(), person(1), person(2));
        for who in [one, other] {
            for _ in 0..TRIES {
                lock.begin(who, seconds(0));
            }
        }
        lock.reset(StaffId(Uuid::from_u128(1)));
        assert_eq!((lock.tries_left(one), lock.tries_left(other)), (TRIES, 0));
        assert_eq!(lock.all.wrong, 2 * TRIES, "a reset is no right PIN");
    }

    #[test]
    fn ten_thousand_tries_hash_a_handful() {
        for step_ms in [0, 1, 100, 1_000] {
            let (mut lock, mut hashed, mut now) = (PinLock::default(), 0, seconds(0));
            for _ in 0..10_000 {
                hashed += u32::from(lock.begin(person(1), now) == Verdict::Try);
                now += Duration::from_millis(step_ms);
            }
            assert!(hashed <= 11, "{hashed} tries with {step_ms} ms between them");
        }
    }
}
