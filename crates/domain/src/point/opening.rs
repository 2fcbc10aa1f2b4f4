//! Opening balances: the points and penalty points that a customer brings along from paper or from another program.

use std::collections::BTreeMap;

use uuid::Builder;

use crate::fact::{Payload, Recorded};
use crate::ids::{AdjustmentId, CustomerId, PenaltyId};
use crate::words::AdjustReason;

/// The largest opening balance, in points. A phone number in the wrong column is larger.
pub const MAX_OPENING_POINTS: u32 = 100_000_000;

/// What a customer has brought along, by the customer's facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CarriedOver {
    adjustments: BTreeMap<AdjustmentId, i64>,
    /// Whether each penalty stands.
    penalties: BTreeMap<PenaltyId, bool>,
}

impl CarriedOver {
    /// Reads all facts of a customer.
    pub fn of<'a>(customer: CustomerId, facts: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let (mut imposed, mut voided) = (Vec::new(), Vec::new());
        let mut carried = Self::default();
        for recorded in facts {
            match &recorded.fact.payload {
                Payload::PointsAdjusted(p) if p.reason == AdjustReason::MIGRATION => {
                    carried.adjustments.insert(p.adjustment_id(), p.points().get());
                }
                Payload::PenaltyImposed(p) => imposed.push(p.penalty_id()),
                Payload::PenaltyVoided(p) => voided.push(p.penalty_id),
                _ => {}
            }
        }
        loop {
            let next = carried.next_penalty(customer);
            if !imposed.contains(&next) {
                return carried;
            }
            carried.penalties.insert(next, !voided.contains(&next));
        }
    }

    /// Whether points were carried over, by an import or by hand, and not taken back.
    pub fn has_points(&self) -> bool {
        self.adjustments.values().copied().map(i128::from).sum::<i128>() > 0
    }

    /// Whether an import brought penalty points that weren't voided.
    pub fn has_penalty(&self) -> bool {
        self.penalties.values().any(|stands| *stands)
    }

    /// The id of the next penalty that an import brings to the customer. It is made of the customer's id, so that two
    /// terminals that import one list without each other's facts impose one penalty.
    pub fn next_penalty(&self, customer: CustomerId) -> PenaltyId {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"nosmoke opening penalty");
        hasher.update(customer.0.as_bytes());
        hasher.update(&(self.penalties.len() as u64).to_be_bytes());
        let mut bytes = [0; 16];
        hasher.finalize_xof().fill(&mut bytes);
        PenaltyId(Builder::from_custom_bytes(bytes).into_uuid())
    }
}
