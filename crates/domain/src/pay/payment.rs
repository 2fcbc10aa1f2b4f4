//! The payment aggregate, folded from all facts about one payment.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::fact::{OrderKey, Payload, Recorded};
use crate::fold::keep_least;
use crate::ids::{DeductionId, IncarnationId, NoteId, RecorderId};
use crate::lots::Lots;
use crate::points::Points;
use crate::words::PaymentStatus;

/// The data of the `Paid` fact that counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Made {
    pub key: OrderKey,
    pub incarnation: IncarnationId,
    pub points: Points,
    pub lots: Lots,
    pub deduction_id: DeductionId,
    pub note_id: Option<NoteId>,
    pub recorded_at: DateTime<Utc>,
    pub recorder_id: RecorderId,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    pub made: Option<Made>,
    /// Incarnations that recorded a void. The payment counts as voided only if the incarnation that recorded it is one
    /// of them.
    pub voids: BTreeSet<IncarnationId>,
}

impl Payment {
    /// Folds a fact about this payment; facts of other types change nothing.
    pub fn apply(&mut self, recorded: &Recorded) {
        let fact = &recorded.fact;
        match &fact.payload {
            Payload::Paid(p) => keep_least(
                &mut self.made,
                Made {
                    key: recorded.key(),
                    incarnation: fact.origin.incarnation,
                    points: p.points(),
                    lots: p.lots().clone(),
                    deduction_id: p.deduction_id(),
                    note_id: p.note_id(),
                    recorded_at: fact.recorded_at,
                    recorder_id: fact.recorded_by.id(),
                },
            ),
            Payload::PaymentVoided(_) => {
                self.voids.insert(fact.origin.incarnation);
            }
            _ => {}
        }
    }

    /// Folds a set of facts into a payment.
    pub fn of<'a>(facts: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let mut payment = Self::default();
        crate::fold::distinct(facts).into_iter().for_each(|recorded| payment.apply(recorded));
        payment
    }

    pub fn status(&self) -> PaymentStatus {
        let voided = self.made.as_ref().is_some_and(|made| self.voids.contains(&made.incarnation));
        if voided { PaymentStatus::Voided } else { PaymentStatus::Paid }
    }
}
