//! The summary of a customer's account, as one incarnation sees it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::days::seoul_date;
use crate::ids::IncarnationId;
use crate::lapse::PenaltyDays;
use crate::lots::{LotSums, Lots};
use crate::points::Points;
use crate::refusal::Refusal;

/// The balance and the holdings of a customer at a moment, seen from one incarnation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSummary {
    /// The sum of all holdings.
    pub balance: i128,
    /// Points that this incarnation holds, also those whose day is over. A lot is below 0 only if points were reclaimed
    /// from the incarnation, or if it forked.
    pub held_here: LotSums,
    /// The other incarnations that hold points, with how many.
    pub holders: Vec<(IncarnationId, i128)>,
    /// The customer is erased: no payments or new penalties are recorded any more.
    pub erased: bool,
    /// The days of the customer's penalties, on which it depends when one lapses.
    pub penalty_days: PenaltyDays,
    pub at: DateTime<Utc>,
}

impl AccountSummary {
    /// The points that this incarnation may spend.
    pub fn payable_here(&self) -> i128 {
        self.held_here.live(self.today()).above_zero()
    }

    /// The day (Asia/Seoul) of the moment.
    pub fn today(&self) -> NaiveDate {
        seoul_date(self.at)
    }

    /// Takes points from what this incarnation holds, the soonest to expire first.
    ///
    /// # Errors
    /// `InsufficientPoints` if the balance is too small, `HeldElsewhere` if the balance suffices but this incarnation's
    /// holding doesn't.
    pub fn take(&self, points: Points) -> Result<Lots, Refusal> {
        self.held_here.live(self.today()).take(points).ok_or_else(|| self.refuse(points))
    }

    /// Returns how many points must be requested, so that this incarnation holds `wanted`. Only the incarnations in
    /// `givers` answer a request.
    ///
    /// # Errors
    /// `InsufficientPoints`; `HeldElsewhere` if the givers don't hold enough, or if nothing is missing.
    pub fn missing(&self, wanted: Points, givers: &BTreeSet<IncarnationId>) -> Result<Points, Refusal> {
        let missing = wanted.sum() - self.payable_here();
        let from_givers: i128 =
            self.holders.iter().filter(|(holder, _)| givers.contains(holder)).map(|(_, held)| held).sum();
        match Points::try_from(missing) {
            Ok(points) if wanted.sum() <= self.balance && missing <= from_givers => Ok(points),
            _ => Err(self.refuse(wanted)),
        }
    }

    /// Returns the refusal for points that exceed this incarnation's holding.
    pub fn refuse(&self, points: Points) -> Refusal {
        let balance = self.balance;
        if points.sum() > balance {
            return Refusal::InsufficientPoints { balance };
        }
        Refusal::HeldElsewhere { balance, payable_here: self.payable_here(), holders: self.holders.clone() }
    }
}
