//! The visit aggregate, folded from all facts about one visit.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::days::seoul_date;
use crate::fact::{CheckOutTakenBack, Earning, OrderKey, Payload, Recorded};
use crate::fold::keep_least;
use crate::ids::{AreaId, EarningId, EventId, IncarnationId, RecorderId};
use crate::points::{Points, Sum};
use crate::words::{Standing, VisitStatus};

/// How a visit began.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    pub key: OrderKey,
    pub area_id: AreaId,
    pub standing: Standing,
    /// The customer was admitted although prohibited: the visit earns nothing.
    pub by_override: bool,
    pub recorded_at: DateTime<Utc>,
    pub incarnation: IncarnationId,
    pub recorder_id: RecorderId,
}

/// How a visit ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Exit {
    pub key: OrderKey,
    pub kind: EndKind,
    pub recorded_at: DateTime<Utc>,
    pub incarnation: IncarnationId,
    pub recorder_id: RecorderId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EndKind {
    /// A check-out, with its earning; `None` if it earns nothing.
    CheckedOut(Option<Earning>),
    /// Closed without points.
    Closed,
}

impl Exit {
    fn promises(&self, earning_id: EarningId) -> bool {
        matches!(self.kind, EndKind::CheckedOut(Some(earning)) if earning.earning_id == earning_id)
    }
}

/// A visit. If terminals recorded contradicting check-ins or ends, the one with the lowest `OrderKey` is shown. The
/// status is the latest one that any fact led to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    pub entry: Option<Entry>,
    /// The check-out that counts: the first one that wasn't taken back.
    pub check_out: Option<Exit>,
    pub close: Option<Exit>,
    pub voided: bool,
    /// The points earned, less those taken back with a check-out.
    pub earned: Sum,
    /// When the first earning was recorded, leaving out those of check-outs that were taken back.
    pub earned_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    check_outs: BTreeSet<Exit>,
    /// The points taken back with each check-out. If several facts of one incarnation take back the same check-out, the
    /// one with the lowest `OrderKey` counts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    taken_back: BTreeMap<EventId, BTreeMap<IncarnationId, (OrderKey, Sum)>>,
    /// The points of each earning and when it was recorded first. If several facts have the same earning id, the one
    /// with the lowest `OrderKey` counts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    earnings: BTreeMap<EarningId, EarnedOnce>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct EarnedOnce {
    key: OrderKey,
    points: Points,
    first_at: DateTime<Utc>,
}

impl Visit {
    /// Folds a fact about this visit; facts of other types change nothing.
    pub fn apply(&mut self, recorded: &Recorded) {
        let (key, fact) = (recorded.key(), &recorded.fact);
        let (incarnation, recorder_id) = (fact.origin.incarnation, fact.recorded_by.id());
        let recorded_at = fact.recorded_at;
        match &fact.payload {
            Payload::CheckedIn(p) => keep_least(
                &mut self.entry,
                Entry {
                    key,
                    area_id: p.area_id,
                    standing: p.standing,
                    by_override: p.admission.is_some(),
                    recorded_at,
                    incarnation,
                    recorder_id,
                },
            ),
            Payload::CheckedOut(p) => {
                let kind = EndKind::CheckedOut(p.earning);
                self.check_outs.insert(Exit { key, kind, recorded_at, incarnation, recorder_id });
                self.choose();
            }
            Payload::CheckOutTakenBack(CheckOutTakenBack { check_out, lots, .. }) => {
                let taken = (key, Sum(lots.as_ref().map_or(0, |lots| lots.points().sum())));
                let counted = self.taken_back.entry(*check_out).or_default().entry(incarnation).or_insert(taken);
                *counted = taken.min(*counted);
                self.choose();
            }
            Payload::VisitClosed(_) => {
                let kind = EndKind::Closed;
                keep_least(&mut self.close, Exit { key, kind, recorded_at, incarnation, recorder_id });
            }
            Payload::VisitVoided(_) => self.voided = true,
            Payload::Earned(p) => {
                let (points, first_at) = (p.points, fact.occurred_at);
                let earned = self.earnings.entry(p.earning_id).or_insert(EarnedOnce { key, points, first_at });
                if key < earned.key {
                    (earned.key, earned.points) = (key, points);
                }
                earned.first_at = first_at.min(earned.first_at);
                self.choose();
            }
            _ => {}
        }
    }

    /// Chooses the check-out that counts, and adds up what was earned.
    fn choose(&mut self) {
        let (standing, taken_back): (Vec<&Exit>, Vec<&Exit>) =
            self.check_outs.iter().partition(|exit| !self.is_taken_back(exit));
        let stands = |earning: EarningId| standing.iter().any(|exit| exit.promises(earning));
        let counts = |earning: EarningId| stands(earning) || !taken_back.iter().any(|exit| exit.promises(earning));
        let earned: i128 = self.earnings.values().map(|earned| earned.points.sum()).sum();
        let taken: i128 = self.taken_back.values().flat_map(BTreeMap::values).map(|(_, taken)| taken.0).sum();
        let counted = self.earnings.iter().filter(|(earning, _)| counts(**earning));
        self.earned_at = counted.map(|(_, earned)| earned.first_at).min();
        self.earned = Sum(earned - taken);
        self.check_out = standing.first().map(|exit| (*exit).clone());
    }

    /// All ends that stand: the check-outs that weren't taken back, and the closing.
    pub fn ends(&self) -> impl Iterator<Item = &Exit> {
        self.check_outs.iter().filter(|exit| !self.is_taken_back(exit)).chain(&self.close)
    }

    /// The facts of the earnings that weren't taken back with their check-outs.
    pub fn earnings(&self) -> impl Iterator<Item = EventId> {
        let standing: Vec<&Exit> = self.ends().collect();
        let is_known = |id: EarningId| self.check_outs.iter().any(|exit| exit.promises(id));
        let counts = move |id: EarningId| standing.iter().any(|exit| exit.promises(id)) || !is_known(id);
        self.earnings.iter().filter(move |(id, _)| counts(**id)).map(|(_, earned)| earned.key.event_id)
    }

    fn is_taken_back(&self, exit: &Exit) -> bool {
        self.taken_back.get(&exit.key.event_id).is_some_and(|by| by.contains_key(&exit.incarnation))
    }

    /// The points that the check-out that counts has earned so far; `None` if it hasn't earned yet or earns nothing.
    pub fn earned_by_check_out(&self) -> Option<Earning> {
        match self.check_out.as_ref()?.kind {
            EndKind::CheckedOut(Some(earning)) if self.earnings.contains_key(&earning.earning_id) => Some(earning),
            _ => None,
        }
    }

    /// Folds a set of facts into a visit.
    pub fn of<'a>(facts: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let mut visit = Self::default();
        crate::fold::distinct(facts).into_iter().for_each(|recorded| visit.apply(recorded));
        visit
    }

    pub fn status(&self) -> VisitStatus {
        let ends_without_points =
            matches!(self.check_out, Some(Exit { kind: EndKind::CheckedOut(None), .. })) || self.close.is_some();
        if self.voided {
            VisitStatus::Voided
        } else if self.earned_at.is_some() {
            VisitStatus::Earned
        } else if ends_without_points {
            VisitStatus::Closed
        } else if self.check_out.is_some() {
            VisitStatus::CheckedOut
        } else {
            VisitStatus::CheckedIn
        }
    }

    /// Returns whether the visit hasn't ended, so that the customer is inside.
    pub fn is_inside(&self) -> bool {
        self.entry.is_some() && self.status() == VisitStatus::CheckedIn
    }

    /// The end to show: the check-out if there is one, because its time is when the customer left; else the closing.
    pub fn exit(&self) -> Option<&Exit> {
        self.check_out.as_ref().or(self.close.as_ref())
    }

    /// Returns whether the check-out promised points that aren't earned yet. They will be earned even if the visit is
    /// closed or voided before that.
    pub fn awaits_earning(&self) -> bool {
        self.earned_at.is_none() && matches!(self.check_out, Some(Exit { kind: EndKind::CheckedOut(Some(_)), .. }))
    }

    /// The day (Asia/Seoul) and the points that the check-out that counts promises.
    pub(super) fn promised(&self) -> Option<(NaiveDate, i128)> {
        let exit = self.check_out.as_ref()?;
        match exit.kind {
            EndKind::CheckedOut(Some(earning)) => Some((seoul_date(exit.key.occurred_at), earning.points.sum())),
            _ => None,
        }
    }

    /// Returns whether the visit has ended and nothing is left to earn, so that a snapshot may drop it.
    pub(super) fn is_over(&self) -> bool {
        let ended = matches!(self.status(), VisitStatus::Closed | VisitStatus::Earned | VisitStatus::Voided);
        self.entry.is_some() && ended && !self.awaits_earning()
    }
}
