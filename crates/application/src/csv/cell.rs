//! A text cell as a spreadsheet may safely open it.
//!
//! A program such as Excel runs a cell that begins with `= + - @` or their full-width forms as a formula, also behind a
//! tab or a line break. Such a cell, and one that begins with an apostrophe, gets one apostrophe before it; reading
//! takes one away. So every text comes back as it was.

use std::borrow::Cow;

const GUARD: char = '\'';

/// The cell for a text.
pub fn guard(text: &str) -> Cow<'_, str> {
    if text.starts_with(is_dangerous) { Cow::Owned(format!("{GUARD}{text}")) } else { Cow::Borrowed(text) }
}

/// The text of a cell.
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
    fn what_a_spreadsheet_would_run_is_guarded_and_nothing_else() {
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
        fn any_text_comes_back(text in "[=+@'\\t\\r\\n＝＋－＠-]{0,3}\\p{any}{0,9}") {
            let cell = guard(&text);
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']));
            prop_assert_eq!(unguard(&cell), &text);
        }
    }
}
