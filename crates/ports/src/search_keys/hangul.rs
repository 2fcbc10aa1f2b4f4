//! Letters and syllables of Hangul, using Unicode's arrangement: one block of all syllables, sorted by initial
//! consonant.

/// The initial consonants as standalone letters, in the order of Unicode's block of syllables.
pub(super) const INITIALS: [char; 19] =
    ['ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];

pub(super) fn initial(index: u8) -> char {
    INITIALS[usize::from(index)]
}

pub(super) fn leading_consonant(index: u8) -> char {
    char::from_u32(0x1100 + u32::from(index)).unwrap_or_default()
}

/// The index in [`INITIALS`] of a consonant, either as it is typed (ㄱ) or in its conjoining form (U+1100).
pub(super) fn initial_index(c: char) -> Option<u8> {
    match c {
        '\u{1100}'..='\u{1112}' => u8::try_from(u32::from(c) - 0x1100).ok(),
        _ => INITIALS.iter().position(|initial| *initial == c).and_then(|index| u8::try_from(index).ok()),
    }
}

/// The index in [`INITIALS`] of a syllable's initial consonant.
pub(super) fn syllable_index(c: char) -> Option<u8> {
    const SYLLABLES_PER_INITIAL: u32 = 588;
    match c {
        '가'..='힣' => u8::try_from((u32::from(c) - 0xAC00) / SYLLABLES_PER_INITIAL).ok(),
        _ => None,
    }
}

/// Splits two consonants that an input method joined (ㄱㅅ to ㄳ); any other character is returned itself.
pub(super) fn consonants(c: char) -> impl Iterator<Item = char> {
    let [first, second] = match c {
        'ㄳ' => ['ㄱ', 'ㅅ'],
        'ㄵ' => ['ㄴ', 'ㅈ'],
        'ㄶ' => ['ㄴ', 'ㅎ'],
        'ㄺ' => ['ㄹ', 'ㄱ'],
        'ㄻ' => ['ㄹ', 'ㅁ'],
        'ㄼ' => ['ㄹ', 'ㅂ'],
        'ㄽ' => ['ㄹ', 'ㅅ'],
        'ㄾ' => ['ㄹ', 'ㅌ'],
        'ㄿ' => ['ㄹ', 'ㅍ'],
        'ㅀ' => ['ㄹ', 'ㅎ'],
        'ㅄ' => ['ㅂ', 'ㅅ'],
        _ => return [Some(c), None].into_iter().flatten(),
    };
    [Some(first), Some(second)].into_iter().flatten()
}
