//! A list as rows of text, before anything is understood of it.

use nosmoke_ports::contract::{AppError, ErrorCode, ListEncoding, ListFormat};
use serde_json::json;

/// Upper bound for the size of a file in bytes.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// Upper bound for the rows of one file.
pub const MAX_LINES: usize = 100_000;
/// Upper bound for the columns of a file.
pub(super) const MAX_COLUMNS: usize = 512;

/// A list as it stands in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub format: ListFormat,
    pub encoding: Option<ListEncoding>,
    pub delimiter: Option<char>,
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    /// The rows that have any text, in their order.
    pub rows: Vec<TableRow>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableRow {
    /// The line of the file, or the row of the sheet, from 1.
    pub line: u32,
    pub cells: Vec<String>,
    /// Whether the row has bytes that are no letters in the file's encoding; each is a U+FFFD in its cell.
    pub damaged: bool,
    /// The cells that a spreadsheet program holds as something else than the text that was typed.
    pub altered: Vec<usize>,
}

impl TableRow {
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// Whether no cell has anything to see.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.chars().all(is_blank))
    }
}

/// Whether a character shows nothing: spaces of all kinds, and marks that programs put around copied text.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Returns `file_too_large` if there are more than `max` lines, bytes or columns; `unit` says which.
pub(super) fn expect_at_most(count: usize, max: usize, unit: &str) -> Result<(), AppError> {
    let too_large = || AppError::with(ErrorCode::FileTooLarge, json!({ "max": max, "reason": unit }));
    if count > max { Err(too_large()) } else { Ok(()) }
}
