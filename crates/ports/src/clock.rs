//! Ports for the current time and for new ids, so that the simulator can control both.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The current time, to the millisecond.
    fn now(&self) -> DateTime<Utc>;

    /// The time since some moment of this process. Unlike [`Self::now`], it is never set back.
    fn uptime(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }

    /// Like [`Self::uptime`], but it also counts the time that the computer slept where the system can tell. The two aren't
    /// comparable with each other.
    fn uptime_with_sleep(&self) -> Duration {
        self.uptime()
    }
}

pub trait Ids: Send + Sync + std::fmt::Debug {
    /// A new time-ordered id (UUIDv7) for an item recorded at `now`.
    fn ordered(&self, now: DateTime<Utc>) -> Uuid;

    /// A new random id (UUIDv4), used for customers so that the id reveals nothing, not even a time.
    fn random(&self) -> Uuid;
}

#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::<Utc>::from(std::time::SystemTime::now()).trunc_subsecs(3)
    }

    /// On Linux, `Instant` stands still while the computer sleeps, `CLOCK_BOOTTIME` doesn't.
    #[cfg(target_os = "linux")]
    fn uptime_with_sleep(&self) -> Duration {
        rustix::time::clock_gettime(rustix::time::ClockId::Boottime).try_into().unwrap_or_default()
    }
}

#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn ordered(&self, now: DateTime<Utc>) -> Uuid {
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, now.timestamp_subsec_nanos()))
    }

    fn random(&self) -> Uuid {
        Uuid::new_v4()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_with_sleep_passes_like_the_process_s_own() {
        let (own, with_sleep) = (SystemClock.uptime(), SystemClock.uptime_with_sleep());
        std::thread::sleep(Duration::from_millis(50));
        let passed = SystemClock.uptime() - own;
        let passed_with_sleep = SystemClock.uptime_with_sleep() - with_sleep;
        assert!(passed_with_sleep >= Duration::from_millis(50), "{passed_with_sleep:?}");
        assert!(passed_with_sleep.abs_diff(passed) < Duration::from_millis(50), "{passed:?} {passed_with_sleep:?}");
    }
}
