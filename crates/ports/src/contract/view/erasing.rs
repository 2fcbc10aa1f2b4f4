//! Erasing and keeping personal data.

use nosmoke_domain::ids::CustomerId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CustomerHit, CustomerName};
use crate::contract::UtcMs;

/// What the command `eraseCustomer` would erase, and what stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ErasurePreview {
    /// All ids of the person, first the one that was asked for. Those that a link names are erased with it.
    pub ids: Vec<ErasedId>,
    /// How many notes about the person are erased.
    pub notes: u32,
    /// Whether the person is prohibited now. Nobody can be recognised by an erased id, so the ban goes with the name.
    pub prohibited: bool,
    /// The points that the person gives up.
    pub balance: i64,
    pub stays: Vec<StaysLine>,
}

/// One id of a person who is to be erased.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ErasedId {
    pub customer: CustomerName,
    pub phone: Option<String>,
    pub card: Option<String>,
    pub registered_at: Option<UtcMs>,
    pub last_visit_at: Option<UtcMs>,
    /// Whether the person is inside under this id; the check-out is still possible afterwards.
    pub inside: bool,
    pub erased: bool,
}

/// Facts that stay without a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct StaysLine {
    pub what: Stays,
    pub count: u32,
    pub why: StaysWhy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum Stays {
    Visits,
    Payments,
    Adjustments,
    Penalties,
    /// Rows of the access log, which has only the random id.
    AccessRows,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum StaysWhy {
    /// The facility's counts of visits per area and day stay right.
    Counts,
    /// The sums of points given and paid stay right.
    Sums,
    /// What staff have decided stays accountable.
    Accountability,
}

/// Registered customers who weren't seen for the years that the facility chose, the longest unseen first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct UnseenPage {
    pub customers: Vec<CustomerHit>,
    pub next: Option<String>,
    /// Null while the setting is off; then nobody is listed.
    pub unseen_years: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnseenInput {
    /// The `next` of the previous page.
    #[ts(optional)]
    pub cursor: Option<String>,
    /// 1 to 200.
    pub limit: u32,
}

/// How long the facility keeps the data of customers who don't come any more, and the notice about their data. All
/// terminals of the facility share it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Keeping {
    /// Customers not seen for this number of years are listed for erasure, 1 to 30; null switches the list off. The screen proposes 3.
    pub unseen_years: Option<u32>,
    /// The text of the notice that customers consent to, up to 4,000 characters; empty if there is none.
    pub notice: String,
}

/// The customer whose erasure is previewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErasureInput {
    pub customer_id: CustomerId,
}
