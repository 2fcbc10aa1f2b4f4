//! All rows of a file, to compare folders.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

/// The rows of each table as text, sorted; also the statements of the schema, under `sqlite_master`.
pub type Tables = BTreeMap<String, Vec<String>>;

/// Columns that tell when or in which order something arrived here, or was computed.
const OF_ARRIVAL: [(&str, &str); 3] = [("fact", "received_at_ms"), ("standing", "as_of_ms"), ("searched", "number")];

/// Reads all rows of a file without times and order of arrival, and without sums that became 0: such rows may stay or not.
///
/// # Panics
/// When the file can't be read.
pub fn tables(file: &Path) -> Tables {
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the file exists");
    // The index of words names customers by number.
    let names = rows(
        &db,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_word%'",
    );
    let mut tables: Tables =
        names.into_iter().map(|it| text(&it[0])).map(|name| (name.clone(), table(&db, &name))).collect();
    let schema = rows(&db, "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL");
    tables.insert("sqlite_master".into(), sorted(schema));
    tables
}

fn table(db: &Connection, name: &str) -> Vec<String> {
    // The one hidden column is derived from the others.
    let columns = rows(db, &format!("SELECT name FROM pragma_table_info('{name}')"));
    let columns = columns.iter().map(|it| text(&it[0]));
    let columns: Vec<_> = columns.filter(|column| !OF_ARRIVAL.contains(&(name, column))).collect();
    let not_zero = match name {
        "day_sum" => "lines <> 0",
        "hour_presence" => "inside_ms <> 0",
        _ => "1",
    };
    let columns: Vec<_> = columns.into_iter().map(value_of).collect();
    sorted(rows(db, &format!("SELECT {} FROM {name} WHERE {not_zero}", columns.join(", "))))
}

/// Returns what to read for a column. How a sum is split into two columns depends on the batches it was added in.
fn value_of(column: String) -> String {
    match (column.strip_suffix("_upper"), column.strip_suffix("_lower")) {
        (Some(sum), _) => format!("{sum}_upper + ({sum}_lower >> 32)"),
        (_, Some(sum)) => format!("{sum}_lower & 4294967295"),
        _ => column,
    }
}

fn sorted(rows: Vec<Vec<Value>>) -> Vec<String> {
    let mut rows: Vec<_> = rows.iter().map(|row| row.iter().map(text).collect::<Vec<_>>().join(" | ")).collect();
    rows.sort_unstable();
    rows
}

fn rows(db: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let mut statement = db.prepare(sql).expect("a table");
    let columns = statement.column_count();
    let read = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
    statement.query_map([], read).and_then(Iterator::collect).expect("rows")
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => match std::str::from_utf8(bytes) {
            // Facts and snapshots, whose differences are to be read.
            Ok(text) if text.starts_with('{') => text.to_owned(),
            _ => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        },
    }
}
