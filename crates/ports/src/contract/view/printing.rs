//! Slips for customers, and this terminal's receipt printer.

use nosmoke_domain::ids::{CustomerId, PaymentId, PenaltyId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// The printer answered so.
    NoPaper,
    CoverOpen,
    /// Connected, but it takes no data: no paper, or an open cover.
    NotTaking,
    /// The connection ended on the way: a part may be on paper.
    CutOff,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrintInput {
    pub slip: SlipInput,
    /// Whether the slip says that it was printed before.
    pub reprint: bool,
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
