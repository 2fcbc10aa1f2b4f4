//! Names, by their letters and by their initial consonants (초성).

use unicode_normalization::UnicodeNormalization;

use super::hangul::{consonants, initial, initial_index, leading_consonant, syllable_index};
use super::letters::letters;

pub(super) fn name_form(name: &str) -> String {
    let letters = letters(name);
    letters.chars().flat_map(consonants).map(|c| initial_index(c).map_or(c, leading_consonant)).nfd().collect()
}

pub(super) fn initials_form(name: &str) -> String {
    let letters = letters(name);
    letters.chars().flat_map(consonants).map(|c| initial_index(c).or(syllable_index(c)).map_or(c, initial)).collect()
}

/// Whether a text contains initial consonants that aren't part of a syllable. A single one at the end, after a
/// syllable, is the beginning of the next syllable.
pub(super) fn asks_for_initials(text: &str) -> bool {
    let letters: Vec<char> = letters(text).chars().flat_map(consonants).collect();
    let lone = letters.iter().filter(|c| initial_index(**c).is_some()).count();
    let only_just_begun = matches!(letters.as_slice(), [.., before, last]
        if syllable_index(*before).is_some() && initial_index(*last).is_some());
    lone > usize::from(only_just_begun)
}
