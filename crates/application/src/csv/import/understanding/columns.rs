//! What each column of a list becomes.

use nosmoke_ports::contract::{AppError, ColumnUse, ErrorCode, ImportChoices, ImportColumn};
use serde_json::json;

use super::super::names::{HEADER_ROWS, header_score, known};
use super::super::table::TableRow;
use super::tidy::tidy;

const SAMPLES: usize = 3;
/// How much of a text the samples and titles show, in characters.
const SHOWN: usize = 60;
/// How much of a cell is read for it, in bytes.
const READ_FOR_SHOWN: usize = 1024;

/// Returns the index of the row that names the columns; `None` if no row does.
///
/// # Errors
/// `invalid_input` if the chosen line isn't in the list.
pub(super) fn header_row(rows: &[TableRow], choices: &ImportChoices) -> Result<Option<usize>, AppError> {
    match choices.header_line {
        Some(0) => return Ok(None),
        Some(line) => {
            let found = rows.iter().position(|row| row.line == line);
            return found
                .map(Some)
                .ok_or_else(|| AppError::with(ErrorCode::InvalidInput, json!({ "detail": "headerLine" })));
        }
        None => {}
    }
    let top = || rows.iter().take(HEADER_ROWS).enumerate().rev();
    let score = |row: &TableRow| header_score(row.cells.iter().map(String::as_str));
    // `max_by_key` returns the last maximum, so of equal rows the first one.
    let best = top().max_by_key(|(_, row)| score(row)).filter(|(_, row)| score(row).1 > 0);
    let widest = || top().max_by_key(|(_, row)| row.cells.iter().filter(|cell| !cell.is_empty()).count());
    Ok(best.or_else(widest).map(|(at, _)| at))
}

/// Whether a header goes on in the next row, as where `연락처` spans `휴대폰` and `집전화`: that row names columns only where the
/// header spans several, and nothing where it names one.
pub(super) fn goes_on(header: &TableRow, next: Option<&TableRow>) -> bool {
    let Some(next) = next.filter(|next| next.line == header.line.saturating_add(1)) else { return false };
    let given = || next.cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty());
    let width = header.cells.len().max(next.cells.len());
    let is_blank = |at: usize| at < width && header.cell(at).trim().is_empty();
    let is_below_span = |at: usize| is_blank(at) || is_blank(at + 1);
    let names_somebody = header_score(next.cells.iter().map(String::as_str)).0;
    let is_named = given().any(|(_, cell)| known(cell).is_some());
    !names_somebody
        && is_named
        && given().all(|(at, cell)| is_below_span(at) && !cell.chars().any(|c| c.is_ascii_digit()))
}

/// Joins the two rows of a header; the lower one is the more exact.
pub(super) fn joined(header: TableRow, below: TableRow) -> TableRow {
    let width = header.cells.len().max(below.cells.len());
    let cell = |at: usize| {
        let lower = below.cell(at);
        if lower.trim().is_empty() { header.cell(at) } else { lower }.to_owned()
    };
    TableRow { cells: (0..width).map(cell).collect(), ..header }
}

/// Returns the columns with what they become.
pub(super) fn columns(header: Option<&TableRow>, rows: &[TableRow], choices: &ImportChoices) -> Vec<ImportColumn> {
    let width = rows.iter().chain(header).map(|row| row.cells.len()).max().unwrap_or(0);
    let titles: Vec<&str> = (0..width).map(|at| header.map_or("", |row| row.cell(at))).collect();
    let uses = match &choices.columns {
        Some(chosen) => (0..width).map(|at| chosen.get(at).copied().unwrap_or(ColumnUse::Nothing)).collect(),
        None => found_uses(&titles, rows),
    };
    let column = |(at, (title, becomes)): (usize, (&&str, ColumnUse))| ImportColumn {
        header: shown(title),
        becomes,
        suggested: known(title).map_or(ColumnUse::Nothing, |(suggested, _)| suggested),
        samples: rows.iter().map(|row| shown(row.cell(at))).filter(|text| !text.is_empty()).take(SAMPLES).collect(),
    };
    titles.iter().zip(uses).enumerate().map(column).collect()
}

/// Returns a text in one line, cut to what a screen shows.
pub(super) fn shown(text: &str) -> String {
    let start = &text[..text.floor_char_boundary(READ_FOR_SHOWN)];
    tidy(start).split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SHOWN).collect()
}

/// For each use the column with the best name is taken, of equal ones the first.
fn found_uses(titles: &[&str], rows: &[TableRow]) -> Vec<ColumnUse> {
    let found: Vec<_> = titles.iter().map(|title| known(title)).collect();
    let best = |wanted: ColumnUse| {
        let ranked =
            found.iter().enumerate().filter_map(|(at, it)| it.filter(|it| it.0 == wanted).map(|it| (it.1, at)));
        ranked.min()
    };
    let at = |wanted| best(wanted).map(|(_, at)| at);
    let mut uses = vec![ColumnUse::Nothing; titles.len()];
    let mut set = |at: Option<usize>, becomes| {
        if let Some(it) = at.and_then(|at| uses.get_mut(at)) {
            *it = becomes;
        }
    };
    let (name, surname, given) = (best(ColumnUse::Name), at(ColumnUse::Surname), at(ColumnUse::GivenName));
    match (name, surname, given) {
        // A nickname isn't the name where the list has both parts of it.
        (Some((rank, _)), Some(_), Some(_)) if rank > 1 => {
            set(surname, ColumnUse::Surname);
            set(given, ColumnUse::GivenName);
        }
        (Some((_, name)), Some(surname), None) if !repeats(rows, surname, name) => {
            set(Some(surname), ColumnUse::Surname);
            set(Some(name), ColumnUse::GivenName);
        }
        (Some((_, name)), ..) => set(Some(name), ColumnUse::Name),
        (None, Some(_), Some(_)) => {
            set(surname, ColumnUse::Surname);
            set(given, ColumnUse::GivenName);
        }
        (None, _, _) => set(given, ColumnUse::Name),
    }
    set(at(ColumnUse::Phone), ColumnUse::Phone);
    set(at(ColumnUse::Card), ColumnUse::Card);
    set(at(ColumnUse::Points), ColumnUse::Points);
    set(at(ColumnUse::PenaltyPoints), ColumnUse::PenaltyPoints);
    uses
}

/// Whether the names begin with the surnames already, as in `김,김민수`.
fn repeats(rows: &[TableRow], surname: usize, name: usize) -> bool {
    let both = rows.iter().map(|row| (tidy(row.cell(surname)), tidy(row.cell(name))));
    let mut both = both.filter(|(surname, name)| !surname.is_empty() && !name.is_empty()).peekable();
    both.peek().is_some() && both.all(|(surname, name)| name != surname && name.starts_with(&*surname))
}
