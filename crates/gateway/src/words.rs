//! Enums that several routes share; an enum of one route is in that route's file.

use nosmoke_domain::words::{Ground, PenaltyCode, Standing, VoidReason};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How grave the offence was; the rules set the points of each code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum CodeWord {
    Basic,
    Repeat,
    Aggravated,
}

impl From<CodeWord> for PenaltyCode {
    fn from(word: CodeWord) -> Self {
        match word {
            CodeWord::Basic => Self::Basic,
            CodeWord::Repeat => Self::Repeat,
            CodeWord::Aggravated => Self::Aggravated,
        }
    }
}

impl From<PenaltyCode> for CodeWord {
    fn from(code: PenaltyCode) -> Self {
        match code {
            PenaltyCode::Basic => Self::Basic,
            PenaltyCode::Repeat => Self::Repeat,
            PenaltyCode::Aggravated => Self::Aggravated,
        }
    }
}

/// The ground of a deduction from a penalty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GroundWord {
    /// Deducts half of the imposed points, once per penalty; `point` must be omitted.
    Education,
    Service,
    Appeal,
    Waiver,
}

impl From<GroundWord> for Ground {
    fn from(word: GroundWord) -> Self {
        match word {
            GroundWord::Education => Self::Education,
            GroundWord::Service => Self::Service,
            GroundWord::Appeal => Self::Appeal,
            GroundWord::Waiver => Self::Waiver,
        }
    }
}

impl From<Ground> for GroundWord {
    fn from(ground: Ground) -> Self {
        match ground {
            Ground::Education => Self::Education,
            Ground::Service => Self::Service,
            Ground::Appeal => Self::Appeal,
            Ground::Waiver => Self::Waiver,
        }
    }
}

/// The reason of a void; `mistaken` by default.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VoidWord {
    #[default]
    Mistaken,
    WrongCustomer,
    WrongAmount,
    Other,
}

impl From<VoidWord> for VoidReason {
    fn from(word: VoidWord) -> Self {
        match word {
            VoidWord::Mistaken => Self::Mistaken,
            VoidWord::WrongCustomer => Self::WrongCustomer,
            VoidWord::WrongAmount => Self::WrongAmount,
            VoidWord::Other => Self::Other,
        }
    }
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VoidBody {
    #[serde(default)]
    pub(crate) reason: VoidWord,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum StandingWord {
    Allowed,
    Warned,
    Prohibited,
}

impl From<Standing> for StandingWord {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Allowed => Self::Allowed,
            Standing::Warned => Self::Warned,
            Standing::Prohibited => Self::Prohibited,
        }
    }
}

/// Serialises an enum of the contract to its word, such as `EARNED`.
pub(crate) fn word(value: impl Serialize) -> String {
    let word = serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned));
    word.unwrap_or_default()
}
