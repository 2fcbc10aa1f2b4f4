//! What spreadsheet programs do to numbers: the zeros before them are lost, and of long ones the last digits.

use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;

/// Checks that a number is as it was typed: not `8.80123E+12`, a date, an error or crosses in a narrow column.
///
/// # Errors
/// `digits_lost`.
pub(super) fn expect_kept(field: &str, text: &str, altered: bool) -> Result<(), AppError> {
    if altered || is_scientific(text) || is_formula_error(text) || is_crosses(text) || is_masked(text) {
        return Err(AppError::with(ErrorCode::DigitsLost, json!({ "field": field, "value": text })));
    }
    Ok(())
}

fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once("E+").or_else(|| text.split_once("e+")) else { return false };
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let (whole, rest) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    is_number(whole) && whole.len() == 1 && is_number(rest) && is_number(exponent)
}

fn is_formula_error(text: &str) -> bool {
    matches!(text, "#N/A" | "#REF!" | "#VALUE!" | "#NAME?" | "#NULL!" | "#NUM!" | "#DIV/0!")
}

/// Whether some digits are hidden, as back offices do when they export: `010-****-5678`.
fn is_masked(text: &str) -> bool {
    text.contains("**") && text.chars().any(|c| c.is_ascii_digit())
}

fn is_crosses(text: &str) -> bool {
    text.len() > 2 && text.chars().all(|c| c == '#')
}

/// Returns a Korean phone number with the zero, or the plus of `+82`, that it lacks; `None` if it lacks nothing.
pub(super) fn with_phone_zero(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let is_number = phone.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ' ' | '.' | '(' | ')'));
    if !is_number {
        return None;
    }
    if digits.strip_prefix("82").is_some_and(is_national) && digits.len() >= 11 {
        return Some(format!("+{phone}"));
    }
    is_national(&digits).then(|| match phone.strip_prefix('(') {
        Some(rest) => format!("(0{rest}"),
        None => format!("0{phone}"),
    })
}

/// Whether digits are a Korean phone number without its first zero. Eight digits may also be a number of the same town.
fn is_national(digits: &str) -> bool {
    let starts = |starts: &[&str]| starts.iter().any(|start| digits.starts_with(start));
    match digits.len() {
        9 => digits.starts_with('2') || starts(&["11", "16", "17", "18", "19", "80"]) || is_province(digits),
        10 => starts(&["10", "11", "16", "17", "18", "19", "70", "80"]) || is_province(digits),
        11 => starts(&["50"]),
        _ => false,
    }
}

fn is_province(digits: &str) -> bool {
    let code = digits.get(..2).and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| matches!(code, 31..=33 | 41..=44 | 51..=55 | 61..=64))
}

/// Returns a card number of digits with zeros before it, so that it has as many digits as it was written with.
pub(super) fn with_card_zeros(card: &str, digits: u32) -> Option<String> {
    let wanted = usize::try_from(digits).unwrap_or(usize::MAX);
    (is_digits(card) && card.len() < wanted && wanted <= nosmoke_ports::limits::CARD_MAX)
        .then(|| format!("{card:0>wanted$}"))
}

/// Returns to how many digits the cards of a list were written, if some still have zeros before them and some are shorter.
pub(super) fn card_digits_lost<'a>(cards: impl Iterator<Item = &'a str> + Clone) -> Option<u32> {
    let numbers = cards.filter(|card| is_digits(card));
    let longest = numbers.clone().filter(|card| card.starts_with('0')).map(str::len).max()?;
    let is_shorter = numbers.clone().any(|card| card.len() < longest && !card.starts_with('0'));
    is_shorter.then(|| u32::try_from(longest).ok()).flatten()
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
