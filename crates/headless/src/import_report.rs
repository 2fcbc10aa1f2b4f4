//! What an import prints: how the list was read, and what was or would be done with its lines.

use nosmoke_application::csv::{CustomerFile, CustomerRow};
use nosmoke_ports::contract::{ColumnUse, ImportCounts, LineAction};
use serde_json::{Value, json};
use uuid::Uuid;

/// Returns the report as JSON.
pub fn report(
    file: &CustomerFile,
    counts: ImportCounts,
    (is_dry, is_complete): (bool, bool),
    import_id: Option<Uuid>,
) -> Value {
    let columns = file.columns.iter().filter(|column| column.becomes != ColumnUse::Nothing);
    let columns: Vec<Value> =
        columns.map(|column| json!({ "header": column.header, "becomes": column.becomes })).collect();
    let unread = file.columns.iter().filter(|column| column.becomes == ColumnUse::Nothing);
    let unread: Vec<&str> = unread.map(|column| column.header.as_str()).collect();
    let mended = |of: fn(&CustomerRow) -> bool| file.rows.iter().filter(|row| of(row)).count();
    json!({
        "dryRun": is_dry,
        "complete": is_complete,
        "importId": import_id,
        "imported": counts.added,
        "updated": counts.updated,
        "skipped": counts.skipped,
        "bad": counts.bad,
        "points": counts.points,
        "penaltyPoints": counts.penalty_points,
        "penaltyCode": file.penalty_code.filter(|_| counts.penalty_points > 0),
        "openingsBefore": mended(|row| row.has_opening),
        "leftOut": file.rows.iter().filter_map(left_out).collect::<Vec<_>>(),
        "format": file.format,
        "encoding": file.encoding,
        "delimiter": file.delimiter,
        "sheets": file.sheets,
        "sheet": file.sheet,
        "headerLine": file.header_line,
        "titles": file.titles,
        "columns": columns,
        "unreadColumns": unread,
        "phoneZerosRestored": mended(|row| row.phone_given.is_some()),
        "cardZerosRestored": mended(|row| row.card_given.is_some()),
        "cardDigitsLost": file.card_digits_lost,
        "problem": file.problem,
    })
}

/// Returns a line that isn't imported, with the code of the reason; `duplicate` if its customer is here already.
fn left_out(row: &CustomerRow) -> Option<Value> {
    match (&row.problem, &row.duplicate_of) {
        (Some(problem), _) => Some(json!({ "line": row.line, "code": problem.code, "params": problem.params })),
        (None, _) if row.action != LineAction::Skip => None,
        (None, Some(of)) => Some(
            json!({ "line": row.line, "code": "duplicate", "params": { "customerId": of.customer_id, "line": of.line } }),
        ),
        (None, None) => Some(json!({ "line": row.line, "code": "skipped", "params": {} })),
    }
}
