//! A customer's state in check_in: the open visits, and the points promised on each day, which the daily cap limits.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Visit;
use crate::days::seoul_date;
use crate::fact::{CheckedOut, Novelty, Payload, Recorded};
use crate::fold::{Applied, State, distinct, open_item};
use crate::ids::{IncarnationId, VisitId};
use crate::links::Links;
use crate::points::Sum;

/// A snapshot keeps the promised points of this many days, for the daily cap.
const DAYS_KEPT: usize = 7;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Visits {
    /// Visits that aren't over, and visits whose check-in fact hasn't arrived from its terminal yet.
    pub open: BTreeMap<VisitId, Visit>,
    /// Points promised by the check-outs of each day (Asia/Seoul); only the latest `DAYS_KEPT` days.
    pub earning_by_day: BTreeMap<NaiveDate, Sum>,
    /// Other customer ids of the same person.
    #[serde(default, skip_serializing_if = "Links::is_empty")]
    pub links: Links,
    pub erased: bool,
    /// The number of the customer's facts that have a type or version unknown to this program.
    pub not_understood: u64,
}

impl Visits {
    /// The visit that hasn't ended; the earliest one if disconnected terminals recorded several.
    pub fn inside(&self) -> Option<(VisitId, &Visit)> {
        self.all_inside().min_by(|(_, a), (_, b)| a.entry.cmp(&b.entry))
    }

    /// Returns whether a check-out that this incarnation recorded awaits its earning.
    pub fn await_earning_by(&self, incarnation: IncarnationId) -> bool {
        let is_by = |visit: &Visit| visit.check_out.as_ref().is_some_and(|exit| exit.incarnation == incarnation);
        self.open.values().any(|visit| visit.awaits_earning() && is_by(visit))
    }

    /// The points that the check-outs of a day promise, from all facts of a customer: a snapshot keeps only the latest
    /// days.
    pub fn promised_on<'a>(facts: impl IntoIterator<Item = &'a Recorded>, day: NaiveDate) -> i128 {
        let mut visits = Self::default();
        for recorded in distinct(facts) {
            let _whole = visits.apply(recorded, Novelty::Whole);
        }
        visits.earning_by_day.get(&day).map_or(0, |sum| sum.0)
    }

    /// All visits that haven't ended: several if disconnected terminals each recorded a check-in.
    pub(super) fn all_inside(&self) -> impl Iterator<Item = (VisitId, &Visit)> {
        self.open.iter().filter(|(_, visit)| visit.is_inside()).map(|(id, visit)| (*id, visit))
    }
}

/// Returns the visit that a fact is about, if any.
pub fn visit_of(payload: &Payload) -> Option<VisitId> {
    match payload {
        Payload::CheckedIn(p) => Some(p.visit_id),
        Payload::CheckedOut(p) => Some(p.visit_id),
        Payload::CheckOutTakenBack(p) => Some(p.visit_id),
        Payload::VisitClosed(p) => Some(p.visit_id),
        Payload::VisitVoided(p) => Some(p.visit_id),
        Payload::Earned(p) => Some(p.visit_id),
        _ => None,
    }
}

impl State for Visits {
    fn apply(&mut self, recorded: &Recorded, novelty: Novelty) -> Applied {
        match &recorded.fact.payload {
            Payload::CustomerErased(_) => self.erased = true,
            payload @ (Payload::CustomersLinked(_) | Payload::CustomersParted(_)) => self.links.apply(payload),
            Payload::Unknown { .. } => self.not_understood += 1,
            _ => {}
        }
        let Some(visit_id) = visit_of(&recorded.fact.payload) else { return Applied::Done };
        // The novelty of an `Earned` fact says whether its earning id is new. Its visit may be an old one that
        // compaction has dropped, so `New` must not create it here.
        let novelty = match (&recorded.fact.payload, novelty) {
            (Payload::Earned(_), Novelty::New) => Novelty::Repeats,
            (_, novelty) => novelty,
        };
        let Some(visit) = open_item(&mut self.open, visit_id, novelty) else { return Applied::Reopen(visit_id.0) };
        let before = visit.promised();
        visit.apply(recorded);
        let after = visit.promised();
        if let Payload::CheckedOut(CheckedOut { earning: Some(_), .. }) = &recorded.fact.payload {
            // Each day with a check-out has an entry, whether or not the check-out counts, so that the days kept don't
            // depend on the order of arrival.
            self.earning_by_day.entry(seoul_date(recorded.fact.occurred_at)).or_default();
        }
        if before != after {
            if let Some((day, points)) = before
                && let Some(sum) = self.earning_by_day.get_mut(&day)
            {
                sum.0 -= points;
            }
            if let Some((day, points)) = after {
                self.earning_by_day.entry(day).or_default().0 += points;
            }
        }
        Applied::Done
    }

    fn reopen(&mut self, recorded: &Recorded, earlier: &[Recorded]) {
        let Some(visit_id) = visit_of(&recorded.fact.payload) else { return };
        let about = earlier.iter().filter(|earlier| visit_of(&earlier.fact.payload) == Some(visit_id));
        self.open.insert(visit_id, Visit::of(about));
    }

    fn compact(&mut self) {
        self.open.retain(|_, visit| !visit.is_over());
        while self.earning_by_day.len() > DAYS_KEPT {
            self.earning_by_day.pop_first();
        }
    }
}
