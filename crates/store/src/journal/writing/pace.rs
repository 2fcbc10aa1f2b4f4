//! When work that can wait has its turn. A command waits for the whole transaction that it meets, and for the disk that is
//! still busy with the one before: so in a burst of commands such work comes rarely, and all of it at once.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use nosmoke_ports::Pace;

/// After a command more are expected for this long.
const BUSY: Duration = Duration::from_secs(2);
/// So many commands within a second are a burst.
const BURST: usize = 16;
const SECOND: Duration = Duration::from_secs(1);
/// A burst pauses when no command has come for this long.
const PAUSE: Duration = Duration::from_millis(20);
/// Between turns within a burst; nobody waits longer for one.
const CYCLE: Duration = Duration::from_millis(750);
/// How long a turn within a burst is open: those who wait begin together.
const OPEN: Duration = Duration::from_millis(5);

/// The commands of late.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    /// The last ones, as many as make a burst.
    recent: VecDeque<Instant>,
    /// When turns began to be counted.
    first: Option<Instant>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Now(Pace),
    /// To be asked again after a while.
    In(Duration),
}

impl Desk {
    pub(crate) fn command(&mut self, at: Instant) {
        if self.recent.len() == BURST {
            self.recent.pop_front();
        }
        self.recent.push_back(at);
        self.first.get_or_insert(at);
    }

    /// For one that began to wait at a time.
    pub(crate) fn turn(&self, began: Instant, now: Instant) -> Turn {
        let (Some(last), Some(first)) = (self.recent.back(), self.first) else { return Turn::Now(Pace::Free) };
        let since = now.saturating_duration_since(*last);
        if since >= BUSY {
            return Turn::Now(Pace::Free);
        }
        let burst = self.recent.len() == BURST
            && self.recent.front().is_some_and(|oldest| now.saturating_duration_since(*oldest) < SECOND);
        if !burst || since >= PAUSE {
            return Turn::Now(Pace::Busy);
        }
        let phase = Duration::from_nanos(
            u64::try_from(now.saturating_duration_since(first).as_nanos() % CYCLE.as_nanos()).unwrap_or_default(),
        );
        if phase < OPEN || now.saturating_duration_since(began) >= CYCLE {
            return Turn::Now(Pace::Burst);
        }
        Turn::In(PAUSE.min(CYCLE - phase))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// A desk with commands at these milliseconds, and the time that they count from.
    fn desk(commands: impl IntoIterator<Item = u32>) -> (Desk, Instant) {
        let (mut desk, began) = (Desk::default(), Instant::now());
        commands.into_iter().for_each(|at| desk.command(began + MS * at));
        (desk, began)
    }

    #[test]
    fn without_commands_it_is_always_the_turn() {
        let (desk, began) = desk([]);
        assert_eq!(desk.turn(began, began), Turn::Now(Pace::Free));
    }

    #[test]
    fn after_a_command_pieces_are_small_for_a_while() {
        let (desk, began) = desk([0, 300]);
        for (at, pace) in [(301, Pace::Busy), (2_299, Pace::Busy), (2_300, Pace::Free)] {
            assert_eq!(desk.turn(began, began + MS * at), Turn::Now(pace), "{at}");
        }
    }

    #[test]
    fn in_a_burst_turns_are_rare() {
        let (desk, began) = desk((0..400).map(|number| number * 3));
        let now = began + MS * 1_198;
        assert_eq!(desk.turn(now, now), Turn::In(PAUSE));
        assert_eq!(desk.turn(now, began + MS * 1_490), Turn::Now(Pace::Busy), "it pauses");
        let (desk, began) = desk_until(1_496);
        assert_eq!(
            desk.turn(began + MS * 1_495, began + MS * 1_497),
            Turn::In(MS * 3),
            "those who wait begin together"
        );
        let (desk, began) = desk_until(1_500);
        assert_eq!(desk.turn(began + MS * 1_495, began + MS * 1_501), Turn::Now(Pace::Burst));
        let (desk, began) = desk_until(1_507);
        assert_eq!(desk.turn(began + MS * 758, began + MS * 1_507), Turn::In(PAUSE), "too late, but not for long yet");
        assert_eq!(desk.turn(began + MS * 757, began + MS * 1_507), Turn::Now(Pace::Burst), "it has waited for long");
    }

    fn desk_until(last: u32) -> (Desk, Instant) {
        desk((0..=last / 3).map(|number| number * 3))
    }

    #[test]
    fn commands_now_and_then_are_no_burst() {
        let (desk, began) = desk((0..15).map(|number| number * 60));
        assert_eq!(desk.turn(began, began + MS * 841), Turn::Now(Pace::Busy));
    }
}
