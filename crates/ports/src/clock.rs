//! Time and ids come from outside, so that a simulator can lie about the one and replay the other.

use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now, to the millisecond.
    fn now(&self) -> DateTime<Utc>;
}

pub trait Ids: Send + Sync + std::fmt::Debug {
    /// A time-ordered id (UUIDv7) for what is recorded now.
    fn ordered(&self, now: DateTime<Utc>) -> Uuid;

    /// An id that says nothing (UUIDv4), for persons.
    fn random(&self) -> Uuid;
}

#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::<Utc>::from(std::time::SystemTime::now()).trunc_subsecs(3)
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
