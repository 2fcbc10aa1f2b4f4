//! The letters of Hangul as Unicode arranges them: syllables in one block, by their initial consonants.

/// The initial consonants in the order of the syllables' block, as they stand alone on a keyboard.
pub(super) const INITIALS: [char; 19] =
    ['ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];

pub(super) fn initial(index: u8) -> char {
    INITIALS[usize::from(index)]
}

pub(super) fn leading_consonant(index: u8) -> char {
    char::from_u32(0x1100 + u32::from(index)).unwrap_or_default()
}

/// Of a consonant that stands alone, from the keyboard (ㄱ) or conjoining (U+1100).
pub(super) fn initial_index(c: char) -> Option<u8> {
    match c {
        '\u{1100}'..='\u{1112}' => u8::try_from(u32::from(c) - 0x1100).ok(),
        _ => INITIALS.iter().position(|initial| *initial == c).and_then(|index| u8::try_from(index).ok()),
    }
}

/// Of a composed syllable.
pub(super) fn syllable_index(c: char) -> Option<u8> {
    const SYLLABLES_PER_INITIAL: u32 = 588;
    match c {
        '가'..='힣' => u8::try_from((u32::from(c) - 0xAC00) / SYLLABLES_PER_INITIAL).ok(),
        _ => None,
    }
}

/// Input methods join two consonants typed in a row (ㄱㅅ to ㄳ): apart again. Everything else is itself.
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
