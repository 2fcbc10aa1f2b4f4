//! Breaks the texts of a slip into lines that fit a width. The unit is the caller's: dots, or the columns of a printer's own font.

use crate::slip::{Align, Block, Size, Style};

/// How wide letters are.
pub(crate) trait Measure {
    fn letter(&self, letter: char, size: Size) -> u32;

    fn text(&self, text: &str, size: Size) -> u32 {
        text.chars().map(|letter| self.letter(letter, size)).sum()
    }
}

/// Returns the blocks with every text in lines that fit, and with pairs only where both parts fit in one line.
pub(crate) fn fit(blocks: &[Block], measure: &dyn Measure, width: u32) -> Vec<Block> {
    let mut fitted = Vec::new();
    for block in blocks {
        match block {
            Block::Text { text, style } => push_lines(&mut fitted, text, *style, measure, width),
            Block::Pair { label, value, bold } => {
                let [label_width, between, value_width] =
                    [label.as_str(), "  ", value.as_str()].map(|text| measure.text(text, Size::Normal));
                if label_width + between + value_width <= width {
                    fitted.push(block.clone());
                } else {
                    let style = Style { bold: *bold, ..Style::PLAIN };
                    push_lines(&mut fitted, label, style, measure, width);
                    push_lines(&mut fitted, value, Style { align: Align::Right, ..style }, measure, width);
                }
            }
            Block::Rule | Block::Gap | Block::Code(_) => fitted.push(block.clone()),
        }
    }
    fitted
}

fn push_lines(fitted: &mut Vec<Block>, text: &str, style: Style, measure: &dyn Measure, width: u32) {
    let lines = lines(text, |text| measure.text(text, style.size) <= width);
    fitted.extend(lines.into_iter().map(|text| Block::Text { text, style }));
}

/// Breaks between words, and inside a word only if it doesn't fit in a line of its own.
fn lines(text: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            line.push(letter);
            if !fits(&line) && line.chars().nth(1).is_some() {
                line.pop();
                lines.push(std::mem::replace(&mut line, letter.to_string()));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A letter of the alphabet is one column, a syllable two.
    struct Columns;

    impl Measure for Columns {
        fn letter(&self, letter: char, _: Size) -> u32 {
            if letter.is_ascii() { 1 } else { 2 }
        }
    }

    fn texts(block: Block, width: u32) -> Vec<String> {
        let fitted = fit(&[block], &Columns, width);
        let texts = fitted.into_iter().map(|block| match block {
            Block::Text { text, style } => format!("{:?} {text}", style.align),
            Block::Pair { label, value, .. } => format!("{label} | {value}"),
            _ => panic!(),
        });
        texts.collect()
    }

    #[test]
    fn a_text_breaks_between_words_and_long_words_anywhere() {
        let text = |text: &str| Block::Text { text: text.into(), style: Style::PLAIN };
        assert_eq!(texts(text("이 안내문을 가지고"), 11), ["Left 이 안내문을", "Left 가지고"]);
        assert_eq!(texts(text("a ABCDEFGHIJ b"), 4), ["Left a", "Left ABCD", "Left EFGH", "Left IJ b"]);
        // Narrower than a letter: one letter a line, and an end.
        assert_eq!(texts(text("가나"), 1), ["Left 가", "Left 나"]);
        assert!(texts(text(""), 4).is_empty());
    }

    #[test]
    fn a_pair_that_does_not_fit_stands_under_each_other() {
        let pair = |value: &str| Block::Pair { label: "고객".into(), value: value.into(), bold: false };
        assert_eq!(texts(pair("김민수"), 12), ["고객 | 김민수"]);
        assert_eq!(texts(pair("김민수"), 11), ["Left 고객", "Right 김민수"]);
    }
}
