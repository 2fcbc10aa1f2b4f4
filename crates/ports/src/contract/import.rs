//! The import of other people's lists: how a file is read, what its columns become, and what is done with each line.

use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::words::PenaltyCode;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::{AppError, UtcMs};

/// What a file contains, whatever its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum ListFormat {
    /// Text whose cells are separated by commas, semicolons, tabs or bars.
    Csv,
    Xlsx,
    Xls,
}

/// The character encoding of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
pub enum ListEncoding {
    #[serde(rename = "UTF-8")]
    Utf8,
    /// Windows-949, which Korean Excel uses for CSV.
    #[serde(rename = "CP949")]
    Cp949,
    #[serde(rename = "UTF-16LE")]
    Utf16Le,
    #[serde(rename = "UTF-16BE")]
    Utf16Be,
}

/// What a column of a list becomes. Several columns may become the same: of a line the first one that isn't empty is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum ColumnUse {
    /// The whole name.
    Name,
    /// Joined with the given name.
    Surname,
    GivenName,
    Phone,
    Card,
    /// The customer's opening balance, in points.
    Points,
    /// The customer's penalty points from before.
    PenaltyPoints,
    /// The column isn't read.
    Nothing,
}

/// By what a line and a customer are known to be the same person. The same name with the same card always is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum DuplicateBy {
    /// The same name and phone, so that a family may share a phone.
    #[default]
    NameAndPhone,
    /// The same phone, whatever the name.
    Phone,
}

/// What is done with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum LineAction {
    /// Nothing.
    #[default]
    Skip,
    /// The customer who is here already gets the line's name, and its phone and card if it has them. The line's points are
    /// added to the customer's own, unless the customer got an opening balance before.
    Update,
    /// A customer is registered.
    Add,
}

/// The decision about one line of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineChoice {
    pub line: u32,
    pub action: LineAction,
}

/// How a list is read and imported. What is left out, the program finds out by itself. `{}` is the default of each field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ImportChoices {
    /// Only for text files.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<ListEncoding>,
    /// One of `,` `;` `|` and the tab; only for text files.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// Only for workbooks.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The line that names the columns; 0 if no line does, so that the first line is a customer.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_line: Option<u32>,
    /// What each column becomes, from the first one on; those after the last one listed aren't read.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<ColumnUse>>,
    /// Whether phone numbers get back the zero that a spreadsheet program took; true if left out.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_zeros: Option<bool>,
    /// Card numbers of digits get zeros in front up to this length; left out, they stay as they are.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_digits: Option<u32>,
    /// `nameAndPhone` if left out.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicates_by: Option<DuplicateBy>,
    /// What is done with the line of a customer who is here already; `skip` if left out.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicates: Option<LineAction>,
    /// The code with which penalty points are recorded, whose own points don't matter; the first code of the rules if left
    /// out.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub penalty_code: Option<PenaltyCode>,
    /// Decisions about single lines. They apply to duplicates and to lines that look like no customer (`not_a_customer`).
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<LineChoice>>,
}

/// Another reading of the file of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviseImport {
    pub preview_id: Uuid,
    pub choices: ImportChoices,
}

/// One column of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ImportColumn {
    /// The column's name as it stands in the list; empty if it has none.
    pub header: String,
    /// `nothing` if the column isn't read: the screen says so.
    pub becomes: ColumnUse,
    /// What the column's name would let it become; `nothing` if the name is unknown. Differs from `becomes` if another column
    /// is the better one, or if somebody chose.
    pub suggested: ColumnUse,
    /// The first three texts of the column that aren't empty.
    pub samples: Vec<String>,
}

/// What an import does or did, in lines, and the sums of its opening balances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ImportCounts {
    pub added: u32,
    pub updated: u32,
    /// Duplicates that were left as they are, and lines that somebody chose to skip.
    pub skipped: u32,
    /// Lines with a problem.
    pub bad: u32,
    /// The points of all opening balances.
    #[serde(default)]
    #[ts(type = "number")]
    pub points: u64,
    /// The penalty points of all opening balances.
    #[serde(default)]
    #[ts(type = "number")]
    pub penalty_points: u64,
}

/// A parsed customer file, before anything is recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// Identifies this preview when it is revised or the import is started. Only the latest preview can be.
    pub preview_id: Uuid,
    pub file_name: String,
    pub format: ListFormat,
    /// The encoding with which the file was read; null for a workbook.
    pub encoding: Option<ListEncoding>,
    /// The delimiter with which the file was read; null for a workbook.
    pub delimiter: Option<String>,
    /// The names of a workbook's sheets; empty for a text file.
    pub sheets: Vec<String>,
    /// The sheet that was read.
    pub sheet: Option<String>,
    /// The line that names the columns; null if there is none.
    pub header_line: Option<u32>,
    /// The lines above the header, which aren't read: titles and notes.
    pub titles: Vec<String>,
    pub columns: Vec<ImportColumn>,
    /// How many phone numbers lack their first zero; they have it in `rows` unless `phoneZeros` is false.
    pub phone_zeros_lost: u32,
    /// To how many digits card numbers seem to have been written before a spreadsheet program took their zeros, to be
    /// offered as `cardDigits`; null if none were.
    pub card_digits_lost: Option<u32>,
    /// Why nothing can be imported as the list is read now: `missing_column` until a column becomes the name.
    pub problem: Option<AppError>,
    /// When the same file was imported before, unless that was taken back.
    pub imported_before: Option<UtcMs>,
    /// The code with which penalty points will be recorded; null if the rules have none.
    pub penalty_code: Option<PenaltyCode>,
    /// The choices with which the list was read.
    pub choices: ImportChoices,
    pub counts: ImportCounts,
    /// Lines that will be added or updated.
    pub good: u32,
    /// Lines with a problem.
    pub bad: u32,
    /// All invalid rows, then duplicates, then the first valid ones, 200 at most, in the file's order.
    pub rows: Vec<ImportRow>,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ImportRow {
    /// The line of the file at which the row starts, from 1; in a workbook the row's number.
    pub line: u32,
    pub name: String,
    pub phone: Option<String>,
    pub card: Option<String>,
    /// The points that will be recorded; null if none.
    pub points: Option<u32>,
    /// The penalty points that will be recorded; null if none.
    pub penalty_points: Option<u32>,
    /// Whether the list has points or penalty points that won't be recorded, because the customer got an opening balance
    /// before.
    pub has_opening: bool,
    /// Why this row will be left out.
    pub problem: Option<AppError>,
    pub action: LineAction,
    /// Whom the row is a duplicate of.
    pub duplicate_of: Option<DuplicateOf>,
    /// The phone number as the list has it, if a zero was put back.
    pub phone_given: Option<String>,
    /// The card number as the list has it, if zeros were put back.
    pub card_given: Option<String>,
}

/// A customer, or an earlier line of the same list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct DuplicateOf {
    /// Null if it is an earlier line.
    pub customer_id: Option<CustomerId>,
    pub line: Option<u32>,
    pub name: String,
}

/// An import that was run at this terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    pub import_id: Uuid,
    pub file_name: String,
    pub at: UtcMs,
    /// What was done, also if the import broke off.
    pub counts: ImportCounts,
    /// Whether all lines were handled.
    pub complete: bool,
    /// When the last of the customers that it added was erased again; null if they weren't.
    pub taken_back_at: Option<UtcMs>,
    /// How many of them were erased, also if taking the import back broke off.
    pub erased: u32,
}
