//! The standing (allowed, warned, prohibited): derived from outstanding penalty points and a moment, never stored as a
//! fact (F9, F10).

use std::cmp::Reverse;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::points::Points;
use crate::rules::Levels;
use crate::words::Standing;

/// The levels that apply to a customer: those of the highest rules generation among the customer's penalty facts. If
/// facts of one generation have different levels, those count that prohibit earlier, then those that warn earlier, then
/// those with the smaller bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    pub generation: u64,
    pub levels: Levels,
}

impl InForce {
    pub(super) fn merge(&mut self, other: Self) {
        if other.rank().cmp(&self.rank()).then_with(|| other.bytes().cmp(&self.bytes())).is_lt() {
            *self = other;
        }
    }

    fn rank(&self) -> (Reverse<u64>, Points, Points) {
        (Reverse(self.generation), self.levels.prohibit_at(), self.levels.warn_at)
    }

    fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&self.levels).unwrap_or_default()
    }
}

/// What a customer owes at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Owed {
    /// Outstanding penalty points.
    pub points: i128,
    /// The day (Asia/Seoul) of the latest penalty with points outstanding, from which the days of a ban count.
    pub latest: Option<NaiveDate>,
}

/// Returns `Prohibited` if what is owed on a day has reached a level whose ban isn't over, else `Warned` if it has
/// reached the warning level or any level of prohibition.
pub fn standing(owed: Owed, levels: &Levels, today: NaiveDate) -> Standing {
    let reached = |at: Points| owed.points >= at.sum();
    if levels.prohibit_at_on(today, owed.latest).is_some_and(reached) {
        Standing::Prohibited
    } else if reached(levels.warn_at) || reached(levels.prohibit_at()) {
        Standing::Warned
    } else {
        Standing::Allowed
    }
}
