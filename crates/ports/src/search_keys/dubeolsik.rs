//! Maps Hangul back to the keys of the Korean keyboard layout (두벌식) that type it.

use super::hangul::INITIALS;

/// Whether a character is one that the Korean layout types, alone or composed.
pub(super) fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣' | 'ㄱ'..='ㅣ' | '\u{1100}'..='\u{1112}' | '\u{1161}'..='\u{1175}' | '\u{11A8}'..='\u{11C2}')
}

/// Appends the keys that type a character, in upper case; a character that isn't Hangul is appended itself.
pub(super) fn push_keys(c: char, keys: &mut String) {
    match c {
        '가'..='힣' => push_syllable(c, keys),
        'ㄱ'..='ㅣ' => keys.push_str(letter(c)),
        // The text was normalised with NFKC, which turns standalone letters (U+3131…) into these conjoining ones.
        '\u{1100}'..='\u{1112}' => keys.push_str(letter(INITIALS[index(c, '\u{1100}')])),
        '\u{1161}'..='\u{1175}' => keys.push_str(LETTERS[VOWELS + index(c, '\u{1161}')]),
        '\u{11A8}'..='\u{11C2}' => push_final(index(c, '\u{11A7}'), keys),
        other => keys.extend(other.to_uppercase()),
    }
}

fn push_syllable(c: char, keys: &mut String) {
    let index = index(c, '가');
    keys.push_str(letter(INITIALS[index / 588]));
    keys.push_str(LETTERS[VOWELS + index % 588 / 28]);
    push_final(index % 28, keys);
}

fn push_final(index: usize, keys: &mut String) {
    keys.push_str(FINALS.chars().nth(index).filter(|c| *c != ' ').map_or("", letter));
}

fn letter(c: char) -> &'static str {
    LETTERS.get(index(c, 'ㄱ')).copied().unwrap_or_default()
}

fn index(c: char, first: char) -> usize {
    usize::try_from(u32::from(c) - u32::from(first)).unwrap_or_default()
}

/// The index of ㅏ in [`LETTERS`].
const VOWELS: usize = 30;

/// The final consonants in the order of Unicode's block of syllables; the first entry means no final consonant.
const FINALS: &str = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

/// The keys that type the letters ㄱ to ㅣ.
const LETTERS: [&str; 51] = [
    "R", "R", "RT", "S", "SW", "SG", "E", "E", "F", "FR", "FA", "FQ", "FT", "FX", "FV", "FG", "A", "Q", "Q", "QT", "T",
    "T", "D", "W", "W", "C", "Z", "X", "V", "G", "K", "O", "I", "O", "J", "P", "U", "P", "H", "HK", "HO", "HL", "Y",
    "N", "NJ", "NP", "NL", "B", "M", "ML", "L",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_map_to_the_keys_that_type_them() {
        for (seen, pressed) in [
            ("ㅜㄴ-2204-0391", "NS-2204-0391"),
            ("가1", "RK1"),
            ("ㅜㄴ1ㅁㅂㅊ", "NS1AQC"),
            ("뷁8", "QNPFR8"),
            ("밗ㅢ", "QKRTML"),
            ("\u{1102}\u{1161}\u{11AB}", "SKS"),
            ("ns🚬", "NS🚬"),
        ] {
            let mut keys = String::new();
            seen.chars().for_each(|c| push_keys(c, &mut keys));
            assert_eq!(keys, pressed, "{seen}");
        }
    }
}
