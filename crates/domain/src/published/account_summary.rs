//! The summary of a customer's account, as one incarnation may use it.

use crate::ids::IncarnationId;
use crate::points::Points;
use crate::refusal::Refusal;

/// What can be had of an account here, and what stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSummary {
    /// Points in all.
    pub balance: i128,
    /// Points that this incarnation holds. Below 0 only where it was reclaimed or forked.
    pub held_here: i128,
    /// Who else holds points, with how many.
    pub holders: Vec<(IncarnationId, i128)>,
    /// The customer is erased: nothing new is recorded, though corrections stay possible.
    pub erased: bool,
}

impl AccountSummary {
    /// # Errors
    /// `InsufficientPoints` where the balance is short, else `HeldElsewhere`.
    pub fn expect_held(&self, points: Points) -> Result<(), Refusal> {
        if points.sum() <= self.held_here { Ok(()) } else { Err(self.refuse(points)) }
    }

    /// Why points that aren't held here can't be had here.
    pub fn refuse(&self, points: Points) -> Refusal {
        let Self { balance, held_here, .. } = *self;
        if points.sum() > balance {
            return Refusal::InsufficientPoints { balance };
        }
        Refusal::HeldElsewhere { balance, payable_here: held_here.max(0), holders: self.holders.clone() }
    }
}
