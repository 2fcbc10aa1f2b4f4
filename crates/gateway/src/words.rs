//! Enums that several routes share; an enum of one route is in that route's file.

use nosmoke_domain::words::{Standing, VoidReason};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
            VoidWord::Mistaken => Self::MISTAKEN,
            VoidWord::WrongCustomer => Self::WRONG_CUSTOMER,
            VoidWord::WrongAmount => Self::WRONG_AMOUNT,
            VoidWord::Other => Self::OTHER,
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
