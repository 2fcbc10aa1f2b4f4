//! Reads a file of customers. Nothing is recorded here: the result is what a preview shows.
//!
//! A file is UTF-8 or CP949, its cells are parted by commas, semicolons or tabs, and its first row names the columns.
//! Only the name's column is needed; others than name, phone and card are ignored. Text is kept exactly as given, but
//! for the apostrophe that an export puts before a dangerous cell.

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
use nosmoke_ports::search::card_form;
use serde_json::json;

use self::header::{Field, Header};
use self::lines::Lines;
use super::cell::unguard;

/// A larger file is refused.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// Customers of one file.
pub const MAX_LINES: usize = 100_000;

/// A file of customers, as read.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerFile {
    pub encoding: Encoding,
    /// In the file's order.
    pub records: Vec<CustomerRecord>,
}

/// One customer of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerRecord {
    /// Line of the file at which it starts, from 1.
    pub line: u32,
    pub profile: ProfileInput,
    /// Why it can't be registered: `empty`, `too_long`, `invalid_text` as for any profile, `card_taken` (params `name`,
    /// `line`) where an earlier customer of this file has the card.
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
    // One byte more tells a file of exactly the limit from a larger one.
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    expect_at_most(bytes.len(), MAX_BYTES)?;
    Ok(bytes)
}

/// Reads customers.
///
/// # Errors
/// `file_too_large`, `unknown_encoding`, `missing_column`.
pub fn read_customers(bytes: &[u8]) -> Result<CustomerFile, AppError> {
    expect_at_most(bytes.len(), MAX_BYTES)?;
    let (text, encoding) = encoding::decode(bytes)?;
    let header = Header::read(&text)?;
    let mut reader = header::reader(&text, header.delimiter);
    let mut lines = Lines::new(&text);
    let mut records = Vec::new();
    let mut cards = BTreeMap::new();
    let mut cells = csv::StringRecord::new();
    let mut is_header = true;
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let more = reader
            .read_record(&mut cells)
            .map_err(|error| AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() })))?;
        if !more {
            return Ok(CustomerFile { encoding, records });
        }
        if std::mem::take(&mut is_header) || cells.iter().all(str::is_empty) {
            continue;
        }
        expect_at_most(records.len() + 1, MAX_LINES)?;
        let line = lines.of_record_after(start);
        let profile = profile(&header, &cells);
        let problem = check_profile(&profile).and_then(|()| claim_card(&profile, line, &mut cards)).err();
        records.push(CustomerRecord { line, profile, problem });
    }
}

fn expect_at_most(count: usize, max: usize) -> Result<(), AppError> {
    if count > max { Err(AppError::with(ErrorCode::FileTooLarge, json!({ "max": max }))) } else { Ok(()) }
}

fn profile(header: &Header, cells: &csv::StringRecord) -> ProfileInput {
    let cell = |field| header.column(field).and_then(|column| cells.get(column)).map(unguard).unwrap_or_default();
    let given = |field| Some(cell(field)).filter(|text| !text.is_empty()).map(str::to_owned);
    ProfileInput { name: cell(Field::Name).to_owned(), phone: given(Field::Phone), card: given(Field::Card) }
}

/// Of the customers with one card, the first good one has it.
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
