//! What is understood of a list.

use nosmoke_domain::words::PenaltyCode;
use nosmoke_ports::contract::{
    AppError, DuplicateOf, ImportChoices, ImportColumn, LineAction, ListEncoding, ListFormat, ProfileInput,
};

use super::opening::Opening;

/// A list understood as customers.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerFile {
    /// For the record of the import; empty if nobody has set it.
    pub file_name: String,
    /// Tells the same file again.
    pub hash: String,
    pub format: ListFormat,
    pub encoding: Option<ListEncoding>,
    pub delimiter: Option<char>,
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    pub header_line: Option<u32>,
    /// The cells of the header; empty if there is none.
    pub header: Vec<String>,
    pub titles: Vec<String>,
    pub columns: Vec<ImportColumn>,
    pub phone_zeros_lost: u32,
    pub card_digits_lost: Option<u32>,
    /// Why nothing can be imported.
    pub problem: Option<AppError>,
    pub choices: ImportChoices,
    /// The code of the opening penalties: known once the list was compared with what is here.
    pub penalty_code: Option<PenaltyCode>,
    /// In the file's order.
    pub rows: Vec<CustomerRow>,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerRow {
    /// The line of the file at which the row starts, or the row of the sheet, from 1.
    pub line: u32,
    /// The row as it stands in the list.
    pub cells: Vec<String>,
    pub profile: ProfileInput,
    pub opening: Opening,
    /// Whether the list has an opening balance that isn't recorded, because the customer got one before.
    pub has_opening: bool,
    /// Why the row is left out.
    pub problem: Option<AppError>,
    pub action: LineAction,
    pub duplicate_of: Option<DuplicateOf>,
    pub phone_given: Option<String>,
    pub card_given: Option<String>,
}
