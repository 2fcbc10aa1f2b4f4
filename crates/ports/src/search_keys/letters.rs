//! Letters as they are compared: without case, width, accents and characters that show nothing.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_compatible;

/// Returns a name's letters for comparing, composed (NFC) and without spaces. `José`, `jose` and `ＪＯＳÉ` have the same
/// letters. A name of accents or invisible characters alone keeps them, so that it can be found at all.
pub(super) fn letters(text: &str) -> String {
    let mut decomposed = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Compatibility would turn a consonant typed alone into the beginning of a syllable, and a vowel into its
            // middle: ㅏ isn't meant to find 아라.
            'ㄱ'..='ㆎ' => decomposed.push(c),
            'a'..='z' | '가'..='힣' => decomposed.push(c),
            // The Greek marks are canonically the same characters.
            '´' | '`' | '\u{1FFD}' | '\u{1FEF}' => decomposed.push('\''),
            _ => decompose_compatible(c, |part| decomposed.extend(part.to_lowercase())),
        }
    }
    let visible = |c: &char| !c.is_whitespace() && !is_invisible(*c);
    let mut plain = String::with_capacity(decomposed.len());
    for c in decomposed.nfd().filter(|c| visible(c) && !is_accent(*c)) {
        match unaccented(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    match plain.is_empty() {
        true => decomposed.nfc().filter(|c| !c.is_whitespace()).collect(),
        false => plain.nfc().collect(),
    }
}

/// Whether a character shows nothing: control characters, soft hyphens, characters of no width, marks of direction.
/// Labels, lists and phone numbers that are copied from other programs contain them.
pub(super) fn is_invisible(c: char) -> bool {
    // A tab or line break is the space that it looks like.
    !c.is_whitespace() && c.is_control()
        || matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

pub(super) const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether a character is a mark over, under or through a letter.
const fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}')
}

/// Returns how a letter is typed on a keyboard without it; `None` if Unicode's decomposition is all there is to do.
const fn unaccented(c: char) -> Option<&'static str> {
    Some(match c {
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ς' => "σ",
        '‘' | '’' | 'ʼ' | '′' => "'",
        _ if is_dash(c) => "-",
        _ => return None,
    })
}
