//! The standing that an account would have under other rules, for the preview of a draft.

use chrono::{DateTime, Utc};

use super::{Account, Owed, standing};
use crate::days::seoul_date;
use crate::rules::{Levels, Rules};
use crate::words::Standing;

impl Account {
    /// The standing at a moment if these levels were in force for the customer.
    pub fn standing_under(&self, levels: &Levels, at: DateTime<Utc>) -> Standing {
        standing(self.owed(at), levels, seoul_date(at))
    }

    /// The standing after a further penalty at a moment, recorded under `rules` with the points of their first code in
    /// use. Without such a code nothing is added.
    pub fn standing_at_next(&self, rules: &Rules, at: DateTime<Utc>) -> Standing {
        let (owed, today) = (self.owed(at), seoul_date(at));
        let owed = match rules.codes_in_use().next() {
            Some(first) => Owed { points: owed.points + first.points.sum(), latest: owed.latest.max(Some(today)) },
            None => owed,
        };
        standing(owed, &rules.levels, today)
    }
}
