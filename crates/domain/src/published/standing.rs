//! The standing that point publishes for check_in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::points::Sum;
use crate::rules::{Levels, Rules};
use crate::words::Standing;

/// A copy of the standing that point has published. `as_of` tells how old it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingCopy {
    pub standing: Standing,
    pub outstanding: Sum,
    pub levels: Levels,
    /// What time alone changes, the earliest first. So a reader needs only a clock, however long point is stopped.
    pub changes: Vec<StandingChange>,
    pub as_of: DateTime<Utc>,
}

/// The standing from a moment on, unless a further fact changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingChange {
    pub from: DateTime<Utc>,
    pub standing: Standing,
    pub outstanding: Sum,
}

impl StandingCopy {
    /// The most changes that a copy has.
    pub const MOST_CHANGES: usize = 32;

    /// The standing of a customer without penalties.
    pub fn clean(rules: &Rules, as_of: DateTime<Utc>) -> Self {
        Self {
            standing: Standing::Allowed,
            outstanding: Sum(0),
            levels: rules.levels.clone(),
            changes: Vec::new(),
            as_of,
        }
    }

    /// The copy as it is at a moment: with the changes up to then made.
    #[must_use]
    pub fn at(mut self, now: DateTime<Utc>) -> Self {
        let made = self.changes.partition_point(|change| change.from <= now);
        if let Some(last) = self.changes.drain(..made).next_back() {
            (self.standing, self.outstanding) = (last.standing, last.outstanding);
        }
        self
    }
}
