//! Pages of lists, each with a cursor of its own.

use nosmoke_ports::Change;
use nosmoke_ports::contract::{AppError, ErrorCode, PageInput};
use serde_json::json;

/// Rows one page gives at most.
const PAGE_MAX: u32 = 200;

pub(super) fn limit_of(limit: u32) -> usize {
    usize::try_from(limit.clamp(1, PAGE_MAX)).unwrap_or(1)
}

/// The change before which a page begins, and its limit.
///
/// # Errors
/// `invalid_input` for a cursor of another list.
pub(super) fn parse_change(name: &str, input: &PageInput) -> Result<(Option<i64>, usize), AppError> {
    let parse = |text: &str| text.strip_prefix(name).and_then(|seq| seq.parse().ok()).ok_or_else(not_a_cursor);
    Ok((input.cursor.as_deref().map(parse).transpose()?, limit_of(input.limit)))
}

/// Cuts what was read beyond a page, and says where the next one begins.
pub(super) fn next_page(name: &str, changes: &mut Vec<Change>, limit: usize) -> Option<String> {
    let more = changes.len() > limit;
    changes.truncate(limit);
    changes.last().filter(|_| more).map(|last| format!("{name}{}", last.change_seq))
}

pub(super) fn not_a_cursor() -> AppError {
    AppError::with(ErrorCode::InvalidInput, json!({ "detail": "cursor" }))
}
