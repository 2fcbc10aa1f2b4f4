//! Text in the printer's own font, with Korean in EUC-KR.

use encoding_rs::EUC_KR;

use super::commands::{FEED_GAP, align, emphasised, letters};
use super::raster;
use crate::drawing::page;
use crate::layout::{Measure, fit};
use crate::slip::{Align, Block, Size, Style};

/// The columns of a printer's own font: a letter takes one, a syllable two.
struct Columns;

impl Measure for Columns {
    fn letter(&self, letter: char, size: Size) -> u32 {
        let columns = if letter.is_ascii() || letter == '\u{a0}' { 1 } else { 2 };
        match size {
            Size::Normal => columns,
            Size::Large => 2 * columns,
        }
    }
}

/// Appends blocks as text. What the printer's font may lack is drawn, so that no letter becomes a question mark.
pub(super) fn push(bytes: &mut Vec<u8>, blocks: &[Block], columns: u32, dots: u32) {
    for block in fit(blocks, &Columns, columns) {
        match &block {
            Block::Text { text, style } => match encoded(text) {
                Some(text) => push_line(bytes, &text, *style),
                None => push_drawn(bytes, &block, dots),
            },
            Block::Pair { label, value, bold } => {
                let style = Style { bold: *bold, ..Style::PLAIN };
                match (encoded(label), encoded(value)) {
                    (Some(label), Some(value)) => {
                        let blanks = (columns as usize).saturating_sub(label.len() + value.len());
                        push_line(bytes, &[label, vec![b' '; blanks], value].concat(), style);
                    }
                    _ => push_drawn(bytes, &block, dots),
                }
            }
            Block::Rule => push_line(bytes, &vec![b'-'; columns as usize], Style::PLAIN),
            Block::Gap => bytes.extend(FEED_GAP),
            Block::Code(_) => push_drawn(bytes, &block, dots),
        }
    }
    // What follows, such as another slip, begins with plain letters.
    for plain in [align(Align::Left), emphasised(false), letters(Size::Normal)] {
        bytes.extend(plain);
    }
}

fn push_line(bytes: &mut Vec<u8>, text: &[u8], style: Style) {
    bytes.extend(align(style.align));
    bytes.extend(emphasised(style.bold));
    bytes.extend(letters(style.size));
    bytes.extend(text);
    bytes.push(b'\n');
}

fn push_drawn(bytes: &mut Vec<u8>, block: &Block, dots: u32) {
    raster::push(bytes, &page(std::slice::from_ref(block), dots));
}

/// Returns a text in EUC-KR; none if it has letters outside KS X 1001. Many printers have only its 2,350 syllables and
/// not the other 8,822 of CP949, and don't say so.
fn encoded(text: &str) -> Option<Vec<u8>> {
    let text = text.replace('\u{a0}', " ");
    let (bytes, _, unmapped) = EUC_KR.encode(&text);
    if unmapped {
        return None;
    }
    let mut rest = bytes.as_ref();
    loop {
        rest = match rest {
            [] => return Some(bytes.into_owned()),
            [0x20..=0x7e, rest @ ..] | [0xa1..=0xfe, 0xa1..=0xfe, rest @ ..] => rest,
            _ => return None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_of_every_korean_printer_are_sent_as_text() {
        assert_eq!(encoded("가A").unwrap(), [0xb0, 0xa1, b'A']);
        assert_eq!(encoded("1\u{a0}P").unwrap(), b"1 P");
        assert!(encoded("추○람").is_some());
        for text in ["똠", "뷁", "쾟", "가힣", "Müller", "🙂", "\u{1b}@"] {
            assert_eq!(encoded(text), None, "{text}");
        }
    }
}
