//! Phone numbers, by their digits.

use unicode_normalization::UnicodeNormalization;

use super::letters::{is_dash, is_invisible};

/// Returns a phone number's digits as they are dialled in Korea: `+82 10-1234-5678`, `0082 10 1234 5678` and
/// `10-1234-5678`, of which a spreadsheet has dropped the zero, are `01012345678`.
pub(super) fn phone_form(phone: &str) -> String {
    let phone: String = phone.nfkc().filter(|c| !is_invisible(*c)).collect();
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match national(&digits, phone.trim_start().starts_with('+')) {
        Some(national) => format!("0{}", national.trim_start_matches('0')),
        None => digits,
    }
}

/// Returns the digits after Korea's country code, or after a zero that is missing. Without a plus only whole numbers
/// count: 8210 and 0082 may also be the ending of a number.
fn national(digits: &str, has_plus: bool) -> Option<&str> {
    if has_plus {
        return digits.strip_prefix("82");
    }
    let prefixes = ["0082", "00182", "00282", "82", ""];
    prefixes.into_iter().find_map(|prefix| {
        let national = digits.strip_prefix(prefix)?;
        let is_whole = match prefix {
            "" => national.len() == 10 && national.starts_with("10"),
            "82" => (9..=10).contains(&national.len()) && !national.starts_with('0'),
            _ => (9..=11).contains(&national.len()),
        };
        is_whole.then_some(national)
    })
}

/// Whether a text has digits and, besides, only characters with which phone numbers are written.
pub(super) fn is_part_of_a_phone(text: &str) -> bool {
    let mut has_digit = false;
    text.nfkc().filter(|c| !is_invisible(*c)).all(|c| {
        has_digit |= c.is_ascii_digit();
        c.is_ascii_digit() || c.is_whitespace() || is_dash(c) || matches!(c, '.' | '(' | ')' | '+' | '/' | '·')
    }) && has_digit
}
