//! Takes off what programs put around the text of a cell. A list that this program exported is read exactly instead.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::super::super::cell::unguard;
use super::super::table::is_blank;
use super::digits::is_digits;

/// Between two values of one cell in Google's contacts.
const GOOGLES_SEPARATOR: &str = ":::";
/// What stands in a cell for a phone or a card that somebody doesn't have.
const NONE: &str = "없음 무 미등록 미입력 미기재 해당없음 모름 x n/a na nan none null nil 0";
/// A phone number has at least as many digits.
pub(super) const PHONE_DIGITS: usize = 7;

/// Returns a cell's text composed, without blanks around it, without the quotes that a space before them made part of it,
/// and without the apostrophe or the `="…"` that keeps a spreadsheet program from changing it.
pub(in crate::csv) fn tidy(cell: &str) -> Cow<'_, str> {
    let bare = cell.trim_matches(is_blank);
    let unquoted = bare.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(bare);
    let text = match formula_text(unquoted) {
        Some(text) => text,
        None => Cow::Borrowed(unguard(unquoted)),
    };
    Cow::Owned(text.trim_matches(is_blank).nfc().collect())
}

/// Returns a cell's text as an export of this program meant it.
pub(super) fn exactly(cell: &str) -> Cow<'_, str> {
    Cow::Borrowed(unguard(cell))
}

/// Returns the text of a formula that is nothing but a text.
fn formula_text(cell: &str) -> Option<Cow<'_, str>> {
    let inner = cell.strip_prefix("=\"")?.strip_suffix('"')?;
    Some(if inner.contains("\"\"") { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) })
}

/// Returns the first of several phone numbers in one cell, without the invisible marks that phones put around numbers. A text
/// that says that there is none is no phone.
pub(super) fn phone(text: &str) -> String {
    let first = text.split(GOOGLES_SEPARATOR).next().unwrap_or_default();
    let first = number(first_of_several(first));
    let shown = |c: char| if c.is_whitespace() { Some(' ') } else { Some(c).filter(|c| !is_blank(*c)) };
    first.trim().chars().filter_map(shown).collect()
}

/// Returns a card's number as it was written before a program made a decimal number of it. A text that says that there is none
/// is no card.
pub(super) fn card(text: &str) -> &str {
    number(text)
}

fn number(text: &str) -> &str {
    let text = text.trim_matches(is_blank);
    let is_none =
        NONE.split(' ').any(|none| text.eq_ignore_ascii_case(none)) || text.chars().all(|c| "-.·/?".contains(c));
    match text.strip_suffix(".0") {
        _ if is_none => "",
        Some(whole) if is_digits(whole) => whole,
        _ => text,
    }
}

/// Returns the first of several numbers that are each long enough for a phone.
fn first_of_several(text: &str) -> &str {
    let is_phone = |part: &str| part.chars().filter(char::is_ascii_digit).count() >= PHONE_DIGITS;
    let ends = text.char_indices().filter(|(_, c)| matches!(c, ',' | '/' | ';' | '|' | '·' | '、' | '\n' | '\r'));
    let mut parts = ends.filter_map(|(at, c)| Some((text.get(..at)?, text.get(at + c.len_utf8()..)?)));
    parts.find(|(first, rest)| is_phone(first) && is_phone(rest)).map_or(text, |(first, _)| first)
}

/// Joins the parts of a name as its writing does: `김` and `민수` without a space, `Kim` and `Minsu` with the given name first.
pub(super) fn full_name(surname: &str, given: &str) -> String {
    let is_latin = |text: &str| text.chars().any(|c| c.is_alphabetic() && (c as u32) < 0x250);
    match (surname, given) {
        ("", name) | (name, "") => name.to_owned(),
        _ if is_latin(surname) || is_latin(given) => format!("{given} {surname}"),
        _ => format!("{surname}{given}"),
    }
}
