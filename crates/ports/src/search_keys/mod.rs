//! Search keys of customers: normalised forms of name, phone and card, stored beside the unaltered texts.
//!
//! - **name**: canonically decomposed (NFD), lower case, in compatibility form, without accents and spaces. When
//!   decomposed, a half-typed syllable is the beginning of the finished one: `김미` and `김ㅁ` find 김민수, but `김` doesn't
//!   find 기민수.
//! - **initials**: the initial consonant (초성) of each syllable as ㄱ to ㅎ, every other character as in the name.
//! - **phone**: its digits as they are dialled in Korea; `+82 10` and `010` are the same.
//! - **card**: the number as it is kept ([`card_number`]), in upper case, without spaces and dashes, Hangul replaced by
//!   the Latin letters on the same keys.
//!
//! Names of areas are compared in a form of their own ([`area_form`]), which isn't stored.

mod card;
mod dubeolsik;
mod hangul;
mod letters;
mod names;
mod phones;
mod query;

use unicode_normalization::UnicodeNormalization;

use crate::SearchKeys;

pub use card::{card_form, card_number, stored_forms, zero_variants};
pub use query::{phone_ending, query};

/// The number of the form in which keys are stored. With another form, [`keys`] makes other keys, and a store must make
/// those of all its profiles again.
pub const FORM: u32 = 2;

/// Returns the search keys of a profile.
pub fn keys(name: Option<&str>, phone: Option<&str>, card: Option<&str>) -> SearchKeys {
    let name = name.unwrap_or_default();
    SearchKeys {
        name: names::name_form(name),
        initials: names::initials_form(name),
        phone_digits: phones::phone_form(phone.unwrap_or_default()),
        card: card_form(card.unwrap_or_default()),
    }
}

/// Normalises the name of an area: names with the same form read alike and are one area. The form is the compatibility
/// form (NFKC) without letter case and invisible characters, with single spaces.
pub fn area_form(name: &str) -> String {
    // By way of upper case, because some letters have several lower-case forms (Greek sigma) or none of their own (ß).
    let folded = name.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let visible: String = folded.filter(|c| !letters::is_invisible(*c)).nfkc().collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
