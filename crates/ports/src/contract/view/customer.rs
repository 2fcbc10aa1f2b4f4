//! Customers: search results, and one customer in full.

use nosmoke_domain::ids::{AreaId, CustomerId, PenaltyId, VisitId};
use nosmoke_domain::words::{PenaltyCode, Standing};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CustomerNotice, Verdict};
use crate::contract::UtcMs;

/// A customer's name for the screen. `name` is null for a walk-in customer who hasn't been named yet; `tag` (four
/// hexadecimal digits of the id) then tells two of them apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct CustomerName {
    pub customer_id: CustomerId,
    pub name: Option<String>,
    pub tag: String,
    /// This terminal has facts of the customer but can't show the profile: the profile hasn't arrived yet, or it was
    /// encrypted with another facility key.
    pub unknown_here: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct CustomerHit {
    pub customer: CustomerName,
    pub phone: Option<String>,
    pub card: Option<String>,
    pub standing: Standing,
    pub outstanding: i64,
    pub inside: Option<Inside>,
    pub last_visit_at: Option<UtcMs>,
    pub registered_at: UtcMs,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct CustomerSearch {
    /// A name or part of one, initial consonants (초성), phone digits or a card number, or several of these; if empty,
    /// all customers are listed, last seen first.
    pub text: String,
    pub limit: u32,
    #[ts(optional)]
    pub cursor: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct CustomerPage {
    /// If the text is a card's number, first its holder, then the customers whose phone number ends with it.
    pub hits: Vec<CustomerHit>,
    /// Whether the search text was the card number of one customer.
    pub by_card: bool,
    /// The customers whose cards differ from the text only by leading zeros; only if nobody has the card itself.
    pub similar: Vec<CustomerHit>,
    pub next: Option<String>,
}

/// Another id of the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct LinkedCustomer {
    pub customer: CustomerName,
    pub phone: Option<String>,
    pub balance: i64,
    pub outstanding: i64,
    /// Whether the two ids are linked with each other, so that they can be parted; else only through a third one.
    pub direct: bool,
}

/// The details of a customer who isn't registered yet, to ask who of the registered ones that may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct AlikeInput {
    pub name: String,
    pub phone: String,
    /// A walk-in customer who is being named.
    #[ts(optional)]
    pub except: Option<CustomerId>,
}

/// Customers with a certain phone, first those who also have the same name, then the last seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct AlikePage {
    pub alike: Vec<AlikeCustomer>,
    /// Whether there are more.
    pub more: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct AlikeCustomer {
    pub hit: CustomerHit,
    /// Whether the name is the same too: then it is probably the same person, else perhaps the same family.
    pub same_name: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Inside {
    pub visit_id: VisitId,
    pub area_id: AreaId,
    pub since: UtcMs,
    /// Whether the visit is longer than the time after which the rules count it as forgotten.
    pub forgotten: bool,
}

/// One customer, for the desk and the head of Mypage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct CustomerCard {
    pub customer: CustomerName,
    pub phone: Option<String>,
    pub card: Option<String>,
    pub registered_at: UtcMs,
    /// The day in Seoul on which the person consented to the facility's notice; absent if it isn't known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub consent_on: Option<String>,
    pub revision: i64,
    pub erased: bool,
    pub verdict: Verdict,
    pub points: PointsView,
    pub inside: Option<Inside>,
    /// The number of visits this month; null while Mypage's database is unavailable.
    pub visits_this_month: Option<u32>,
    pub last_visit: Option<LastVisit>,
    /// Penalties with points outstanding, newest first.
    pub penalties: Vec<OpenPenalty>,
    /// What to tell the customer before time changes it: the end of a ban first, then points by their last day.
    pub notices: Vec<CustomerNotice>,
    /// Whether some of this customer's facts can be read only by a newer version of the program.
    pub needs_update: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PointsView {
    pub balance: i64,
    pub payable_here: i64,
    pub holders: Vec<HolderView>,
}

/// Points that another terminal holds, or an earlier incarnation of any terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct HolderView {
    pub terminal_name: Option<String>,
    pub points: i64,
    /// When the incarnation's last heartbeat was stored, by the cluster's clock; null if none ever arrived.
    pub last_heard_at: Option<UtcMs>,
    /// Whether the terminal said that it answers requests for points: not while its context point is stopped.
    pub gives: bool,
    /// Whether an earlier incarnation of its terminal holds the points: nobody gives them, so a manager has to take them
    /// over.
    pub earlier: bool,
    /// Whether the terminal is this one; then `earlier` is true too.
    pub here: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct LastVisit {
    pub at: UtcMs,
    pub area_id: AreaId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct OpenPenalty {
    pub penalty_id: PenaltyId,
    pub at: UtcMs,
    pub code: Option<PenaltyCode>,
    pub points: u64,
    pub outstanding: u64,
    /// Points that an education would deduct; null if this penalty has already had one.
    pub education_points: Option<u64>,
    pub area_id: Option<AreaId>,
}
