//! Why a command is refused. A refused command records nothing.

use chrono::{DateTime, Utc};

use crate::ids::{AreaId, CustomerId, IncarnationId};
use crate::points::Points;
use crate::words::Role;

/// The reason for a refusal, with the values that the screen shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the customer is already inside, since {since}")]
    AlreadyInside { area_id: Option<AreaId>, since: DateTime<Utc> },
    #[error("the visit was probably forgotten: it began at {since}, more than {hours} hours ago")]
    Forgotten { since: DateTime<Utc>, hours: u32 },
    #[error("the visit was closed without a check-out, so the customer isn't inside")]
    NotInside,
    #[error("the visit wasn't checked out, so there is no check-out to take back")]
    NotCheckedOut,
    #[error("the visit was already checked out")]
    AlreadyCheckedOut,
    #[error("the visit, payment or penalty was already voided")]
    AlreadyVoided,
    #[error("the smoking area is full: its capacity is {capacity}")]
    AreaFull { area_id: AreaId, capacity: u32 },
    #[error(
        "smoking is prohibited for the customer (outstanding points: {outstanding}, prohibited from: {prohibit_at})"
    )]
    Prohibited { outstanding: i128, prohibit_at: u64, as_of: DateTime<Utc> },
    #[error("not enough points: the customer's balance is {balance} points")]
    InsufficientPoints { balance: i128 },
    #[error("the balance is {balance} points, but this terminal may spend only {payable_here} of them")]
    HeldElsewhere { balance: i128, payable_here: i128, holders: Vec<(IncarnationId, i128)> },
    #[error("incarnation {incarnation} of a terminal recorded this fact, and only that incarnation may void it")]
    RecordedElsewhere { incarnation: IncarnationId },
    #[error("somebody else recorded this fact, and staff may correct only what they recorded themselves")]
    RecordedByAnother { needed: Role },
    #[error("too late to void: this role may void only within {minutes} minutes, which were over at {until}")]
    VoidWindowPassed { minutes: u32, until: DateTime<Utc>, needed: Role },
    #[error("the deduction is larger than the penalty's outstanding points: {outstanding}")]
    MoreThanOutstanding { outstanding: i128 },
    #[error("one deduction on this ground takes at most {most} points")]
    MoreThanGroundAllows { most: Points },
    #[error("the penalty has no outstanding points left to deduct")]
    NothingOutstanding,
    #[error("the penalty was already reduced on this ground, which is allowed only once")]
    EducationAlreadyDeducted,
    #[error("a penalty deduction on this ground must not state its points: the rules set them")]
    PointsNotAllowed,
    #[error("the number of penalty points to deduct is missing")]
    PointsNeeded,
    #[error("the rules have no such code of penalties")]
    UnknownCode,
    #[error("the rules have no such ground of deductions")]
    UnknownGround,
    #[error("penalty points can't be paid off: the rules set no price for them")]
    PriceIsOff,
    #[error("the customer's personal data was erased, so only check-outs and corrections are recorded")]
    CustomerErased,
    #[error("a customer id can't be linked with itself")]
    SameCustomer { customer_id: CustomerId },
    #[error("the two customer ids are already linked")]
    AlreadyLinked,
    #[error("the two customer ids aren't linked with each other")]
    NotLinked,
    #[error("only what happened between {from} and {until} can be entered now")]
    OutsideEntryDays { from: DateTime<Utc>, until: DateTime<Utc> },
    #[error("a visit ends between when it began, at {since}, and now")]
    NotDuringVisit { since: DateTime<Utc> },
    #[error("a deduction from the penalty was paid for, and must be voided first")]
    PaidDeductionStands,
    #[error("this terminal has no such visit, payment or penalty")]
    Unknown,
}
