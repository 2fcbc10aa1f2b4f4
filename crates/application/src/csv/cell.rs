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

    proptest! {
        #[test]
        fn any_text_survives_guarding(text in "[=+@'\\t\\r\\n＝＋－＠-]{0,3}\\p{any}{0,9}") {
            let cell = guard(&text);
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']));
            prop_assert_eq!(unguard(&cell), &text);
        }
    }
}
