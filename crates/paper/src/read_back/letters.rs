//! Reads drawn text: compares each place with every letter that could stand there, all 11,172 syllables included.

use std::sync::LazyLock;

use crate::drawing::{Dots, Picture, draw};
use crate::layout::Measure as _;
use crate::slip::Size;

/// The rows of a line of text, one bit each.
pub(super) const ROWS: usize = 32;
/// Blanks that no space between words reaches: the space between a label and its value.
const BLANKS: usize = 16;

struct Letter {
    letter: char,
    /// The black dots of each column.
    columns: Vec<u32>,
}

static LETTERS: LazyLock<[Vec<Letter>; 2]> = LazyLock::new(|| [false, true].map(letters));

fn letters(bold: bool) -> Vec<Letter> {
    let all = ('가'..='힣').chain('!'..='~').chain(['○', ' ']);
    let drawn = all.map(|letter| {
        let mut picture = Picture::new(64);
        picture.grow(ROWS);
        draw(&mut picture, &letter.to_string(), Size::Normal, bold, 0, 0);
        let width = Dots.letter(letter, Size::Normal) as usize;
        Letter { letter, columns: columns(&picture, 0)[..width].to_vec() }
    });
    drawn.collect()
}

fn columns(picture: &Picture, top: usize) -> Vec<u32> {
    let column = |x| (0..ROWS).filter(|y| picture.is_black(x, top + y)).fold(0, |column, y| column | 1 << y);
    (0..picture.width()).map(column).collect()
}

/// Returns the texts that stand in a line of normal size, from the left.
pub(super) fn read(picture: &Picture, top: usize, bold: bool) -> Vec<String> {
    let columns = columns(picture, top);
    let mut texts = Vec::new();
    let mut from = 0;
    while let Some(start) = columns[from..].iter().position(|column| *column != 0).map(|x| from + x) {
        let blank = columns[start..].windows(BLANKS).position(|window| window.iter().all(|column| *column == 0));
        let end = blank.map_or(columns.len(), |blank| start + blank);
        // A letter begins a little left of its first dot.
        let starts = start.saturating_sub(6)..=start;
        let (_, text) = starts.map(|start| read_from(&columns, start, end, bold)).min().unwrap();
        texts.push(text.trim().to_owned());
        from = end;
    }
    texts
}

/// Reads from a column on; returns the dots that don't fit as well.
fn read_from(columns: &[u32], start: usize, end: usize, bold: bool) -> (u32, String) {
    let mut wrong = 0;
    let mut text = String::new();
    let mut pen = start;
    while pen < end {
        let differ = |letter: &Letter| -> u32 {
            let there = columns[pen..].iter().chain(std::iter::repeat(&0));
            letter.columns.iter().zip(there).map(|(letter, there)| (letter ^ there).count_ones()).sum()
        };
        // A neighbour may reach in by some dots; a wide letter that fits explains more than a narrow one.
        let score = |letter: &&Letter| 8 * i64::from(differ(letter)) - letter.columns.len() as i64;
        let best = LETTERS[usize::from(bold)].iter().min_by_key(score).unwrap();
        wrong += differ(best);
        text.push(best.letter);
        pen += best.columns.len();
    }
    (wrong, text)
}
