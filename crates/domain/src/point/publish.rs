//! The standing that point publishes for check_in, with what time alone will change.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Account, standing};
use crate::days::{seoul_date, seoul_midnight};
use crate::points::Sum;
use crate::published::{StandingChange, StandingCopy};
use crate::rules::Rules;
use crate::words::Standing;

/// Returns the standing to publish for a person, from the accounts of all the person's linked ids, those with lower ids
/// first: the worst one on each day. `None` if there are no accounts.
///
/// It begins before all time, so that a reader whose clock is behind this one's finds its standing too. Only if time
/// changes it more than 32 times does it lose changes: those before `now` first.
pub fn published(accounts: &[&Account], rules: &Rules, now: DateTime<Utc>) -> Option<StandingCopy> {
    let on = |today: NaiveDate| {
        // Of equal ones, `max_by_key` returns the last.
        accounts.iter().rev().max_by_key(|account| account.rank_on(rules, today))
    };
    let first = on(NaiveDate::MIN)?;
    let (standing, outstanding) = first.rank_on(rules, NaiveDate::MIN);
    let mut copy = StandingCopy {
        standing,
        outstanding: Sum(outstanding),
        levels: first.levels(rules),
        changes: Vec::new(),
        as_of: now,
    };
    let turns: BTreeSet<NaiveDate> = accounts.iter().flat_map(|account| account.turns(rules)).collect();
    let mut last = (standing, outstanding);
    for day in turns {
        let Some(next) = on(day).map(|account| account.rank_on(rules, day)).filter(|next| *next != last) else {
            continue;
        };
        let (standing, outstanding) = next;
        copy.changes.push(StandingChange { from: seoul_midnight(day), standing, outstanding: Sum(outstanding) });
        last = next;
        if copy.changes.len() > StandingCopy::MOST_CHANGES {
            if copy.changes.first().is_some_and(|first| first.from <= now) {
                let first = copy.changes.remove(0);
                (copy.standing, copy.outstanding) = (first.standing, first.outstanding);
            } else {
                copy.changes.pop();
                break;
            }
        }
    }
    Some(copy)
}

impl Account {
    /// The standing and the outstanding points on a day: the order of accounts from best to worst.
    fn rank_on(&self, rules: &Rules, today: NaiveDate) -> (Standing, i128) {
        let owed = self.owed_on(today);
        (standing(owed, &self.levels(rules), today), owed.points)
    }

    /// The standing and the outstanding points at a moment: the order of accounts from best to worst.
    pub fn rank(&self, rules: &Rules, at: DateTime<Utc>) -> (Standing, i128) {
        self.rank_on(rules, seoul_date(at))
    }

    /// The days on which time alone may change the standing: those after a penalty's last one and after a ban's.
    pub(super) fn turns(&self, rules: &Rules) -> BTreeSet<NaiveDate> {
        let levels = self.levels(rules);
        let bans: Vec<_> = levels.prohibit.iter().filter_map(|level| level.days).collect();
        let mut last_days = BTreeSet::new();
        for penalty in self.penalties.values().filter(|penalty| penalty.undeducted() > 0) {
            last_days.extend(penalty.last_day(&self.penalty_days));
            last_days.extend(penalty.day().iter().flat_map(|day| bans.iter().map(|days| days.last_from(*day))));
        }
        last_days.into_iter().filter_map(|day| day.succ_opt()).collect()
    }
}
