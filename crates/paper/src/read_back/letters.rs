//! Reads drawn text: compares each place with every letter that could stand there, all 11,172 syllables included.

use std::collections::HashMap;
use std::sync::LazyLock;

use parking_lot::Mutex;

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
    let plain = drawn();
    [false, true].map(|bold| {
        let all: Vec<Letter> = plain.iter().map(|(letter, columns)| of(*letter, columns, bold)).collect();
        let by_columns = all.iter().map(|it| (it.columns.clone(), it.letter)).collect();
        let mut widths: Vec<usize> = all.iter().map(|it| it.columns.len()).collect();
        widths.sort_unstable_by(|one, other| other.cmp(one));
        widths.dedup();
        Letters { all, by_columns, widths }
    })
});

/// Draws every letter.
fn drawn() -> Vec<(char, Vec<u32>)> {
    let all: Vec<char> = ('가'..='힣').chain('!'..='~').chain(['○', ' ']).collect();
    let drawn = |letter: &char| (*letter, drawn_as(*letter, false));
    all.iter().map(drawn).collect()
}

fn drawn_as(letter: char, bold: bool) -> Vec<u32> {
    let mut picture = Picture::new(64);
    picture.grow(ROWS);
    draw(&mut picture, &letter.to_string(), Size::Normal, bold, 0, 0);
    columns(&picture, 0)
}

/// A letter as it stands in a line. A bold one isn't drawn again, which would take as long as the plain ones: each of its dots is
/// twice as wide.
fn of(letter: char, plain: &[u32], bold: bool) -> Letter {
    let left = |x: usize| x.checked_sub(1).map_or(0, |left| plain[left]);
    let columns = (0..plain.len()).map(|x| plain[x] | if bold { left(x) } else { 0 });
    Letter { letter, columns: columns.take(Dots.letter(letter, Size::Normal) as usize).collect() }
}

#[test]
fn a_bold_letter_is_a_plain_one_whose_dots_are_twice_as_wide() {
    for letter in "가뷁쾟M.○".chars() {
        let bold = of(letter, &drawn_as(letter, false), true).columns;
        assert_eq!(bold, drawn_as(letter, true)[..bold.len()], "{letter}");
    }
}

fn columns(picture: &Picture, top: usize) -> Vec<u32> {
    let mut columns = vec![0; picture.width()];
    for y in 0..ROWS {
        let from = (top + y) * picture.row_bytes();
        let row = picture.rows().get(from..from + picture.row_bytes()).unwrap_or_default();
        for (index, byte) in row.iter().enumerate().filter(|(_, byte)| **byte != 0) {
            for bit in (0..8).filter(|bit| byte & (0x80 >> bit) != 0) {
                columns[index * 8 + bit] |= 1 << y;
            }
        }
    }
    columns
}

/// Returns the texts that stand in a line of normal size, from the left.
pub(super) fn read(picture: &Picture, top: usize, bold: bool) -> Vec<String> {
    let columns = columns(picture, top);
    let mut texts = Vec::new();
    let mut from = 0;
    while let Some(start) = columns[from..].iter().position(|column| *column != 0).map(|x| from + x) {
        let blank = columns[start..].windows(BLANKS).position(|window| window.iter().all(|column| *column == 0));
        let end = blank.map_or(columns.len(), |blank| start + blank);
        texts.push(read_once(&columns, start, end, bold));
        from = end;
    }
    texts
}

/// The texts that were read, by their dots: many lines stand on several slips.
type Read = HashMap<(bool, usize, Vec<u32>), String>;
static READ: LazyLock<Mutex<Read>> = LazyLock::new(Mutex::default);

fn read_once(columns: &[u32], start: usize, end: usize, bold: bool) -> String {
    // A letter begins a little left of its first dot, and reaches into the blank behind its last one.
    let first = start.saturating_sub(6);
    let key = (bold, start - first, columns[first..(end + BLANKS).min(columns.len())].to_vec());
    if let Some(text) = READ.lock().get(&key) {
        return text.clone();
    }
    // Where one fits exactly is tried first.
    let (fits, others): (Vec<usize>, Vec<usize>) =
        (first..=start).partition(|start| exact(columns, *start, bold).is_some());
    let mut best: Option<(u32, String)> = None;
    for start in fits.into_iter().chain(others) {
        let read = read_from(columns, start, end, bold);
        best = Some(best.map_or_else(|| read.clone(), |best| best.min(read.clone())));
        if read.0 == 0 {
            break;
        }
    }
    let text = best.unwrap().1.trim().to_owned();
    READ.lock().insert(key, text.clone());
    text
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
