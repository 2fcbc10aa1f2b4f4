//! Parses a CSV file of customers; records nothing.
//!
//! A file is UTF-8 or CP949, its cells are separated by commas, semicolons or tabs, and its first row names the
//! columns. Only the name is required; columns other than name, phone and card are ignored. Text is kept exactly as
//! given, except for the apostrophe that an export puts before a dangerous cell.

mod encoding;
mod header;
mod lines;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

pub use encoding::Encoding;
use nosmoke_ports::contract::{AppError, ErrorCode, ProfileInput};
use nosmoke_ports::limits::check_profile;
use nosmoke_ports::search_keys::card_form;
use serde_json::json;

use self::header::{Field, Header};
use self::lines::Lines;
use super::cell::unguard;

/// Upper bound for the size of a file in bytes.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// Upper bound for the customers in one file.
pub const MAX_LINES: usize = 100_000;

/// A parsed file of customers.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerFile {
    pub encoding: Encoding,
    /// In the file's order.
    pub rows: Vec<CustomerRow>,
}

/// One customer of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerRow {
    /// The line of the file at which the row starts, from 1.
    pub line: u32,
    pub profile: ProfileInput,
    /// Why the customer can't be registered: `empty`, `too_long` or `invalid_text` as for any profile, or `card_taken`
    /// (params `name`, `line`) if an earlier row of this file has the same card.
    pub problem: Option<AppError>,
}

/// Reads a file's bytes, at most [`MAX_BYTES`].
///
/// # Errors
/// `file_unreadable`, `file_too_large`.
pub fn read_limited(path: &Path) -> Result<Vec<u8>, AppError> {
    let unreadable = |error: io::Error| {
        AppError::with(
            ErrorCode::FileUnreadable,
            json!({ "path": path.to_string_lossy(), "detail": error.to_string() }),
        )
    };
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // Reads one byte more than the limit, to tell a file of exactly this size from a larger one.
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    expect_at_most(bytes.len(), MAX_BYTES, "bytes")?;
    Ok(bytes)
}

/// Parses the customers of a file.
///
/// # Errors
/// `file_too_large`, `unknown_encoding`, `missing_column`.
pub fn read_customers(bytes: &[u8]) -> Result<CustomerFile, AppError> {
    expect_at_most(bytes.len(), MAX_BYTES, "bytes")?;
    let (text, encoding) = encoding::decode(bytes)?;
    let header = Header::read(&text)?;
    let mut reader = header::reader(&text, header.delimiter);
    let mut lines = Lines::new(&text);
    let mut rows = Vec::new();
    let mut cards = BTreeMap::new();
    let mut cells = csv::StringRecord::new();
    let mut is_header = true;
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let more = reader
            .read_record(&mut cells)
            .map_err(|error| AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() })))?;
        if !more {
            return Ok(CustomerFile { encoding, rows });
        }
        if std::mem::take(&mut is_header) || cells.iter().all(str::is_empty) {
            continue;
        }
        expect_at_most(rows.len() + 1, MAX_LINES, "lines")?;
        let line = lines.of_row_after(start);
        let profile = profile(&header, &cells);
        let problem = check_profile(&profile).and_then(|()| claim_card(&profile, line, &mut cards)).err();
        rows.push(CustomerRow { line, profile, problem });
    }
}

/// Returns `file_too_large` if there are more than `max` lines or bytes; `unit` says which.
fn expect_at_most(count: usize, max: usize, unit: &str) -> Result<(), AppError> {
    let too_large = || AppError::with(ErrorCode::FileTooLarge, json!({ "max": max, "reason": unit }));
    if count > max { Err(too_large()) } else { Ok(()) }
}

fn profile(header: &Header, cells: &csv::StringRecord) -> ProfileInput {
    let cell = |field| header.column(field).and_then(|column| cells.get(column)).map(unguard).unwrap_or_default();
    let given = |field| Some(cell(field)).filter(|text| !text.is_empty()).map(str::to_owned);
    ProfileInput { name: cell(Field::Name).to_owned(), phone: given(Field::Phone), card: given(Field::Card) }
}

/// Checks that no earlier row has the same card, and remembers the card.
fn claim_card(profile: &ProfileInput, line: u32, cards: &mut BTreeMap<String, (u32, String)>) -> Result<(), AppError> {
    let form = card_form(profile.card.as_deref().unwrap_or_default());
    if form.is_empty() {
        return Ok(());
    }
    if let Some((line, name)) = cards.get(&form) {
        return Err(AppError::with(ErrorCode::CardTaken, json!({ "name": name, "line": line })));
    }
    cards.insert(form, (line, profile.name.clone()));
    Ok(())
}

#[cfg(test)]
mod tests;
