//! Standing: derived, never stored as a fact (F9, F10).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::points::Sum;
use crate::rules::{Levels, Rules};
use crate::words::Standing;

/// The levels that count for a customer: those of the highest generation among the customer's penalty facts; of equal
/// generations the lower threshold, then the lower warning level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    pub generation: u64,
    pub levels: Levels,
}

impl InForce {
    pub(super) fn merge(&mut self, other: Self) {
        let rank = |it: &Self| (std::cmp::Reverse(it.generation), it.levels.prohibit_at, it.levels.warn_at);
        if rank(&other) < rank(self) {
            *self = other;
        }
    }
}

/// PROHIBITED from the threshold, WARNED from the warning level.
pub fn standing(outstanding: i128, levels: Levels) -> Standing {
    if outstanding >= levels.prohibit_at.sum() {
        Standing::Prohibited
    } else if outstanding >= levels.warn_at.sum() {
        Standing::Warned
    } else {
        Standing::Allowed
    }
}

/// The standing as point publishes it and check-in reads it, with its age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingCopy {
    pub standing: Standing,
    pub outstanding: Sum,
    pub levels: Levels,
    pub as_of: DateTime<Utc>,
}

impl StandingCopy {
    /// Of a customer without any penalty.
    pub fn clean(rules: &Rules, as_of: DateTime<Utc>) -> Self {
        Self { standing: Standing::Allowed, outstanding: Sum(0), levels: rules.levels, as_of }
    }
}
