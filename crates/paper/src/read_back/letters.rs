//! Reads drawn text: compares each place with every letter that could stand there, all 11,172 syllables included.

use std::collections::HashMap;
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

struct Letters {
    all: Vec<Letter>,
    by_columns: HashMap<Vec<u32>, char>,
    /// The widths of letters, the widest first.
    widths: Vec<usize>,
}

static LETTERS: LazyLock<[Letters; 2]> = LazyLock::new(|| {
    [false, true].map(|bold| {
        let all = letters(bold);
        let by_columns = all.iter().map(|it| (it.columns.clone(), it.letter)).collect();
        let mut widths: Vec<usize> = all.iter().map(|it| it.columns.len()).collect();
        widths.sort_unstable_by(|one, other| other.cmp(one));
        widths.dedup();
        Letters { all, by_columns, widths }
    })
});

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
        // A letter begins a little left of its first dot. Where one fits exactly is tried first.
        let exactly = |start: usize| exact(&columns, start, bold).is_some();
        let (fits, others): (Vec<usize>, Vec<usize>) =
            (start.saturating_sub(6)..=start).partition(|start| exactly(*start));
        let read = |starts: Vec<usize>| starts.into_iter().map(|start| read_from(&columns, start, end, bold)).min();
        let (_, text) = match read(fits) {
            Some(read) if read.0 == 0 => read,
            other => other.into_iter().chain(read(others)).min().unwrap(),
        };
        texts.push(text.trim().to_owned());
        from = end;
    }
    texts
}

/// Returns the widest letter that fits without a wrong dot.
fn exact(columns: &[u32], pen: usize, bold: bool) -> Option<(usize, char)> {
    let letters = &LETTERS[usize::from(bold)];
    let fits = |width: &usize| Some((*width, *letters.by_columns.get(columns.get(pen..pen + width)?)?));
    letters.widths.iter().find_map(fits)
}

/// Reads from a column on; returns the dots that don't fit as well.
fn read_from(columns: &[u32], start: usize, end: usize, bold: bool) -> (u32, String) {
    let mut wrong = 0;
    let mut text = String::new();
    let mut pen = start;
    while pen < end {
        let (width, letter) = exact(columns, pen, bold).filter(|(_, letter)| *letter != ' ').unwrap_or_else(|| {
            let (differ, letter) = closest(columns, pen, bold);
            wrong += differ;
            (letter.columns.len(), letter.letter)
        });
        text.push(letter);
        pen += width;
    }
    (wrong, text)
}

/// Returns the letter with the fewest wrong dots. A neighbour may reach in by some; a wide letter that fits explains more
/// than a narrow one.
fn closest(columns: &[u32], pen: usize, bold: bool) -> (u32, &'static Letter) {
    let mut best: Option<(i64, u32, &Letter)> = None;
    for letter in &LETTERS[usize::from(bold)].all {
        let width = i64::try_from(letter.columns.len()).unwrap();
        let mut differ = 0;
        let there = columns[pen..].iter().chain(std::iter::repeat(&0));
        for (drawn, there) in letter.columns.iter().zip(there) {
            differ += (drawn ^ there).count_ones();
            if best.is_some_and(|(score, ..)| 8 * i64::from(differ) - width >= score) {
                break;
            }
        }
        let score = 8 * i64::from(differ) - width;
        if best.is_none_or(|(least, ..)| score < least) {
            best = Some((score, differ, letter));
        }
    }
    let (_, differ, letter) = best.unwrap();
    (differ, letter)
}
