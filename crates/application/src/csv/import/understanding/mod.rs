//! Understands a table as customers: its header, what each column becomes, and what is wrong with each line.

mod columns;
mod customers;
mod digits;
mod opening;
mod repeats;
mod rows;
mod strangers;
mod tidy;

pub use customers::{CustomerFile, CustomerRow};
use nosmoke_ports::contract::{AppError, ColumnUse, ErrorCode, ImportChoices, ImportColumn};
pub use opening::Opening;
use serde_json::json;
pub(in crate::csv) use tidy::tidy;

use self::columns::shown;
use self::rows::Reading;
use super::super::cell::are_guarded;
use super::names::key;
use super::table::{MAX_LINES, Table, TableRow, expect_at_most};

/// The names of columns that only an export of this program has, in either language.
const OURS: [[&str; 3]; 2] = [["이름", "등록일", "고객 ID"], ["name", "registered", "customer_id"]];
/// The largest number of lines above the header that are shown.
const TITLES_SHOWN: usize = 10;

/// Understands a table. The rows that repeat others of the list are known afterwards, not those whose customers are here
/// already.
///
/// # Errors
/// `file_too_large`; `invalid_input` for a header line that isn't in the list.
pub fn understand(table: Table, choices: ImportChoices) -> Result<CustomerFile, AppError> {
    let Table { format, encoding, delimiter, sheets, sheet, mut rows } = table;
    let at = columns::header_row(&rows, &choices)?;
    let mut body = rows.split_off(at.map_or(0, |at| at + 1));
    let mut header = at.and(rows.pop());
    if choices.header_line.is_none() && header.as_ref().is_some_and(|row| columns::goes_on(row, body.first())) {
        header = header.map(|row| columns::joined(row, body.remove(0)));
    }
    expect_at_most(body.len(), MAX_LINES, "lines")?;
    let columns = columns::columns(header.as_ref(), &body, &choices);
    let named = |it: &ImportColumn| matches!(it.becomes, ColumnUse::Name | ColumnUse::Surname | ColumnUse::GivenName);
    let problem =
        (!columns.iter().any(named)).then(|| AppError::with(ErrorCode::MissingColumn, json!({ "column": "name" })));
    let is_ours = header.as_ref().is_some_and(is_ours);
    // Our workbooks need no apostrophe before what a program would run, but one made of our CSV file has it.
    let cells = || body.iter().flat_map(|row| row.cells.iter().map(String::as_str));
    let is_guarded = is_ours && (delimiter.is_some() || are_guarded(cells()));
    let reading = Reading::new(&columns, header.as_ref(), (is_ours, is_guarded), delimiter, &choices);
    let understood = if problem.is_none() { reading.read(body) } else { rows::Understood::default() };
    Ok(CustomerFile {
        file_name: String::new(),
        hash: String::new(),
        format,
        encoding,
        delimiter,
        sheets,
        sheet,
        header_line: header.as_ref().map(|row| row.line),
        titles: rows.iter().take(TITLES_SHOWN).map(|row| shown(&row.cells.join(" "))).collect(),
        header: header.map(|row| row.cells).unwrap_or_default(),
        columns,
        phone_zeros_lost: understood.phone_zeros_lost,
        card_digits_lost: understood.card_digits_lost,
        problem,
        choices,
        penalty_code: None,
        rows: understood.rows,
    })
}

/// Whether a header is that of a customers export of this program, which is read exactly as it was written.
fn is_ours(header: &TableRow) -> bool {
    let has = |name: &&str| header.cells.iter().any(|cell| key(cell) == key(name));
    OURS.iter().any(|names| names.iter().all(has))
}
