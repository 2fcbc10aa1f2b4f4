//! What a balance consists of, which levels prohibit, and what would lift a ban.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Account, standing};
use crate::days::seoul_date;
use crate::lots::LastDay;
use crate::rules::{Level, Rules};
use crate::words::Standing;

/// A level of prohibition as it applies to a customer at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ban {
    pub level: Level,
    /// Whether the outstanding points have reached it.
    pub reached: bool,
    /// The last day (Asia/Seoul) of its days; `None` if it has none, or if nothing is outstanding.
    pub last_day: Option<NaiveDate>,
    /// Whether its days are over.
    pub over: bool,
}

impl Ban {
    /// Whether it prohibits.
    pub const fn holds(&self) -> bool {
        self.reached && !self.over
    }
}

impl Account {
    /// The levels of prohibition, the lowest first, with the days that each would last.
    pub fn bans(&self, rules: &Rules, at: DateTime<Utc>) -> Vec<Ban> {
        let (today, owed) = (seoul_date(at), self.owed(at));
        let ban = |level: &Level| {
            let last_day = level.days.zip(owed.latest).map(|(days, latest)| days.last_from(latest));
            Ban {
                level: *level,
                reached: owed.points >= level.at.sum(),
                last_day,
                over: level.days.is_some() && last_day.is_none_or(|last| today > last),
            }
        };
        self.levels(rules).prohibit.iter().map(ban).collect()
    }

    /// The lots that the balance consists of at a moment, the soonest to expire first. A lot below 0 is there only where an
    /// incarnation has forked that isn't known to have.
    pub fn lots(&self, at: DateTime<Utc>) -> BTreeMap<LastDay, i128> {
        self.holdings.live_lots(&self.forked, seoul_date(at))
    }
}

/// The first day (Asia/Seoul) on which time alone will have lifted a person's ban; `None` if the person isn't
/// prohibited, or if the ban doesn't end by itself. `accounts` are those of all the person's linked ids.
pub fn lifted_on(accounts: &[&Account], rules: &Rules, at: DateTime<Utc>) -> Option<NaiveDate> {
    let prohibited = |today: NaiveDate| {
        accounts.iter().any(|it| standing(it.owed_on(today), &it.levels(rules), today) == Standing::Prohibited)
    };
    let today = seoul_date(at);
    if !prohibited(today) {
        return None;
    }
    let mut turns: Vec<NaiveDate> = accounts.iter().flat_map(|account| account.turns(rules)).collect();
    turns.sort_unstable();
    turns.into_iter().filter(|day| *day > today).find(|day| !prohibited(*day))
}
