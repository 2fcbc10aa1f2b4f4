//! Reads a file as a table of text: what kind of file it is, its encoding, delimiter or sheet.

mod encoding;
mod kind;
mod lines;
mod quotes;
mod sheet;
mod text;
mod xls_bounds;

use nosmoke_ports::contract::{AppError, ImportChoices, ListFormat};

use self::kind::Kind;
use super::table::{MAX_BYTES, Table, expect_at_most};

/// Reads the rows of a file that have any text.
///
/// # Errors
/// `file_too_large`, `not_a_list`, `unknown_encoding`, `quote_left_open`, `workbook_unreadable`, `invalid_input`.
pub fn read_table(bytes: &[u8], choices: &ImportChoices) -> Result<Table, AppError> {
    expect_at_most(bytes.len(), MAX_BYTES, "bytes")?;
    match kind::kind(bytes)? {
        Kind::Text => text::read(bytes, choices),
        Kind::Xlsx => sheet::read(bytes, ListFormat::Xlsx, choices.sheet.as_deref()),
        Kind::Xls => sheet::read(bytes, ListFormat::Xls, choices.sheet.as_deref()),
    }
}
