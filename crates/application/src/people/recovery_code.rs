//! The recovery code, which sets one manager's PIN when the last one is forgotten: 24 letters of Crockford's base32 and a
//! check letter.

use nosmoke_ports::Ids;
use nosmoke_ports::contract::{AppError, ErrorCode};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS: usize = 24;
const GROUP: usize = 5;

/// A recovery code, in the form that is hashed: its letters without hyphens.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct RecoveryCode(String);

impl RecoveryCode {
    /// Draws a code of 120 random bits.
    pub(super) fn draw(ids: &dyn Ids) -> Self {
        // Six bits of a random UUID are fixed, all of them in these two bytes.
        let random = |id: uuid::Uuid| id.into_bytes().into_iter().enumerate().filter(|(at, _)| !matches!(at, 6 | 8));
        let bytes = random(ids.random()).chain(random(ids.random())).map(|(_, byte)| byte).take(LETTERS * 5 / 8);
        let bits = bytes.flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect::<Vec<u8>>();
        let values =
            bits.chunks(5).map(|chunk| chunk.iter().fold(0, |value, bit| value << 1 | bit)).collect::<Vec<u8>>();
        let check = check_value(&values);
        Self(values.into_iter().chain([check]).map(letter).collect())
    }

    /// Reads a typed code.
    ///
    /// # Errors
    /// `bad_recovery_code` if it has other letters, too few or too many of them, or a wrong check letter.
    pub(super) fn read(text: &str) -> Result<Self, AppError> {
        let typed = text.chars().filter(|letter| !matches!(letter, '-' | '–' | '—') && !letter.is_whitespace());
        let values = typed.take(LETTERS + 2).map(value).collect::<Option<Vec<u8>>>();
        let bad = || AppError::new(ErrorCode::BadRecoveryCode);
        let values = values.filter(|values| values.len() == LETTERS + 1).ok_or_else(bad)?;
        match values.split_last() {
            Some((check, letters)) if check_value(letters) == *check => {
                Ok(Self(values.into_iter().map(letter).collect()))
            }
            _ => Err(bad()),
        }
    }

    pub(super) fn letters(&self) -> &str {
        &self.0
    }

    /// The form that is shown and printed, in groups.
    pub(super) fn shown(&self) -> String {
        let groups = self.0.as_bytes().chunks(GROUP).map(|group| String::from_utf8_lossy(group).into_owned());
        groups.collect::<Vec<_>>().join("-")
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

/// Odd factors have an inverse modulo 32, so each single mistyped letter changes the sum.
fn check_value(values: &[u8]) -> u8 {
    let sum = (1_u32..).step_by(2).zip(values).map(|(factor, value)| factor * u32::from(*value)).sum::<u32>();
    u8::try_from(sum % 32).unwrap_or_default()
}

fn letter(value: u8) -> char {
    ALPHABET.get(usize::from(value)).copied().map_or('0', char::from)
}

fn value(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET.iter().position(|known| char::from(*known) == letter)?;
    u8::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use std::collections::BTreeSet;

    use nosmoke_ports::RandomIds;

    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = RecoveryCode::draw(&RandomIds);
        let shown = code.shown();
        assert_eq!(shown.len(), 29);
        assert_eq!(shown.split('-').map(str::len).collect::<Vec<_>>(), [5; 5]);
        for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', " "), format!(" {} ", code.letters())] {
            assert_eq!(RecoveryCode::read(&typed).unwrap(), code, "{typed}");
        }
        let misread = shown.replace('0', "O").replace('1', "l");
        assert_eq!(RecoveryCode::read(&misread).unwrap(), code);
        assert!(!format!("{code:?}").contains(code.letters()));
    }

    #[test]
    fn each_single_mistyped_letter_is_found() {
        let code = RecoveryCode::draw(&RandomIds);
        for at in 0..=LETTERS {
            for other in ALPHABET.iter().map(|letter| char::from(*letter)) {
                let mut letters: Vec<char> = code.letters().chars().collect();
                let is_same = std::mem::replace(&mut letters[at], other) == other;
                assert_eq!(
                    RecoveryCode::read(&letters.into_iter().collect::<String>()).is_ok(),
                    is_same,
                    "{at} {other}"
                );
            }
        }
        for bad in ["", "12345", "우리", &format!("{}0", code.letters()), &code.letters()[1..]] {
            assert_eq!(RecoveryCode::read(bad).unwrap_err().code, ErrorCode::BadRecoveryCode, "{bad}");
        }
    }

    #[test]
    fn codes_differ_in_each_place() {
        let codes: Vec<String> = (0..400).map(|_| RecoveryCode::draw(&RandomIds).0).collect();
        for at in 0..LETTERS {
            let letters: BTreeSet<u8> = codes.iter().map(|code| code.as_bytes()[at]).collect();
            assert!(letters.len() > 28, "place {at} has {} letters", letters.len());
        }
    }
}
