//! Why a command is refused. Nothing is recorded then.

use chrono::{DateTime, Utc};

use crate::ids::{AreaId, CustomerId, IncarnationId};

/// A refusal with what the screen needs to word it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the customer is inside since {since}")]
    AlreadyInside { area_id: Option<AreaId>, since: DateTime<Utc> },
    #[error("the visit has ended")]
    NotInside,
    #[error("the visit is checked out")]
    AlreadyCheckedOut,
    #[error("it is voided already")]
    AlreadyVoided,
    #[error("the area holds {capacity}")]
    AreaFull { area_id: AreaId, capacity: u32 },
    #[error("prohibited: {outstanding} of {prohibit_at}")]
    Prohibited { outstanding: i128, prohibit_at: u64, as_of: DateTime<Utc> },
    #[error("a balance of {balance} is short")]
    InsufficientPoints { balance: i128 },
    #[error("{payable_here} of {balance} can be paid here")]
    HeldElsewhere { balance: i128, payable_here: i128, holders: Vec<(IncarnationId, i128)> },
    #[error("recorded by another terminal")]
    RecordedElsewhere { incarnation: IncarnationId },
    #[error("the {minutes} minutes for voiding have passed")]
    VoidWindowPassed { minutes: u32 },
    #[error("no more than {outstanding} is outstanding")]
    MoreThanOutstanding { outstanding: i128 },
    #[error("nothing is outstanding")]
    NothingOutstanding,
    #[error("an education counts once a penalty")]
    EducationAlreadyDeducted,
    #[error("the rules say how much an education deducts")]
    PointsNotAllowed,
    #[error("say how many points")]
    PointsNeeded,
    #[error("deducting by paying is off")]
    PriceIsOff,
    #[error("the customer is erased")]
    CustomerErased,
    #[error("one id can't be linked with itself")]
    SameCustomer { customer_id: CustomerId },
    #[error("the two are linked already")]
    AlreadyLinked,
    #[error("unknown here")]
    Unknown,
}
