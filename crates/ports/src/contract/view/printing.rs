//! Slips for customers, and this terminal's receipt printer.

use nosmoke_domain::ids::{CustomerId, PaymentId, PenaltyId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::RecentEntry;

/// Where the printer is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum PrinterPlace {
    #[default]
    None,
    Network {
        /// A name or an IP address, with a port where it isn't 9100.
        address: String,
    },
    Usb {
        /// The device file, such as `/dev/usb/lp0`.
        path: String,
    },
}

/// The width of the paper roll.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum Roll {
    Mm58,
    #[default]
    Mm80,
}

/// How Korean reaches the paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum HangulPrint {
    /// Drawn by the program: every printer can do it.
    #[default]
    Picture,
    /// As text in CP949, for printers with a Korean font.
    Cp949,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrinterSetting {
    pub place: PrinterPlace,
    pub roll: Roll,
    pub hangul: HangulPrint,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PrinterView {
    pub setting: PrinterSetting,
    /// The slips that aren't on paper yet, in the order in which they were printed.
    pub waiting: Vec<WaitingSlip>,
}

/// A slip that isn't on paper yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct WaitingSlip {
    pub id: u64,
    pub kind: SlipKind,
    /// The customer, masked. Null on a card, which names the customer in full, and on a test print.
    pub whose: Option<String>,
    /// When it was handed over to the printer (ms).
    pub at: i64,
    /// Whether it is being printed now; then it can't be discarded.
    pub sending: bool,
    /// Why it failed; null while it waits or is being printed. A failed slip is sent again only when somebody asks for it.
    pub fault: Option<PrintFault>,
    /// Whether a part of a failed slip may be on paper.
    pub partly: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum SlipKind {
    Receipt,
    Penalty,
    Card,
    Balance,
    Test,
}

/// Why a slip didn't come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum PrintFault {
    UnknownHost,
    Unreachable,
    /// Something at the address refuses the connection, for as long as it was tried: another desk is printing, or the port is
    /// wrong.
    Refused,
    /// The printer answered so.
    NoPaper,
    CoverOpen,
    /// Connected, but it takes no data: no paper, or an open cover.
    NotTaking,
    /// The connection ended on the way.
    CutOff,
    /// It took the whole slip, and then no longer answered how it is.
    Unconfirmed,
    NoDevice,
    NoPermission,
    Busy,
    /// USB printers work on Linux only.
    Unsupported,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum SlipInput {
    Receipt { payment_id: PaymentId },
    Penalty { penalty_id: PenaltyId },
    Card { customer_id: CustomerId },
    Balance { customer_id: CustomerId },
    Test,
}

impl SlipInput {
    /// The payment or penalty of which it is the slip. The other slips are about the moment at which they are printed.
    pub fn entry(self) -> Option<Uuid> {
        match self {
            Self::Receipt { payment_id } => Some(payment_id.0),
            Self::Penalty { penalty_id } => Some(penalty_id.0),
            Self::Card { .. } | Self::Balance { .. } | Self::Test => None,
        }
    }
}

/// The payments and penalties to list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SlipEntriesInput {
    /// Only those of this customer.
    #[ts(optional)]
    pub customer_id: Option<CustomerId>,
    /// The `next` of the page before.
    #[ts(optional)]
    pub cursor: Option<String>,
    /// 1 to 200.
    pub limit: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct SlipEntriesPage {
    /// The newest first, by when they happened.
    pub entries: Vec<RecentEntry>,
    /// The cursor of the next page; null on the last page. A page may be short and still have a next one.
    pub next: Option<String>,
}

/// A slip that the page shows, to be printed by the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrintPageInput {
    /// What the page shows, for the access log and for the next print of it.
    pub slip: SlipInput,
    pub page: PageSize,
}

/// A slip for the system's printers: the screens draw its blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct SlipView {
    pub kind: SlipKind,
    pub roll: Roll,
    pub blocks: Vec<SlipBlock>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SlipBlock {
    Text {
        text: String,
        align: SlipAlign,
        bold: bool,
        large: bool,
    },
    /// A label at the left edge, and its value at the right one.
    Pair {
        label: String,
        value: String,
        bold: bool,
    },
    Rule,
    Gap,
    /// The modules of a code, row by row without the quiet zone: `1` is black. A bar code has one row.
    Code {
        bars: bool,
        rows: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum SlipAlign {
    Left,
    Center,
    Right,
}

/// A page for the system's printers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PageSize {
    /// 40 to 300.
    pub width_mm: u32,
    /// 40 to 2,000.
    pub height_mm: u32,
}
