//! Splits lists into pages, with cursors.

use nosmoke_ports::Change;
use nosmoke_ports::contract::{AppError, ErrorCode, PageInput};
use serde_json::json;

/// Upper bound for the rows of one page.
pub(super) const PAGE_MAX: u32 = 200;

/// Returns the requested number of rows, but at least one and at most `max`.
pub(super) fn limit_of(limit: u32, max: u32) -> usize {
    usize::try_from(limit.clamp(1, max)).unwrap_or(1)
}

/// Parses a requested page: the change before which it begins (`None` for the first page), and its limit.
///
/// # Errors
/// Returns `invalid_input` for a cursor of another list.
pub(super) fn parse_change(name: &str, input: &PageInput) -> Result<(Option<i64>, usize), AppError> {
    let parse = |text: &str| text.strip_prefix(name).and_then(|seq| seq.parse().ok()).ok_or_else(not_a_cursor);
    Ok((input.cursor.as_deref().map(parse).transpose()?, limit_of(input.limit, PAGE_MAX)))
}

/// Removes the rows beyond `limit`, and returns the cursor of the next page if there were any.
pub(super) fn next_page(name: &str, changes: &mut Vec<Change>, limit: usize) -> Option<String> {
    let more = changes.len() > limit;
    changes.truncate(limit);
    changes.last().filter(|_| more).map(|last| format!("{name}{}", last.change_seq))
}

pub(super) fn not_a_cursor() -> AppError {
    AppError::with(ErrorCode::InvalidInput, json!({ "detail": "the cursor isn't one of this list" }))
}
