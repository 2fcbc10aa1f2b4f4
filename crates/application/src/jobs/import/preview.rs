//! What a screen shows of a list before anything is recorded.

use nosmoke_ports::contract::{ImportCounts, ImportPreview, ImportRow, LineAction, UtcMs};
use uuid::Uuid;

use crate::csv::{CustomerFile, CustomerRow, Opening};

/// The largest number of rows that a preview shows.
const PREVIEW_ROWS: usize = 200;

/// Returns what an import of the list would do.
pub fn counts(file: &CustomerFile) -> ImportCounts {
    let mut counts = ImportCounts::default();
    for row in &file.rows {
        let count = match (&row.problem, row.action) {
            (Some(_), _) => &mut counts.bad,
            (None, LineAction::Skip) => &mut counts.skipped,
            (None, LineAction::Update) => &mut counts.updated,
            (None, LineAction::Add) => &mut counts.added,
        };
        *count = count.saturating_add(1);
        if row.problem.is_none() && row.action != LineAction::Skip {
            counts.points = counts.points.saturating_add(row.opening.points.unwrap_or(0).into());
            let penalty_points = row.opening.penalty_points.unwrap_or(0).into();
            counts.penalty_points = counts.penalty_points.saturating_add(penalty_points);
        }
    }
    counts
}

/// Returns the preview of a list: its invalid rows, its duplicates, and the first of the others.
pub fn preview(preview_id: Uuid, imported_before: Option<UtcMs>, file: &CustomerFile) -> ImportPreview {
    let counts = counts(file);
    let mut shown: Vec<(usize, usize)> = file.rows.iter().enumerate().map(|(at, row)| (weight(row), at)).collect();
    shown.sort_unstable();
    shown.truncate(PREVIEW_ROWS);
    shown.sort_unstable_by_key(|(_, at)| *at);
    ImportPreview {
        preview_id,
        file_name: file.file_name.clone(),
        format: file.format,
        encoding: file.encoding,
        delimiter: file.delimiter.map(String::from),
        sheets: file.sheets.clone(),
        sheet: file.sheet.clone(),
        header_line: file.header_line,
        titles: file.titles.clone(),
        columns: file.columns.clone(),
        phone_zeros_lost: file.phone_zeros_lost,
        card_digits_lost: file.card_digits_lost,
        problem: file.problem.clone(),
        imported_before,
        penalty_code: file.penalty_code,
        choices: file.choices.clone(),
        counts,
        good: counts.added + counts.updated,
        bad: counts.bad,
        rows: shown.into_iter().filter_map(|(_, at)| file.rows.get(at).cloned()).map(row).collect(),
    }
}

/// Rows that need a look come first.
fn weight(row: &CustomerRow) -> usize {
    match (&row.problem, &row.duplicate_of) {
        (Some(_), _) => 0,
        (None, Some(_)) => 1,
        (None, None) => 2,
    }
}

fn row(row: CustomerRow) -> ImportRow {
    let CustomerRow {
        line, profile, opening, has_opening, problem, action, duplicate_of, phone_given, card_given, ..
    } = row;
    let nosmoke_ports::contract::ProfileInput { name, phone, card, .. } = profile;
    let Opening { points, penalty_points } = opening;
    ImportRow {
        line,
        name,
        phone,
        card,
        points,
        penalty_points,
        has_opening,
        problem,
        action,
        duplicate_of,
        phone_given,
        card_given,
    }
}
