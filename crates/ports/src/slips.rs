//! What slips for customers say: receipts, notices of a penalty, cards and balances. A layout needs nothing else.
//!
//! Names are already as they are printed: masked, except on a customer's own card.

use chrono::{DateTime, NaiveDate, Utc};
use nosmoke_domain::point::Notice;
use nosmoke_domain::points::Points;
use nosmoke_domain::words::{PenaltyCode, Standing};

use crate::contract::{Language, SlipKind};

/// Whose slip it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    Named(String),
    /// A walk-in customer, with the tag that distinguishes them on the screens.
    WalkIn {
        tag: String,
    },
}

/// What most slips begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    pub language: Language,
    pub facility: String,
    /// When it happened or was read, not when it is printed.
    pub at: DateTime<Utc>,
    pub customer: Whose,
    /// Who recorded it; `None` if nobody was signed in.
    pub staff: Option<String>,
    /// Whether the slip says that it was printed before.
    pub reprint: bool,
}

/// A customer's penalty points and what follows from them, at the moment of the heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandingThen {
    pub penalty_points: i128,
    pub standing: Standing,
    /// The day on which a ban ends by time alone.
    pub lifted_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub heading: Heading,
    /// Distinguishes payments on paper.
    pub number: String,
    pub points: Points,
    /// What was left right after the payment.
    pub balance: i128,
    pub note: Option<String>,
    pub voided: bool,
    /// What was about to expire or end.
    pub notices: Vec<Notice>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PenaltyNotice {
    pub heading: Heading,
    pub number: String,
    pub code: PenaltyCode,
    /// The code's name in the facility's rules; `None` for a code that every program knows by itself.
    pub code_name: Option<String>,
    pub place: Option<String>,
    pub points: Points,
    /// With this penalty.
    pub then: StandingThen,
    pub note: Option<String>,
    pub voided: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub language: Language,
    pub facility: String,
    pub customer: Whose,
    /// The card's number in the form in which it is kept.
    pub number: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    pub heading: Heading,
    pub balance: i128,
    pub then: StandingThen,
    pub notices: Vec<Notice>,
}

/// Shows whether width and Korean are set as the printer needs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestPrint {
    pub language: Language,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlipContent {
    Receipt(Receipt),
    Penalty(PenaltyNotice),
    Card(Card),
    Balance(Balance),
    Test(TestPrint),
}

impl SlipContent {
    pub const fn kind(&self) -> SlipKind {
        match self {
            Self::Receipt(_) => SlipKind::Receipt,
            Self::Penalty(_) => SlipKind::Penalty,
            Self::Card(_) => SlipKind::Card,
            Self::Balance(_) => SlipKind::Balance,
            Self::Test(_) => SlipKind::Test,
        }
    }
}
