//! Numbers of cards: the one form in which they are kept, and the form in which two are compared.
//!
//! A scanner types like a keyboard, so what arrives depends on its prefixes and on the keyboard's language. Lists add
//! invisible characters and full-width forms.

use unicode_normalization::UnicodeNormalization;

use super::dubeolsik;
use super::letters::{is_dash, is_invisible};
use crate::limits::CARD_MAX;

/// Shorter numbers have no similar ones: `1` would offer every card that ends with it.
const SIMILAR_MIN: usize = 3;

/// Returns a card's number as it is kept and shown: without invisible characters, spaces at the ends and the scanner's
/// prefixes, in compatibility form (NFKC), and with the keys in upper case instead of the Hangul that they typed. Other
/// letters keep their case.
///
/// `prefix` is what this terminal's scanner sends before each card. One that begins with a letter or digit may also be
/// the beginning of a card, so only the screens take it off, where the text is known to be a scan.
pub fn card_number(text: &str, prefix: &str) -> String {
    let plain = without_invisible(&without_invisible(text));
    let typed = if plain.chars().any(dubeolsik::is_hangul) { keys_of(plain.chars()) } else { plain.clone() };
    // A scanner has no more keys than a card: the text is a word.
    let number = if typed.chars().nth(CARD_MAX).is_some() { plain } else { typed };
    without_prefixes(number.trim(), prefix).to_owned()
}

/// Normalises a card number for comparing: two numbers with the same form are the same card. Letter case, spaces and
/// dashes make no difference.
pub fn card_form(card: &str) -> String {
    keys_of(card_number(card, "").chars().filter(|c| !c.is_whitespace() && !is_dash(*c)))
}

/// Returns the forms under which a card may be stored, the likeliest first: one that was stored before the scanner's
/// prefix was set begins with it.
pub fn stored_forms(card: &str, prefix: &str) -> Vec<String> {
    let number = card_number(card, prefix);
    let mut forms = vec![card_form(&number), card_form(card)];
    if let Some(own) = removable(prefix).filter(|_| !number.is_empty()) {
        forms.push(card_form(&format!("{own}{number}")));
    }
    forms.dedup();
    forms
}

/// Returns the forms that differ from this one only by leading zeros: spreadsheets drop them, some scanners leave them
/// out, and card printers add them.
pub fn zero_variants(form: &str) -> Vec<String> {
    let bare = match form.trim_start_matches('0') {
        "" => "0",
        bare => bare,
    };
    if form.len() < SIMILAR_MIN || !form.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let zeros = 0..=CARD_MAX.saturating_sub(bare.len());
    zeros.map(|zeros| "0".repeat(zeros) + bare).filter(|variant| variant != form).collect()
}

/// In two passes, because characters on both sides of an invisible one compose only without it.
fn without_invisible(text: &str) -> String {
    text.nfkc().filter(|c| !is_invisible(*c)).nfkc().collect()
}

fn keys_of(text: impl Iterator<Item = char>) -> String {
    let mut keys = String::new();
    text.for_each(|c| dubeolsik::push_keys(c, &mut keys));
    keys
}

/// Returns a scanner's prefix if it can't be the beginning of a card.
fn removable(prefix: &str) -> Option<&str> {
    Some(prefix).filter(|prefix| prefix.starts_with(|c: char| !c.is_alphanumeric()))
}

fn without_prefixes<'a>(number: &'a str, own: &str) -> &'a str {
    let own = removable(own);
    let mut bare = number;
    loop {
        let shorter = own.and_then(|own| bare.strip_prefix(own)).or_else(|| without_aim(bare)).map(str::trim_start);
        match shorter.filter(|shorter| !shorter.is_empty()) {
            Some(shorter) => bare = shorter,
            None => return bare,
        }
    }
}

/// Takes off the prefix by which a scanner names the kind of barcode (AIM), such as `]C1` for GS1-128.
fn without_aim(number: &str) -> Option<&str> {
    let rest = number.strip_prefix(']')?.strip_prefix(|c: char| c.is_ascii_alphabetic())?;
    rest.strip_prefix(|c: char| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_card_is_kept_as_its_keys_alone() {
        for (given, kept) in [
            ("NS-2204", "NS-2204"),
            (" ns-2204\r\n", "ns-2204"),
            ("\u{feff}NS\u{200b}-22\u{0}0\u{2}4\u{ad}\u{200e}", "NS-2204"),
            ("ＮＳ－２２０４\u{3000}", "NS-2204"),
            ("]C1NS-2204", "NS-2204"),
            ("]E0 8801234567893", "8801234567893"),
            ("］Ｃ１NS-2204", "NS-2204"),
            ("~]C1NS-2204", "NS-2204"),
            ("]C1~NS-2204", "NS-2204"),
            ("ㅜㄴ-2204", "NS-2204"),
            ("ㅜㄴ-2204a", "NS-2204A"),
            ("]ㅊ1ㅜㄴ-2204", "NS-2204"),
            ("누-77", "SN-77"),
            ("한까자8가", "GKSRKWK8RK"),
            ("\u{1102}\u{116e}-77", "SN-77"),
            ("\u{ffa4}\u{ffdc}-7", "SL-7"),
            ("]C1", "]C1"),
            ("~", "~"),
            ("\u{200b}", ""),
        ] {
            assert_eq!(card_number(given, "~"), kept, "{given:?}");
        }
    }

    #[test]
    fn a_prefix_that_may_begin_a_card_is_kept() {
        assert_eq!(card_number("A123", "A"), "A123");
        assert_eq!(card_number("#A123", "#A"), "123");
        assert_eq!(card_number("~123", ""), "~123");
    }

    #[test]
    fn a_card_may_be_stored_with_the_prefix() {
        assert_eq!(stored_forms("ns-1", "~"), ["NS1", "~NS1"]);
        assert_eq!(stored_forms("~NS-1", "~"), ["NS1", "~NS1"]);
        assert_eq!(stored_forms("NS-1", "NS"), ["NS1"]);
        assert_eq!(stored_forms("", "~"), [""]);
    }

    #[test]
    fn a_word_that_is_longer_than_a_card_in_keys_is_kept() {
        let word = "뷁".repeat(20);
        assert_eq!(card_number(&word, ""), word);
        assert_eq!(card_form(&word), "QNPFR".repeat(20));
    }

    #[test]
    fn similar_cards_differ_by_leading_zeros_only() {
        for (form, similar) in
            [("391", "00000391"), ("00391", "391"), ("00391", "000391"), ("0NS1", "NS1"), ("000", "0")]
        {
            assert!(zero_variants(form).contains(&similar.to_owned()), "{form} {similar}");
        }
        assert!(!zero_variants("00391").contains(&"00391".to_owned()));
        for form in ["", "1", "NS", "ABC"] {
            assert_eq!(zero_variants(form), Vec::<String>::new(), "{form}");
        }
    }

    proptest! {
        #[test]
        fn the_kept_number_is_its_own_form(card in "\\PC{0,30}|[\\]~A-C0-2ㄱ-ㅣ가-나 -]{0,12}|\\p{any}{0,12}", own in "[~#]?") {
            let kept = card_number(&card, &own);
            prop_assert_eq!(card_number(&kept, &own), kept.clone());
            if own.is_empty() {
                prop_assert_eq!(card_form(&kept), card_form(&card));
            }
        }
    }
}
