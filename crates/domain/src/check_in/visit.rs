//! The aggregate: one visit, made of the facts that name it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::fact::{Earning, OrderKey, Payload, Recorded};
use crate::fold::keep_least;
use crate::ids::{AreaId, EarningId, IncarnationId, StaffId};
use crate::points::{Points, Sum};
use crate::words::{Standing, VisitStatus};

/// How a visit began.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    pub key: OrderKey,
    pub area_id: AreaId,
    pub standing: Standing,
    /// Admitted while prohibited: earns nothing.
    pub by_override: bool,
    pub incarnation: IncarnationId,
    pub staff_id: StaffId,
}

/// How a visit ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Exit {
    pub key: OrderKey,
    pub kind: EndKind,
    pub incarnation: IncarnationId,
    pub staff_id: StaffId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EndKind {
    /// A check-out, with what it earns.
    CheckedOut(Option<(EarningId, Points)>),
    /// Closed without points.
    Closed,
}

/// A visit. Of several check-ins or ends, the least by time, id and hash is shown; the status is the furthest of all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    pub entry: Option<Entry>,
    pub check_out: Option<Exit>,
    pub close: Option<Exit>,
    pub voided: bool,
    /// What was earned, and when the first earning was recorded.
    pub earned: Sum,
    pub earned_at: Option<DateTime<Utc>>,
    /// Of several earnings with one id the least counts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    earnings: BTreeMap<EarningId, (OrderKey, Points)>,
}

impl Visit {
    /// Folds a fact that is about this visit; others change nothing.
    pub fn apply(&mut self, recorded: &Recorded) {
        let (key, fact) = (recorded.key(), &recorded.fact);
        let (incarnation, staff_id) = (fact.origin.incarnation, fact.recorded_by.staff_id);
        match &fact.payload {
            Payload::CheckedIn(p) => keep_least(
                &mut self.entry,
                Entry {
                    key,
                    area_id: p.area_id,
                    standing: p.standing,
                    by_override: p.admission.is_some(),
                    incarnation,
                    staff_id,
                },
            ),
            Payload::CheckedOut(p) => {
                let earning = p.earning.map(|Earning { earning_id, points }| (earning_id, points));
                keep_least(
                    &mut self.check_out,
                    Exit { key, kind: EndKind::CheckedOut(earning), incarnation, staff_id },
                );
            }
            Payload::VisitClosed(_) => {
                keep_least(&mut self.close, Exit { key, kind: EndKind::Closed, incarnation, staff_id });
            }
            Payload::VisitVoided(_) => self.voided = true,
            Payload::Earned(p) => {
                let earning = self.earnings.entry(p.earning_id).or_insert((key, p.points));
                *earning = (key, p.points).min(*earning);
                self.earned = Sum(self.earnings.values().map(|(_, points)| points.sum()).sum());
                keep_least(&mut self.earned_at, fact.occurred_at);
            }
            _ => {}
        }
    }

    /// The visit that a set of facts makes.
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

    /// Someone is inside on account of this visit.
    pub fn is_inside(&self) -> bool {
        self.entry.is_some() && self.status() == VisitStatus::CheckedIn
    }

    /// The end that is shown: a check-out before a closing, since it says when someone left.
    pub fn exit(&self) -> Option<&Exit> {
        self.check_out.as_ref().or(self.close.as_ref())
    }

    /// Checked out with points that aren't earned yet: they will be, though the visit be closed or voided meanwhile.
    pub fn awaits_earning(&self) -> bool {
        self.earned_at.is_none() && matches!(self.check_out, Some(Exit { kind: EndKind::CheckedOut(Some(_)), .. }))
    }

    /// Nothing more is expected of it.
    pub(super) fn is_over(&self) -> bool {
        let ended = matches!(self.status(), VisitStatus::Closed | VisitStatus::Earned | VisitStatus::Voided);
        self.entry.is_some() && ended && !self.awaits_earning()
    }
}
