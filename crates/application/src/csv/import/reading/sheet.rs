//! Reads the rows of a workbook's sheet, with bounds: a small file may claim millions of rows, and a text that many cells
//! share is in the file only once.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, ExcelDateTime, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsx};
use nosmoke_ports::contract::{AppError, ErrorCode, ListFormat};
use serde_json::json;

use super::super::names::{HEADER_ROWS, header_score};
use super::super::table::{MAX_COLUMNS, MAX_LINES, Table, TableRow, expect_at_most};
use super::kind::{not_a_list, unreadable};
use super::xls_bounds;

/// Upper bound for the text of all cells of a sheet in bytes.
const TEXT_BYTES: usize = 64 * 1024 * 1024;
/// The largest number of sheets that are looked through for customers.
const SHEETS_TRIED: usize = 20;
/// From here on a spreadsheet program no longer holds each digit of a number.
const EXACT_UNTIL: f64 = 1e15;
/// How much of a formula without a result is shown, in characters.
const FORMULA_SHOWN: usize = 60;

/// Reads the sheet with a name, or the first visible one that looks like a list of customers.
///
/// # Errors
/// `not_a_list`, `workbook_unreadable`, `file_too_large`; `invalid_input` for a sheet that isn't there.
pub(super) fn read(bytes: &[u8], format: ListFormat, chosen: Option<&str>) -> Result<Table, AppError> {
    // The reader of foreign workbooks is large and may meet what its authors haven't.
    let read = || if format == ListFormat::Xls { xls(bytes, chosen) } else { xlsx(bytes, chosen) };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(unreadable(&"it can't be read")))
}

fn xlsx(bytes: &[u8], chosen: Option<&str>) -> Result<Table, AppError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let sheets = names(book.sheets_metadata());
    let read = |sheet: &str| {
        let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| unreadable(&error))?;
        let mut rows = Rows::default();
        while let Some(cell) = cells.next_cell().map_err(|error| unreadable(&error))? {
            rows.push(cell.get_position(), told_by_ref(cell.get_value()))?;
        }
        drop(cells);
        // A program that isn't a spreadsheet writes formulas without their results.
        let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| unreadable(&error))?;
        while let Some(formula) = cells.next_formula().map_err(|error| unreadable(&error))? {
            rows.note_formula(formula.get_position(), formula.get_value());
        }
        rows.finish()
    };
    best(ListFormat::Xlsx, sheets, chosen, read)
}

fn xls(bytes: &[u8], chosen: Option<&str>) -> Result<Table, AppError> {
    xls_bounds::expect_bounded(bytes)?;
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => not_a_list("encrypted"),
        error => unreadable(&error),
    })?;
    let sheets = names(book.sheets_metadata());
    let read = |sheet: &str| {
        let range = book.worksheet_range(sheet).map_err(|error| unreadable(&error))?;
        let (top, left) = range.start().unwrap_or_default();
        let mut rows = Rows::default();
        for (row, column, data) in range.used_cells() {
            let at = |first: u32, then: usize| first.saturating_add(u32::try_from(then).unwrap_or(u32::MAX));
            rows.push((at(top, row), at(left, column)), told(data))?;
        }
        rows.finish()
    };
    best(ListFormat::Xls, sheets, chosen, read)
}

fn names(sheets: &[Sheet]) -> Vec<String> {
    let shown = |sheet: &&Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    sheets.iter().filter(shown).map(|sheet| sheet.name.clone()).collect()
}

fn best(
    format: ListFormat,
    sheets: Vec<String>,
    chosen: Option<&str>,
    mut read: impl FnMut(&str) -> Result<Vec<TableRow>, AppError>,
) -> Result<Table, AppError> {
    let table = |sheets: Vec<String>, sheet: Option<String>, rows| {
        Ok(Table { format, encoding: None, delimiter: None, sheets, sheet, rows })
    };
    if let Some(chosen) = chosen {
        if !sheets.iter().any(|sheet| sheet == chosen) {
            return Err(AppError::with(ErrorCode::InvalidInput, json!({ "detail": "sheet" })));
        }
        let rows = read(chosen)?;
        return table(sheets, Some(chosen.to_owned()), rows);
    }
    let mut first = None;
    for sheet in sheets.iter().take(SHEETS_TRIED) {
        let rows = read(sheet)?;
        let scores = rows.iter().take(HEADER_ROWS).map(|row| header_score(row.cells.iter().map(String::as_str)));
        if scores.max().is_some_and(|(has_name, _)| has_name) {
            let sheet = sheet.clone();
            return table(sheets, Some(sheet), rows);
        }
        if !rows.is_empty() {
            first = first.or_else(|| Some((sheet.clone(), rows)));
        }
    }
    let (sheet, rows) = first.unzip();
    let sheet = sheet.or_else(|| sheets.first().cloned());
    table(sheets, sheet, rows.unwrap_or_default())
}

/// The rows read so far; empty cells have no place in a workbook.
#[derive(Debug, Default)]
struct Rows {
    rows: Vec<TableRow>,
    text_bytes: usize,
}

impl Rows {
    fn push(&mut self, (row, column): (u32, u32), (text, altered): (String, bool)) -> Result<(), AppError> {
        if text.is_empty() {
            return Ok(());
        }
        self.text_bytes += text.len();
        expect_at_most(self.text_bytes, TEXT_BYTES, "bytes")?;
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        expect_at_most(column.saturating_add(1), MAX_COLUMNS, "columns")?;
        let line = row.saturating_add(1);
        if self.rows.last().is_none_or(|last| last.line < line) {
            expect_at_most(self.rows.len() + 1, MAX_LINES + HEADER_ROWS, "lines")?;
            self.rows.push(TableRow { line, ..TableRow::default() });
        }
        let Some(last) = self.rows.last_mut().filter(|last| last.line == line) else {
            return Err(unreadable(&"its rows aren't in order"));
        };
        if last.cells.len() <= column {
            last.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = last.cells.get_mut(column) {
            *cell = text;
        }
        if altered {
            last.altered.push(column);
        }
        Ok(())
    }

    /// Marks a cell whose formula has no result; it shows the formula.
    fn note_formula(&mut self, (row, column): (u32, u32), formula: &str) {
        let line = row.saturating_add(1);
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let Ok(at) = self.rows.binary_search_by_key(&line, |row| row.line) else { return };
        let Some(row) = self.rows.get_mut(at).filter(|_| column < MAX_COLUMNS) else { return };
        if !row.cell(column).is_empty() || formula.is_empty() {
            return;
        }
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = row.cells.get_mut(column) {
            *cell = format!("={}", formula.chars().take(FORMULA_SHOWN).collect::<String>());
            row.altered.push(column);
        }
    }

    fn finish(mut self) -> Result<Vec<TableRow>, AppError> {
        self.rows.retain(|row| !row.is_blank());
        Ok(self.rows)
    }
}

/// Returns a cell's text, and whether it is no longer what was typed.
fn told_by_ref(data: &DataRef<'_>) -> (String, bool) {
    match data {
        DataRef::SharedString(text) => ((*text).to_owned(), false),
        DataRef::String(text) => (text.clone(), false),
        DataRef::Int(number) => (number.to_string(), false),
        DataRef::Float(number) => of_number(*number),
        DataRef::Bool(truth) => (truth.to_string().to_uppercase(), false),
        DataRef::DateTime(at) => (of_date(at), true),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => (text.clone(), true),
        DataRef::Error(error) => (error.to_string(), true),
        DataRef::Empty => (String::new(), false),
    }
}

fn told(data: &Data) -> (String, bool) {
    match data {
        Data::String(text) => (text.clone(), false),
        Data::Int(number) => (number.to_string(), false),
        Data::Float(number) => of_number(*number),
        Data::Bool(truth) => (truth.to_string().to_uppercase(), false),
        Data::DateTime(at) => (of_date(at), true),
        Data::DateTimeIso(text) | Data::DurationIso(text) => (text.clone(), true),
        Data::Error(error) => (error.to_string(), true),
        Data::Empty => (String::new(), false),
    }
}

fn of_number(number: f64) -> (String, bool) {
    (number.to_string(), number.abs() >= EXACT_UNTIL)
}

fn of_date(at: &ExcelDateTime) -> String {
    let (year, month, day, ..) = at.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}
