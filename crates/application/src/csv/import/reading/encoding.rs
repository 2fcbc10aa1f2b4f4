//! Decodes the bytes of a list as text.
//!
//! The encoding is found in this order: a byte order mark; UTF-16 by its zero bytes; UTF-8; else CP949. No letters are
//! counted and nothing is guessed from words: Korean programs write nothing else.

use encoding_rs::{EUC_KR, UTF_8, UTF_16BE, UTF_16LE};
use nosmoke_ports::contract::{AppError, ErrorCode, ListEncoding};

const LOST: char = char::REPLACEMENT_CHARACTER;
/// A file of which more than one of this many letters is unreadable is no text in this encoding.
const READABLE_PER_LOST: usize = 10;

#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: ListEncoding,
    /// Whether bytes were no letters; a U+FFFD stands for them.
    pub(super) is_damaged: bool,
}

/// Decodes bytes with the encoding that somebody chose, or with the one that is found.
///
/// # Errors
/// `unknown_encoding` if much of the file isn't text in the encoding that was found.
pub(super) fn decode(bytes: &[u8], chosen: Option<ListEncoding>) -> Result<Decoded, AppError> {
    if let Some(encoding) = chosen {
        return Ok(with(bytes, encoding));
    }
    let decoded =
        by_mark(bytes).or_else(|| by_zeros(bytes)).map_or_else(|| utf_8_or_cp949(bytes), |it| with(bytes, it));
    let lost = if decoded.is_damaged { lost(&decoded.text) } else { 0 };
    if lost * READABLE_PER_LOST > decoded.text.chars().count() {
        return Err(AppError::new(ErrorCode::UnknownEncoding));
    }
    Ok(decoded)
}

fn by_mark(bytes: &[u8]) -> Option<ListEncoding> {
    let (encoding, _) = encoding_rs::Encoding::for_bom(bytes)?;
    Some(match encoding {
        it if it == UTF_16LE => ListEncoding::Utf16Le,
        it if it == UTF_16BE => ListEncoding::Utf16Be,
        _ => ListEncoding::Utf8,
    })
}

/// In UTF-16 the digits, delimiters and line breaks have a zero byte each, after them or before them. Hangul has zero bytes
/// too (`가` is AC00), but never beside a byte of ASCII.
fn by_zeros(bytes: &[u8]) -> Option<ListEncoding> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let count = |is_ascii: fn(&[u8; 2]) -> bool| pairs.iter().filter(|pair| is_ascii(pair)).count();
    let little = count(|[low, high]| *high == 0 && matches!(low, 1..=0x7F));
    let big = count(|[high, low]| *high == 0 && matches!(low, 1..=0x7F));
    let enough = |count: usize, other: usize| count > 1 && count > 8 * other && count * 20 >= pairs.len();
    match () {
        () if enough(little, big) => Some(ListEncoding::Utf16Le),
        () if enough(big, little) => Some(ListEncoding::Utf16Be),
        () => None,
    }
}

fn utf_8_or_cp949(bytes: &[u8]) -> Decoded {
    let utf_8 = with(bytes, ListEncoding::Utf8);
    if !utf_8.is_damaged && !could_be_cp949(&utf_8.text) {
        return utf_8;
    }
    let cp949 = with(bytes, ListEncoding::Cp949);
    let cp949_is_better = if utf_8.is_damaged {
        lost(&cp949.text) <= lost(&utf_8.text)
    } else {
        !cp949.is_damaged && stands_alone(&cp949.text)
    };
    if cp949_is_better { cp949 } else { utf_8 }
}

/// Whether text that is valid UTF-8 may be CP949 nevertheless: pairs of Korean bytes can make Latin letters with marks.
fn could_be_cp949(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{80}'..='\u{7FF}')) && !text.chars().any(is_hangul)
}

/// Whether no Hangul follows a small Latin letter, as in `Jos챕`, which is José.
fn stands_alone(text: &str) -> bool {
    let after = text.chars().skip(1);
    !text
        .chars()
        .zip(after)
        .any(|(a, b)| a.is_ascii_lowercase() && is_hangul(b) || is_hangul(a) && b.is_ascii_lowercase())
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{AC00}'..='\u{D7A3}')
}

fn lost(text: &str) -> usize {
    text.chars().filter(|c| *c == LOST).count()
}

fn with(bytes: &[u8], encoding: ListEncoding) -> Decoded {
    let coder = match encoding {
        ListEncoding::Utf8 => UTF_8,
        ListEncoding::Cp949 => EUC_KR,
        ListEncoding::Utf16Le => UTF_16LE,
        ListEncoding::Utf16Be => UTF_16BE,
    };
    let (text, is_damaged) = coder.decode_with_bom_removal(bytes);
    // Programs that put a mark before text that had one already leave a second.
    let text = text.trim_start_matches('\u{FEFF}').to_owned();
    Decoded { text, encoding, is_damaged }
}
