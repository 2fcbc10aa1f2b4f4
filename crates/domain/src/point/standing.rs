//! The standing (allowed, warned, prohibited): derived from outstanding penalty points, never stored as a fact (F9,
//! F10).

use serde::{Deserialize, Serialize};

use crate::rules::Levels;
use crate::words::Standing;

/// The levels that apply to a customer: those of the highest rules generation among the customer's penalty facts. If
/// facts of one generation have different levels, the lower threshold counts, then the lower warning level.
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

/// Returns `Prohibited` if `outstanding` has reached the threshold, else `Warned` if it has reached the warning level.
pub fn standing(outstanding: i128, levels: Levels) -> Standing {
    if outstanding >= levels.prohibit_at.sum() {
        Standing::Prohibited
    } else if outstanding >= levels.warn_at.sum() {
        Standing::Warned
    } else {
        Standing::Allowed
    }
}
