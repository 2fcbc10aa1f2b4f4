//! The actions in the simulated facility.

use nosmoke_domain::fact::Earning;
use nosmoke_domain::ids::{EventId, PaymentId, PenaltyId, VisitId};
use nosmoke_domain::words::{CloseReason, Ground};

/// An action that is planned for a time. It is skipped if it isn't possible at that time, for example a check-in of a
/// prohibited customer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Action {
    CheckIn {
        guest: usize,
    },
    /// A customer checks in who is still inside at the end of the simulation.
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
    /// Records a ban and, in the same second, a check-in that was decided without knowing the ban: a case for staff to
    /// review.
    BanUnknownYet {
        settled: bool,
    },
    CheckInUnaware {
        guest: usize,
        penalty: EventId,
        settled: bool,
    },
    Settle {
        guest: usize,
        visit_id: VisitId,
        facts: [EventId; 2],
    },
}
