//! What happens at a time.

use nosmoke_domain::fact::Earning;
use nosmoke_domain::ids::{EventId, PaymentId, PenaltyId, VisitId};
use nosmoke_domain::words::{CloseReason, Ground};

/// What is due at a time. What can't be done then, such as admitting someone prohibited, doesn't happen.
#[derive(Debug, Clone, Copy)]
pub(super) enum Action {
    CheckIn {
        guest: usize,
    },
    /// Someone comes who is still inside at the end.
    Stay {
        area: usize,
    },
    CheckOut {
        guest: usize,
        visit_id: VisitId,
    },
    Earn {
        guest: usize,
        earning: Earning,
        visit_id: VisitId,
        cause: EventId,
    },
    CloseVisit {
        guest: usize,
        visit_id: VisitId,
        reason: CloseReason,
    },
    VoidVisit {
        guest: usize,
        visit_id: VisitId,
    },
    Pay {
        guest: usize,
    },
    VoidPayment {
        guest: usize,
        payment_id: PaymentId,
        points: u64,
    },
    Adjust,
    Impose,
    VoidPenalty {
        guest: usize,
        penalty_id: PenaltyId,
    },
    Deduct {
        guest: usize,
        penalty_id: PenaltyId,
        ground: Ground,
    },
    /// A ban is recorded, and in the same second a check-in that doesn't know of it: a case for review.
    BanUnknownYet {
        settled: bool,
    },
    CheckInUnaware {
        guest: usize,
        settled: bool,
    },
    Settle {
        guest: usize,
        event_id: EventId,
    },
}
