//! Throttles background work while commands arrive. A command waits for the transaction that is running when it
//! arrives, and for the disk if that is still busy with the transaction before. So during a burst of commands
//! background work runs rarely, and all of it at the same time.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use nosmoke_ports::Pace;

/// How long after a command further commands are expected.
const BUSY_PERIOD: Duration = Duration::from_secs(2);
/// This many commands within [`BURST_WINDOW`] are a burst.
const BURST_COMMANDS: usize = 16;
const BURST_WINDOW: Duration = Duration::from_secs(1);
/// A pause of this length between commands interrupts a burst.
const BURST_GAP: Duration = Duration::from_millis(20);
/// Interval of the turns for background work during a burst, and the longest wait for a turn.
const BURST_TURN_INTERVAL: Duration = Duration::from_millis(750);
/// How long a turn during a burst lets waiting work start, so that all of it runs together.
const BURST_TURN_OPEN: Duration = Duration::from_millis(5);

/// The times of the latest commands.
#[derive(Debug, Default)]
pub(crate) struct RecentCommands {
    /// The times of the last [`BURST_COMMANDS`] commands.
    times: VecDeque<Instant>,
    /// The time of the first command; turns during a burst are counted from it.
    first: Option<Instant>,
}

/// Whether background work may run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Now(Pace),
    /// No: ask again after this time.
    In(Duration),
}

impl RecentCommands {
    pub(crate) fn add(&mut self, at: Instant) {
        if self.times.len() == BURST_COMMANDS {
            self.times.pop_front();
        }
        self.times.push_back(at);
        self.first.get_or_insert(at);
    }

    /// Decides whether background work that has been waiting since `began` may run.
    pub(crate) fn turn(&self, began: Instant, now: Instant) -> Turn {
        let (Some(last), Some(first)) = (self.times.back(), self.first) else { return Turn::Now(Pace::Free) };
        let since = now.saturating_duration_since(*last);
        if since >= BUSY_PERIOD {
            return Turn::Now(Pace::Free);
        }
        let burst = self.times.len() == BURST_COMMANDS
            && self.times.front().is_some_and(|oldest| now.saturating_duration_since(*oldest) < BURST_WINDOW);
        if !burst || since >= BURST_GAP {
            return Turn::Now(Pace::Busy);
        }
        let into_turn = now.saturating_duration_since(first).as_nanos() % BURST_TURN_INTERVAL.as_nanos();
        let into_turn = Duration::from_nanos(u64::try_from(into_turn).unwrap_or_default());
        if into_turn < BURST_TURN_OPEN || now.saturating_duration_since(began) >= BURST_TURN_INTERVAL {
            return Turn::Now(Pace::Burst);
        }
        Turn::In(BURST_GAP.min(BURST_TURN_INTERVAL - into_turn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Commands that arrived this many milliseconds after an instant, and that instant.
    fn commands(times: impl IntoIterator<Item = u32>) -> (RecentCommands, Instant) {
        let (mut commands, start) = (RecentCommands::default(), Instant::now());
        times.into_iter().for_each(|at| commands.add(start + MS * at));
        (commands, start)
    }

    /// Commands every 3 ms until `last`.
    fn burst_until(last: u32) -> (RecentCommands, Instant) {
        commands((0..=last / 3).map(|number| number * 3))
    }

    #[test]
    fn without_commands_background_work_runs_freely() {
        let (commands, start) = commands([]);
        assert_eq!(commands.turn(start, start), Turn::Now(Pace::Free));
    }

    #[test]
    fn for_two_seconds_after_a_command_the_pace_is_busy() {
        let (commands, start) = commands([0, 300]);
        for (at, pace) in [(301, Pace::Busy), (2_299, Pace::Busy), (2_300, Pace::Free)] {
            assert_eq!(commands.turn(start, start + MS * at), Turn::Now(pace), "{at}");
        }
    }

    #[test]
    fn during_a_burst_turns_are_rare() {
        let (commands, start) = burst_until(1_197);
        let now = start + MS * 1_198;
        assert_eq!(commands.turn(now, now), Turn::In(BURST_GAP));
        assert_eq!(commands.turn(now, start + MS * 1_490), Turn::Now(Pace::Busy), "after a gap");
        let (commands, start) = burst_until(1_496);
        let turn = commands.turn(start + MS * 1_495, start + MS * 1_497);
        assert_eq!(turn, Turn::In(MS * 3), "until the turn at 1500 ms");
        let (commands, start) = burst_until(1_500);
        assert_eq!(commands.turn(start + MS * 1_495, start + MS * 1_501), Turn::Now(Pace::Burst));
        let (commands, start) = burst_until(1_507);
        let now = start + MS * 1_507;
        assert_eq!(commands.turn(start + MS * 758, now), Turn::In(BURST_GAP), "the turn is over");
        assert_eq!(commands.turn(start + MS * 757, now), Turn::Now(Pace::Burst), "it waited for 750 ms");
    }

    #[test]
    fn occasional_commands_are_no_burst() {
        let (commands, start) = commands((0..15).map(|number| number * 60));
        assert_eq!(commands.turn(start, start + MS * 841), Turn::Now(Pace::Busy));
    }
}
