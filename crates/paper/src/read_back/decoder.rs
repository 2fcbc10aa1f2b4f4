//! A receipt printer for tests: turns bytes into what would be on paper, and refuses what it doesn't know.

use encoding_rs::EUC_KR;

use crate::drawing::Picture;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Printed {
    Line { text: String, align: u8, bold: bool, large: bool },
    Picture(Picture),
    Feed(u8),
    Cut,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    hangul: bool,
    align: u8,
    bold: bool,
    large: bool,
}

/// Returns what is printed, and the state in which the next program finds the printer.
pub(super) fn print(bytes: &[u8], width: u32) -> (Vec<Printed>, State) {
    let mut printed = Vec::new();
    let mut state = State::default();
    let mut line = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        rest = match rest {
            [0x1b, b'@', rest @ ..] => {
                state = State::default();
                line.clear();
                rest
            }
            [0x1c, b'&', rest @ ..] => {
                state.hangul = true;
                rest
            }
            [0x1c, b'.', rest @ ..] => {
                state.hangul = false;
                rest
            }
            [0x1b, b't', 0, rest @ ..] => rest,
            [0x1b, b'a', align @ 0..=2, rest @ ..] => {
                assert!(line.is_empty(), "a printer takes an alignment at the beginning of a line only");
                state.align = *align;
                rest
            }
            [0x1b, b'E', bold @ 0..=1, rest @ ..] => {
                state.bold = *bold == 1;
                rest
            }
            [0x1d, b'!', size @ (0 | 0x11), rest @ ..] => {
                state.large = *size != 0;
                rest
            }
            [0x1b, b'J', dots, rest @ ..] => {
                printed.push(Printed::Feed(*dots));
                rest
            }
            [0x1d, b'V', b'B', 0, rest @ ..] => {
                printed.push(Printed::Cut);
                rest
            }
            [0x1d, b'v', b'0', 0, xl, xh, yl, yh, rest @ ..] => {
                let row_bytes = usize::from(u16::from_le_bytes([*xl, *xh]));
                let rows = usize::from(u16::from_le_bytes([*yl, *yh]));
                assert!(line.is_empty() && state.align == 0, "a picture begins at the left edge");
                assert!(row_bytes * 8 <= width as usize, "{row_bytes} bytes are wider than the paper");
                assert!((1..=128).contains(&rows), "{rows} rows are more than a cheap printer's memory");
                let (picture, rest) = rest.split_at(row_bytes * rows);
                push_picture(&mut printed, picture, width);
                rest
            }
            [b'\n', rest @ ..] => {
                let (text, _, broken) = EUC_KR.decode(&line);
                assert!(!broken, "{line:x?}");
                let columns = line.len() * if state.large { 2 } else { 1 };
                assert!(columns <= width as usize / 12, "{text} is {columns} columns wide");
                let text = text.into_owned();
                printed.push(Printed::Line { text, align: state.align, bold: state.bold, large: state.large });
                line.clear();
                rest
            }
            [letter @ 0x20..=0x7e, rest @ ..] => {
                line.push(*letter);
                rest
            }
            [lead @ 0xa1..=0xfe, trail @ 0xa1..=0xfe, rest @ ..] if state.hangul => {
                line.extend([*lead, *trail]);
                rest
            }
            _ => panic!("no printer knows {:x?}", &rest[..rest.len().min(8)]),
        };
    }
    assert!(line.is_empty());
    (printed, state)
}

/// Bands that follow each other are one picture.
fn push_picture(printed: &mut Vec<Printed>, rows: &[u8], width: u32) {
    let mut picture = match printed.pop() {
        Some(Printed::Picture(picture)) => picture,
        other => {
            printed.extend(other);
            Picture::new(width)
        }
    };
    let (top, row_bytes) = (picture.height(), width as usize / 8);
    picture.grow(rows.len() / row_bytes);
    for (index, byte) in rows.iter().enumerate() {
        for bit in (0..8).filter(|bit| byte & (0x80 >> bit) != 0) {
            let (x, y) = (index % row_bytes * 8 + bit, top + index / row_bytes);
            picture.blacken(i32::try_from(x).unwrap(), i32::try_from(y).unwrap());
        }
    }
    printed.push(Printed::Picture(picture));
}
