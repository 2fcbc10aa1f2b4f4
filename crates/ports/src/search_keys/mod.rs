//! Search keys of customers: normalised forms of name, phone and card, stored beside the unaltered texts.
//!
//! - **name**: canonically decomposed (NFD), lower case, without spaces. When decomposed, a half-typed syllable is the
//!   beginning of the finished one: `김미` and `김ㅁ` find 김민수, but `김` doesn't find 기민수.
//! - **initials**: the initial consonant (초성) of each syllable as ㄱ to ㅎ, every other character as in the name.
//! - **phone**: its digits; `+82 10` and `010` are the same.
//! - **card**: compatibility form (NFKC), upper case, without spaces and dashes, Hangul replaced by the Latin letters
//!   on the same keys: a scanner types like a keyboard, so while the Korean layout is on, `NS-0391` arrives as
//!   `ㅜㄴ-0391`.
//!
//! Names of areas are compared in a form of their own ([`area_form`]), which isn't stored.

mod dubeolsik;
mod hangul;

use unicode_normalization::UnicodeNormalization;

use self::hangul::{consonants, initial, initial_index, leading_consonant, syllable_index};
use crate::{SearchKeys, SearchQuery};

/// Returns the search keys of a profile.
pub fn keys(name: Option<&str>, phone: Option<&str>, card: Option<&str>) -> SearchKeys {
    let name = name.unwrap_or_default();
    SearchKeys {
        name: name_form(name),
        initials: initials_form(name),
        phone_digits: phone_form(phone.unwrap_or_default()),
        card: card_form(card.unwrap_or_default()),
    }
}

/// Returns the query for a text typed or scanned at the desk, in the form of [`keys`]; the caller adds position and
/// limit.
///
/// A text of initial consonants searches the initials. So does a text that mixes them with syllables; of the syllables
/// then only the initials are used (`김ㅁㅅ` searches `ㄱㅁㅅ`). Exception: a single consonant at the end is the beginning of
/// the next syllable, and the name is searched.
pub fn query(text: &str) -> SearchQuery {
    let by_initials = asks_for_initials(text);
    SearchQuery {
        name: if by_initials { String::new() } else { name_form(text) },
        initials: if by_initials { initials_form(text) } else { String::new() },
        phone_digits: if is_part_of_a_phone(text) { phone_form(text) } else { String::new() },
        card: card_form(text),
        ..SearchQuery::default()
    }
}

/// Normalises a card number: two numbers with the same form are the same card.
pub fn card_form(card: &str) -> String {
    let mut form = String::with_capacity(card.len());
    for c in card.nfkc().filter(|c| !c.is_whitespace() && !is_dash(*c)) {
        dubeolsik::push_keys(c, &mut form);
    }
    form
}

/// Normalises the name of an area: names with the same form read alike and are one area. The form is the compatibility
/// form (NFKC) without letter case and invisible characters, with single spaces.
pub fn area_form(name: &str) -> String {
    // By way of upper case, because some letters have several lower-case forms (Greek sigma) or none of their own (ß).
    let folded = name.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let visible: String = folded.nfkc().filter(|c| !is_invisible(*c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character shows nothing and only marks where a line may break or how text is encoded.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

fn name_form(name: &str) -> String {
    lower(name).flat_map(consonants).map(|c| initial_index(c).map_or(c, leading_consonant)).nfd().collect()
}

fn initials_form(name: &str) -> String {
    lower(name).flat_map(consonants).map(|c| initial_index(c).or(syllable_index(c)).map_or(c, initial)).collect()
}

/// Returns a text composed (NFC), in lower case and without spaces. Each letter is lower-cased alone, because the rules
/// for a whole text treat its end differently (Greek sigma).
fn lower(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).nfc()
}

fn phone_form(phone: &str) -> String {
    let phone: String = phone.trim().nfkc().collect();
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("82").filter(|_| phone.starts_with('+')) {
        Some(national) => format!("0{}", national.trim_start_matches('0')),
        None => digits,
    }
}

fn is_part_of_a_phone(text: &str) -> bool {
    text.nfkc().all(|c| c.is_ascii_digit() || c.is_whitespace() || is_dash(c) || matches!(c, '.' | '(' | ')' | '+'))
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn asks_for_initials(text: &str) -> bool {
    let letters: Vec<char> = lower(text).flat_map(consonants).collect();
    let lone = letters.iter().filter(|c| initial_index(**c).is_some()).count();
    let only_just_begun = matches!(letters.as_slice(), [.., before, last]
        if syllable_index(*before).is_some() && initial_index(*last).is_some());
    lone > usize::from(only_just_begun)
}

#[cfg(test)]
mod tests;
