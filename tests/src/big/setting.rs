//! The facility in which the stories happen: its lives, areas, recorders and rules, and its calendar.

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Origin, Recorder};
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId};
use nosmoke_domain::rules::Rules;
use uuid::Uuid;

/// Midnight in Seoul at the beginning of 2022. The facility's end lies before any test of today, whatever its clock.
pub(super) const BEGIN_MS: i64 = 1_640_962_800_000;
pub(super) const MINUTE_MS: i64 = 60_000;
pub(super) const HOUR_MS: i64 = 60 * MINUTE_MS;
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;
/// About three years.
pub(super) const SPAN_MS: i64 = 1_095 * DAY_MS;
/// How often the folder began to record anew: 20 lives of a little more than six weeks each, the last one longer.
pub(super) const LIVES: usize = 20;
const LIFE_MS: i64 = 44 * DAY_MS;

/// The customer who comes many times a day: of every 100 facts, 12 are about this one, up to [`REGULAR_FACTS`].
pub const REGULAR: CustomerId = CustomerId(Uuid::from_u128(0x0191_a1a1_0000_4000_8000_0000_0000_0002));
/// Enough for 100,000 lines of Mypage: half as many facts are lines.
const REGULAR_FACTS: u64 = 240_000;

/// How large a folder is, and which one: the same seed and number of facts give the same facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub seed: u64,
    pub facts: u64,
}

impl Size {
    /// About 3 GB, written in about 3 minutes.
    pub const DEFAULT: Self = Self { seed: 1, facts: 2_000_000 };

    /// How many facts are about [`REGULAR`].
    pub(super) fn of_regular(self) -> u64 {
        (self.facts * 12 / 100).min(REGULAR_FACTS)
    }

    /// How many people come in the whole time, besides the regular: 3 named ones and 10 walk-ins for 100 facts.
    pub(super) fn people(self) -> u64 {
        (self.facts * 13 / 100).max(1)
    }
}

/// What all stories of a facility have in common.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The origin of the first life.
    pub(super) first: Origin,
    pub(super) areas: Vec<AreaId>,
    /// Who works at the desk, the manager first.
    pub(super) staff: Vec<Recorder>,
    /// The rule sets, each with the time from which it was in force.
    pub(super) rules: Vec<(i64, Rules)>,
    /// The incarnation of each life.
    pub(super) lives: Vec<IncarnationId>,
}

impl Setting {
    /// The number of the life in which something at this time was recorded, from 0.
    pub(super) fn life_at(&self, at_ms: i64) -> usize {
        let life = usize::try_from((at_ms - BEGIN_MS) / LIFE_MS).unwrap_or_default();
        life.min(self.lives.len() - 1)
    }

    pub(super) fn origin(&self, life: usize) -> Origin {
        Origin { incarnation: self.lives[life], ..self.first }
    }

    pub(super) fn rules_at(&self, at_ms: i64) -> &Rules {
        let set = self.rules.iter().rev().find(|(from, _)| *from <= at_ms);
        &set.unwrap_or(&self.rules[0]).1
    }

    /// The rules in force at the end.
    pub(super) fn last_rules(&self) -> &Rules {
        &self.rules[self.rules.len() - 1].1
    }
}

/// The time of a person's arrival: people come evenly over the whole time.
pub(super) fn arrival_ms(size: Size, person: u64) -> i64 {
    let since = i128::from(SPAN_MS) * i128::from(person) / i128::from(size.people());
    BEGIN_MS + i64::try_from(since).expect("a few years")
}

pub(super) fn time(at_ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at_ms).expect("a time of this century")
}
