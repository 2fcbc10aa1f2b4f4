//! Guards text cells with an apostrophe, so that a spreadsheet program doesn't run them as formulas.
//!
//! A program such as Excel runs a cell as a formula if it begins with `= + - @` or their full-width forms, also after a
//! tab or a line break. Such a cell, and one that begins with an apostrophe, gets an apostrophe in front; an import
//! removes one apostrophe. So every text is imported as it was exported.

use std::borrow::Cow;

const GUARD: char = '\'';

/// Returns the cell that stands for a text.
pub fn guard(text: &str) -> Cow<'_, str> {
    if text.starts_with(is_dangerous) { Cow::Owned(format!("{GUARD}{text}")) } else { Cow::Borrowed(text) }
}

/// Returns the text for which a cell stands.
pub fn unguard(cell: &str) -> &str {
    cell.strip_prefix(GUARD).unwrap_or(cell)
}

/// Whether these cells were guarded, as in a workbook that a spreadsheet program made of an exported CSV file: at least one
/// has the apostrophe before what a program would run, and none begins as no guarded cell does.
pub fn are_guarded<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let mut found = false;
    for cell in cells.filter(|cell| cell.starts_with(is_dangerous)) {
        match cell.strip_prefix(GUARD) {
            Some(text) if text.starts_with(is_dangerous) => found |= !text.starts_with(GUARD),
            _ => return false,
        }
    }
    found
}

fn is_dangerous(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n' | GUARD)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_cells_that_a_spreadsheet_would_run_are_guarded() {
        for text in ["=1+1", "+82 10", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1", "'=1", "'"]
        {
            let cell = guard(text);
            assert_eq!(cell, format!("'{text}"));
            assert_eq!(unguard(&cell), text);
        }
        for text in ["", "김민수", "010-1234", " =1", "a=1", "🚬", "\"=1\""] {
            assert_eq!(guard(text), text);
            assert_eq!(unguard(text), text);
        }
    }

    #[test]
    fn guarded_cells_are_known_by_what_none_of_them_would_be() {
        let are_guarded = |cells: &[&str]| are_guarded(cells.iter().copied());
        assert!(are_guarded(&["가", "'=1+1", "''나", "", "'+82 10"]));
        for not_guarded in [&["가", "나"][..], &["'=1", "+82 10"], &["'=1", "'나"], &["''나"], &["=1"], &[]] {
            assert!(!are_guarded(not_guarded), "{not_guarded:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_survives_guarding(text in "[=+@'\\t\\r\\n＝＋－＠-]{0,3}\\p{any}{0,9}") {
            let cell = guard(&text);
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']));
            prop_assert_eq!(unguard(&cell), &text);
        }
    }
}
