//! A customer's history: fact by fact, and day by day where time alone changes something, how the balance and the
//! outstanding points came about. After the steps up to a moment, both are what a fold of the facts up to then gives at
//! that moment.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::Account;
use crate::days::{end_of_day, seoul_date};
use crate::fact::{Novelty, Recorded};
use crate::fold::{State, distinct};
use crate::ids::{IncarnationId, PenaltyId};

/// What made a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cause<'a> {
    Fact(&'a Recorded),
    /// Points with this last day counted no more. If a later fact changed such a lot, there is a further step at that
    /// fact, which takes its effect back.
    Expired(NaiveDate),
    /// What was outstanding of a penalty counted no more. If a later fact changed a lapsed penalty, or when it lapsed,
    /// there is a further step at that fact.
    Lapsed(PenaltyId),
}

/// A change of the balance or of the outstanding points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step<'a> {
    /// When the fact occurred; else the last instant of the last day.
    pub at: DateTime<Utc>,
    pub cause: Cause<'a>,
    /// The change of the balance.
    pub points: i128,
    /// The balance after the step.
    pub balance: i128,
    /// The change of the outstanding penalty points.
    pub penalty_points: i128,
    /// The outstanding penalty points after the step.
    pub outstanding: i128,
}

/// Returns the steps of one customer up to a moment, from the customer's facts, the oldest first: one for each fact, and
/// those that time made. A fact after the moment counts as if it were of the moment, as in every fold.
pub fn history<'a>(
    facts: impl IntoIterator<Item = &'a Recorded>,
    forked: &BTreeSet<IncarnationId>,
    until: DateTime<Utc>,
) -> Vec<Step<'a>> {
    let mut account = Account::default();
    account.forked.clone_from(forked);
    let mut walk = Walk { account, today: NaiveDate::MIN, gone: Gone::default(), steps: Vec::new() };
    for recorded in distinct(facts) {
        let at = recorded.fact.occurred_at.min(until);
        walk.turn(seoul_date(at), at);
        walk.take(recorded);
        walk.turn(seoul_date(at), at);
    }
    walk.turn(seoul_date(until), until);
    walk.steps
}

/// What counts no more on a day.
#[derive(Debug, Default, PartialEq)]
struct Gone {
    points: BTreeMap<NaiveDate, i128>,
    penalties: BTreeMap<PenaltyId, (NaiveDate, i128)>,
}

struct Walk<'a> {
    account: Account,
    today: NaiveDate,
    gone: Gone,
    steps: Vec<Step<'a>>,
}

impl<'a> Walk<'a> {
    /// Folds a fact. The step has what the fact changed, whether or not it still counted.
    fn take(&mut self, recorded: &'a Recorded) {
        let before = (self.account.balance_on(NaiveDate::MIN), self.account.undeducted());
        let _done = self.account.apply(recorded, Novelty::Whole);
        let after = (self.account.balance_on(NaiveDate::MIN), self.account.undeducted());
        self.step(recorded.fact.occurred_at, Cause::Fact(recorded), (after.0 - before.0, after.1 - before.1));
    }

    /// Goes on to a day. Without a fact only what ended since the last day changes; after a fact of the same day, what
    /// the fact changed of what had ended before.
    fn turn(&mut self, today: NaiveDate, at: DateTime<Utc>) {
        let gone = Gone { points: self.account.expired_on(today), penalties: self.account.lapsed_on(today) };
        let dated = |last: NaiveDate| if last >= self.today { end_of_day(last) } else { at };
        let mut steps = Vec::new();
        let days: BTreeSet<_> = gone.points.keys().chain(self.gone.points.keys()).copied().collect();
        for last in days {
            let of = |gone: &Gone| gone.points.get(&last).copied().unwrap_or_default();
            steps.push((dated(last), Cause::Expired(last), (of(&self.gone) - of(&gone), 0)));
        }
        let penalties: BTreeSet<_> = gone.penalties.keys().chain(self.gone.penalties.keys()).copied().collect();
        for id in penalties {
            let of = |gone: &Gone| gone.penalties.get(&id).map_or(0, |(_, points)| *points);
            let last = gone.penalties.get(&id).map_or(NaiveDate::MIN, |(last, _)| *last);
            steps.push((dated(last), Cause::Lapsed(id), (0, of(&self.gone) - of(&gone))));
        }
        (self.today, self.gone) = (today, gone);
        steps.retain(|(_, _, change)| *change != (0, 0));
        steps.sort_by_key(|(at, ..)| *at);
        for (at, cause, change) in steps {
            self.step(at, cause, change);
        }
    }

    fn step(&mut self, at: DateTime<Utc>, cause: Cause<'a>, (points, penalty_points): (i128, i128)) {
        let (balance, outstanding) = self.steps.last().map_or((0, 0), |last| (last.balance, last.outstanding));
        let (balance, outstanding) = (balance + points, outstanding + penalty_points);
        self.steps.push(Step { at, cause, points, balance, penalty_points, outstanding });
    }
}
