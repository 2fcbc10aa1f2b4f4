//! Reads the rows of a text file.

use nosmoke_ports::contract::{AppError, ErrorCode, ImportChoices, ListFormat};
use serde_json::json;

use super::super::names::{HEADER_ROWS, header_score};
use super::super::table::{MAX_COLUMNS, MAX_LINES, Table, TableRow, expect_at_most};
use super::encoding::{Decoded, decode};
use super::kind::expect_list;
use super::lines::Lines;
use super::quotes::left_open;

const DELIMITERS: [u8; 4] = *b",;\t|";

/// Reads the rows of a text file that have any text.
///
/// # Errors
/// `unknown_encoding`, `not_a_list`, `quote_left_open`, `file_too_large`; `invalid_input` for a delimiter that isn't one.
pub(super) fn read(bytes: &[u8], choices: &ImportChoices) -> Result<Table, AppError> {
    let Decoded { text, encoding, is_damaged } = decode(bytes, choices.encoding)?;
    expect_list(&text)?;
    let (body_at, told) = after_separator_line(&text);
    let body = text.get(body_at..).unwrap_or_default();
    let delimiter = match &choices.delimiter {
        Some(chosen) => chosen_delimiter(chosen)?,
        None => told.unwrap_or_else(|| best_delimiter(body)),
    };
    let mut lines = Lines::new(&text);
    if let Some(at) = left_open(body, delimiter) {
        let line = lines.of_row_after(body_at + at);
        return Err(AppError::with(ErrorCode::QuoteLeftOpen, json!({ "line": line })));
    }
    let mut rows = Vec::new();
    let mut reader = reader(body, delimiter);
    let mut record = csv::StringRecord::new();
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(body.len());
        let more = reader
            .read_record(&mut record)
            .map_err(|error| AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() })))?;
        if !more {
            break;
        }
        let mut row = TableRow { cells: record.iter().map(str::to_owned).collect(), ..TableRow::default() };
        if row.is_blank() {
            continue;
        }
        while row.cells.last().is_some_and(String::is_empty) {
            row.cells.pop();
        }
        expect_at_most(rows.len() + 1, MAX_LINES + HEADER_ROWS, "lines")?;
        expect_at_most(row.cells.len(), MAX_COLUMNS, "columns")?;
        row.line = lines.of_row_after(body_at + start);
        row.damaged = is_damaged && record.iter().any(|cell| cell.contains(char::REPLACEMENT_CHARACTER));
        rows.push(row);
    }
    let (sheets, sheet) = (Vec::new(), None);
    let delimiter = Some(char::from(delimiter));
    Ok(Table { format: ListFormat::Csv, encoding: Some(encoding), delimiter, sheets, sheet, rows })
}

/// Reads the line `sep=;`, which names the delimiter for Excel. Returns where the text after it begins.
fn after_separator_line(text: &str) -> (usize, Option<u8>) {
    let line = text.split(['\r', '\n']).next().unwrap_or_default();
    let bare = line.trim_matches('"');
    let told = match bare.get(..4) {
        Some(word) if word.eq_ignore_ascii_case("sep=") => bare.as_bytes().get(4),
        _ => None,
    };
    // A spreadsheet program that saved the file again filled the line up with delimiters.
    let is_alone = |delimiter: &u8| bare.bytes().skip(4).all(|byte| byte == *delimiter || byte == b'"');
    match told.filter(|delimiter| delimiter.is_ascii_punctuation() || **delimiter == b'\t').filter(|it| is_alone(it)) {
        Some(delimiter) => (line.len(), Some(*delimiter)),
        None => (0, None),
    }
}

fn chosen_delimiter(chosen: &str) -> Result<u8, AppError> {
    let known = DELIMITERS.into_iter().find(|delimiter| chosen.as_bytes() == [*delimiter]);
    known.ok_or_else(|| AppError::with(ErrorCode::InvalidInput, json!({ "detail": "delimiter" })))
}

/// Returns the delimiter with which a row looks most like a header, else the one that makes the most cells.
fn best_delimiter(text: &str) -> u8 {
    let with = |delimiter: &u8| {
        let mut reader = reader(text, *delimiter);
        let rows: Vec<_> = reader.records().take(HEADER_ROWS).filter_map(Result::ok).collect();
        let header = rows.iter().map(|row| header_score(row.iter())).max();
        (header, rows.iter().map(|row| row.len().saturating_sub(1)).sum::<usize>())
    };
    // `max_by_key` returns the last maximum. The list is reversed so that, of equal delimiters, the first one wins.
    DELIMITERS.into_iter().rev().max_by_key(with).unwrap_or(b',')
}

/// Reads rows that may have fewer or more cells than the header.
fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes())
}
