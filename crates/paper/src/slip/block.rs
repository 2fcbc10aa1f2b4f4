//! The parts of a slip, independent of printer and width.

use nosmoke_ports::contract::Language;
use unicode_normalization::UnicodeNormalization as _;

use super::code::Code;
use super::words::Word;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    #[default]
    Normal,
    /// Twice as wide and twice as high.
    Large,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    #[default]
    Left,
    Center,
    Right,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    pub size: Size,
    pub align: Align,
    pub bold: bool,
}

impl Style {
    pub const PLAIN: Self = Self { size: Size::Normal, align: Align::Left, bold: false };
    pub const BOLD: Self = Self { bold: true, ..Self::PLAIN };
    pub const CENTERED: Self = Self { align: Align::Center, ..Self::PLAIN };
    pub const TITLE: Self = Self { size: Size::Large, align: Align::Center, bold: true };
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A text that is wrapped to the paper's width.
    Text {
        text: String,
        style: Style,
    },
    /// A label at the left edge and its value at the right one; under each other where they don't fit in one line.
    Pair {
        label: String,
        value: String,
        bold: bool,
    },
    Rule,
    Gap,
    /// A code in the middle of the paper. A bar code that is wider than the paper is left out.
    Code(Code),
}

/// What stands on a slip, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slip {
    /// Of the words that are added while it is printed.
    pub language: Language,
    pub blocks: Vec<Block>,
}

/// Upper bound for one text, in characters. Names and notes are bounded already; a slip shall end even if they aren't.
const TEXT_MAX: usize = 1_000;
/// Stands for letters that can't be printed.
const STAND_IN: char = '?';

impl Slip {
    pub(super) const fn new(language: Language) -> Self {
        Self { language, blocks: Vec::new() }
    }

    pub fn text(&mut self, text: &str, style: Style) {
        // Separate paragraphs, so that the lines of a note stay lines.
        for line in text.split(['\n', '\r', '\u{2028}', '\u{2029}']) {
            let text = printable(line);
            if !text.is_empty() {
                self.blocks.push(Block::Text { text, style });
            }
        }
    }

    pub fn pair(&mut self, label: &str, value: &str) {
        self.blocks.push(Block::Pair { label: printable(label), value: printable(value), bold: false });
    }

    pub fn bold_pair(&mut self, label: &str, value: &str) {
        self.blocks.push(Block::Pair { label: printable(label), value: printable(value), bold: true });
    }

    pub fn rule(&mut self) {
        self.blocks.push(Block::Rule);
    }

    pub fn gap(&mut self) {
        self.blocks.push(Block::Gap);
    }

    pub fn code(&mut self, code: Code) {
        self.blocks.push(Block::Code(code));
    }

    /// Returns the blocks with a question mark for letters that can't be printed, and says so at the end if there are any. Such
    /// letters in a row have one question mark: together they may be one sign, such as a flag.
    pub(crate) fn printable_blocks(&self, has: impl Fn(char) -> bool) -> Vec<Block> {
        let mut blocks = self.blocks.clone();
        let mut lacks = false;
        let mut replace = |text: &mut String| {
            if text.chars().all(&has) {
                return;
            }
            lacks = true;
            let mut replaced = String::new();
            let mut is_after_lacking = false;
            for letter in text.chars() {
                match has(letter) {
                    true => replaced.push(letter),
                    false if is_after_lacking => {}
                    false => replaced.push(STAND_IN),
                }
                is_after_lacking = !has(letter);
            }
            *text = replaced;
        };
        for block in &mut blocks {
            match block {
                Block::Text { text, .. } => replace(text),
                Block::Pair { label, value, .. } => {
                    replace(label);
                    replace(value);
                }
                Block::Rule | Block::Gap | Block::Code(_) => {}
            }
        }
        if lacks {
            let text = format!("* {}", Word::LackingLetters.in_language(self.language));
            blocks.push(Block::Text { text, style: Style::PLAIN });
        }
        blocks
    }
}

/// Returns a text in composed letters and without what has no place in a line: a control character in a name could be a
/// printer's command, and invisible marks can turn the order of letters round. The parts of a decomposed syllable would be
/// printed one after the other.
fn printable(text: &str) -> String {
    let blank = text.chars().map(|c| if c.is_whitespace() && c != '\u{a0}' { ' ' } else { c });
    let kept: String = blank.nfc().filter(|c| !c.is_control() && !is_invisible(*c)).take(TEXT_MAX).collect();
    kept.trim().to_owned()
}

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_be_a_command_of_a_printer() {
        let mut slip = Slip::default();
        slip.text("김\u{1b}@\u{1d}V\u{0}민\u{202e}수\u{7}", Style::PLAIN);
        slip.pair("고객\u{10}", "\u{1c}&김");
        let Block::Text { text, .. } = &slip.blocks[0] else { panic!() };
        assert_eq!(text, "김@V민수");
        let pair = Block::Pair { label: "고객".into(), value: "&김".into(), bold: false };
        assert_eq!(slip.blocks[1], pair);
    }

    #[test]
    fn a_name_in_decomposed_letters_is_composed() {
        let mut slip = Slip::default();
        slip.pair("고객", &"추가람 Müller".nfd().collect::<String>());
        let pair = Block::Pair { label: "고객".into(), value: "추가람 Müller".into(), bold: false };
        assert_eq!(slip.blocks, [pair]);
    }

    #[test]
    fn letters_that_cannot_be_printed_are_question_marks_and_the_slip_says_so() {
        let mut slip = Slip::default();
        slip.pair("고객", "김🇰🇷민");
        slip.text("커피", Style::PLAIN);
        let has = |letter: char| letter < '\u{10000}';
        let mut expected = slip.blocks.clone();
        expected[0] = Block::Pair { label: "고객".into(), value: "김?민".into(), bold: false };
        let says = "* ‘?’는 인쇄할 수 없는 글자입니다.".to_owned();
        expected.push(Block::Text { text: says, style: Style::PLAIN });
        assert_eq!(slip.printable_blocks(has), expected);
        slip.blocks.remove(0);
        assert_eq!(slip.printable_blocks(has), slip.blocks);
    }

    #[test]
    fn the_lines_of_a_note_stay_lines_and_have_an_end() {
        let mut slip = Slip::default();
        slip.text("첫 줄\r\n\n둘째\t줄", Style::PLAIN);
        slip.text(&"가".repeat(5_000), Style::PLAIN);
        let texts = slip.blocks.iter().map(|block| match block {
            Block::Text { text, .. } => text.as_str(),
            _ => panic!(),
        });
        let texts: Vec<_> = texts.collect();
        assert_eq!(texts[..2], ["첫 줄", "둘째 줄"]);
        assert_eq!(texts[2].chars().count(), TEXT_MAX);
    }
}
