//! The aggregate: one payment, made of the facts that name it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::fact::{OrderKey, Payload, Recorded};
use crate::fold::keep_least;
use crate::ids::{DeductionId, IncarnationId, NoteId, StaffId};
use crate::points::Points;
use crate::words::PaymentStatus;

/// A payment as it was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Made {
    pub key: OrderKey,
    pub incarnation: IncarnationId,
    pub points: Points,
    pub deduction_id: DeductionId,
    pub note_id: Option<NoteId>,
    pub staff_id: StaffId,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    pub made: Option<Made>,
    /// Incarnations that say they voided it; only the maker's counts.
    pub voids: BTreeSet<IncarnationId>,
}

impl Payment {
    /// Folds a fact that is about this payment; others change nothing.
    pub fn apply(&mut self, recorded: &Recorded) {
        let fact = &recorded.fact;
        match &fact.payload {
            Payload::Paid(p) => keep_least(
                &mut self.made,
                Made {
                    key: recorded.key(),
                    incarnation: fact.origin.incarnation,
                    points: p.points(),
                    deduction_id: p.deduction_id(),
                    note_id: p.note_id(),
                    staff_id: fact.recorded_by.staff_id,
                },
            ),
            Payload::PaymentVoided(_) => {
                self.voids.insert(fact.origin.incarnation);
            }
            _ => {}
        }
    }

    /// The payment that a set of facts makes.
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
