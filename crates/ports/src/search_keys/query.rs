//! What a text typed or scanned at the desk asks for.

use super::card::card_form;
use super::hangul::{initial_index, syllable_index};
use super::names::{asks_for_initials, initials_form, name_form};
use super::phones::{is_part_of_a_phone, phone_form};
use crate::{SearchKeys, SearchQuery};

/// Upper bound for the terms of a text. A text with more words is a long name, perhaps with a number.
const TERMS_MAX: usize = 5;
/// Digits that follow a name without a space are a term of their own if there are at least this many.
const DIGITS_MIN: usize = 3;
/// A number in a row of numbers may be a card if it has at least this many digits.
const CARD_DIGITS_MIN: usize = 4;

/// How many digits somebody says of a phone number's ending.
const PHONE_ENDING: std::ops::RangeInclusive<usize> = 3..=8;

/// Returns the query for a text, in the form of [`super::keys`]; the caller adds position and limit.
///
/// The text as a whole is one term, and each of its words: a customer is found by `김민수`, by `민수 4821`, `4821,민수` and
/// `민수4821`. Numbers in a row are one phone number (`010 1234 5678`), unless one of them is a card.
///
/// A term of initial consonants searches the initials. So does a term that mixes them with syllables; of the syllables
/// then only the initials are used (`김ㅁㅅ` searches `ㄱㅁㅅ`). Exception: a single consonant at the end is the beginning of
/// the next syllable, and the name is searched.
pub fn query(text: &str) -> SearchQuery {
    let whole = term(text);
    if whole == SearchKeys::default() {
        return SearchQuery::default();
    }
    let mut any_of = vec![vec![whole]];
    let words = words(text);
    // A card typed with the Korean layout looks like a name with a number too, so the words also stay whole.
    let apart: Vec<String> = words.iter().flat_map(|word| name_and_number(word)).collect();
    let mut splits = vec![pieces(&words), pieces(&apart)];
    splits.dedup();
    for pieces in splits.iter().filter(|pieces| (2..=TERMS_MAX).contains(&pieces.len())) {
        any_of.push(pieces.iter().map(|piece| term(piece)).collect());
    }
    if words.len() <= TERMS_MAX {
        any_of.extend((0..words.len()).filter_map(|index| with_card(&words, index)));
    }
    SearchQuery { any_of, ..SearchQuery::default() }
}

/// Returns the digits of a text that may be the ending of a phone number, as somebody says it.
pub fn phone_ending(text: &str) -> Option<String> {
    let digits = is_part_of_a_phone(text).then(|| phone_form(text))?;
    PHONE_ENDING.contains(&digits.len()).then_some(digits)
}

fn term(text: &str) -> SearchKeys {
    let by_initials = asks_for_initials(text);
    SearchKeys {
        name: if by_initials { String::new() } else { name_form(text) },
        initials: if by_initials { initials_form(text) } else { String::new() },
        phone_digits: if is_part_of_a_phone(text) { phone_form(text) } else { String::new() },
        card: card_form(text),
    }
}

/// Splits a text at spaces and at what people write between a name and a number.
fn words(text: &str) -> Vec<String> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '|');
    // These may also be in a phone number.
    let is_beside = |c: char| matches!(c, '/' | '·' | '(' | ')');
    let mut words = Vec::new();
    for word in text.split(is_between) {
        match is_part_of_a_phone(word) {
            true => words.push(word.to_owned()),
            false => words.extend(word.split(is_beside).map(str::to_owned)),
        }
    }
    words.retain(|word| term(word) != SearchKeys::default());
    words
}

/// Splits a Korean name from the number beside it.
fn name_and_number(word: &str) -> Vec<String> {
    let is_hangul = |c: char| syllable_index(c).or(initial_index(c)).is_some();
    if !word.contains(is_hangul) {
        return vec![word.to_owned()];
    }
    let mut parts: Vec<(bool, String)> = Vec::new();
    for c in word.chars() {
        let of_a_number = is_part_of_a_phone(&format!("0{c}"));
        match parts.last_mut() {
            Some((number, part)) if *number == of_a_number => part.push(c),
            _ => parts.push((of_a_number, c.to_string())),
        }
    }
    let is_long = |(number, part): &(bool, String)| *number && phone_form(part).len() >= DIGITS_MIN;
    match parts.iter().any(is_long) {
        true => {
            let parts = parts.into_iter().map(|(_, part)| part);
            parts.filter(|part| term(part) != SearchKeys::default()).collect()
        }
        false => vec![word.to_owned()],
    }
}

/// Joins the numbers in a row. If these are still too many terms, joins the words between the numbers too.
fn pieces(words: &[String]) -> Vec<String> {
    let joined = joined(words, |before, word| is_part_of_a_phone(before) && is_part_of_a_phone(word));
    match joined.len() > TERMS_MAX {
        true => self::joined(words, |before, word| is_part_of_a_phone(before) == is_part_of_a_phone(word)),
        false => joined,
    }
}

fn joined(words: &[String], belong: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in words {
        match pieces.last_mut().filter(|before| belong(before, word)) {
            Some(before) => *before = format!("{before} {word}"),
            None => pieces.push(word.clone()),
        }
    }
    pieces
}

/// Returns the terms if one number of a row is a card and nothing else.
fn with_card(words: &[String], index: usize) -> Option<Vec<SearchKeys>> {
    let word = &words[index];
    let is_number = |at: usize| words.get(at).is_some_and(|word| is_part_of_a_phone(word));
    let is_in_a_row = is_number(index + 1) || index.checked_sub(1).is_some_and(is_number);
    if !is_number(index) || !is_in_a_row || phone_form(word).len() < CARD_DIGITS_MIN {
        return None;
    }
    let others: Vec<String> =
        words.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, word)| word.clone()).collect();
    let card = SearchKeys { card: card_form(word), ..SearchKeys::default() };
    Some(pieces(&others).iter().map(|piece| term(piece)).chain([card]).collect())
}
