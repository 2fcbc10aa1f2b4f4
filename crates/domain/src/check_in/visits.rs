//! A customer's visits as check_in needs them: those not over yet, and what the last days' check-outs earn.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Visit;
use crate::fact::{Novelty, Payload, Recorded};
use crate::fold::{Applied, State, hold};
use crate::ids::VisitId;
use crate::points::Sum;
use crate::rules::seoul_date;

/// Days kept for the daily cap.
const DAYS_KEPT: usize = 7;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Visits {
    /// Visits that aren't over, or whose check-in hasn't arrived yet.
    pub open: BTreeMap<VisitId, Visit>,
    /// Points that the check-outs of a day (Asia/Seoul) earn; the latest days only.
    pub earning_by_day: BTreeMap<NaiveDate, Sum>,
    pub erased: bool,
    /// Facts that only a newer version understands.
    pub not_understood: u64,
}

impl Visits {
    /// The visit on whose account the customer is inside: the earliest of several.
    pub fn inside(&self) -> Option<(VisitId, &Visit)> {
        self.all_inside().min_by(|(_, a), (_, b)| a.entry.cmp(&b.entry))
    }

    /// Terminals that didn't know of each other may each have let the customer in.
    pub(super) fn all_inside(&self) -> impl Iterator<Item = (VisitId, &Visit)> {
        self.open.iter().filter(|(_, visit)| visit.is_inside()).map(|(id, visit)| (*id, visit))
    }
}

impl State for Visits {
    fn apply(&mut self, recorded: &Recorded, novelty: Novelty) -> Applied {
        let visit_id = match &recorded.fact.payload {
            Payload::CheckedIn(p) => p.visit_id,
            Payload::CheckedOut(p) => p.visit_id,
            Payload::VisitClosed(p) => p.visit_id,
            Payload::VisitVoided(p) => p.visit_id,
            Payload::Earned(p) => p.visit_id,
            Payload::CustomerErased(_) => {
                self.erased = true;
                return Applied::Done;
            }
            Payload::Unknown { .. } => {
                self.not_understood += 1;
                return Applied::Done;
            }
            _ => return Applied::Done,
        };
        // An earning's own subject is the earning, so its novelty says nothing of the visit.
        let novelty = match (&recorded.fact.payload, novelty) {
            (Payload::Earned(_), Novelty::New) => Novelty::Repeats,
            (_, novelty) => novelty,
        };
        let Some(visit) = hold(&mut self.open, visit_id, novelty) else { return Applied::FoldAgain };
        if let Payload::CheckedOut(p) = &recorded.fact.payload {
            match (&visit.check_out, p.earning) {
                (None, Some(earning)) => {
                    let day = seoul_date(recorded.fact.occurred_at);
                    self.earning_by_day.entry(day).or_default().0 += earning.points.sum();
                }
                // The least of several counts, and perhaps on another day.
                (Some(counted), _) if recorded.key() < counted.key => return Applied::FoldAgain,
                _ => {}
            }
        }
        visit.apply(recorded);
        Applied::Done
    }

    fn compact(&mut self) {
        self.open.retain(|_, visit| !visit.is_over());
        while self.earning_by_day.len() > DAYS_KEPT {
            self.earning_by_day.pop_first();
        }
    }
}
