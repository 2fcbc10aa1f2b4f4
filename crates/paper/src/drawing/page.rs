//! Draws the blocks of a slip under each other.

use super::font::{Dots, draw, line_height};
use super::picture::Picture;
use crate::layout::{Measure as _, fit};
use crate::slip::{Align, Block, Code, CodeKind, Size, Style};

const RULE_HEIGHT: i32 = 16;
const GAP_HEIGHT: i32 = 16;
const BARS_HEIGHT: i32 = 88;
/// The white margin that a reader needs around a code, in modules.
const QR_QUIET: i32 = 4;
const BARS_QUIET: i32 = 10;
/// 0.75 mm, so that a telephone reads it at arm's length.
const QR_MODULE_MAX: i32 = 6;
/// 0.375 mm, and 0.25 mm where that is too wide: a thermal head prints no finer bars.
const BARS_MODULES: [i32; 2] = [3, 2];

/// The width of a module in dots; `None` if the code is too wide for the paper.
pub(crate) fn module_width(code: &Code, width: u32) -> Option<i32> {
    let width = i32::try_from(width).unwrap_or_default();
    let across = i32::try_from(code.modules.first().map_or(0, Vec::len)).unwrap_or_default();
    match code.kind {
        CodeKind::Qr => Some((width / (across + 2 * QR_QUIET)).min(QR_MODULE_MAX)).filter(|module| *module > 0),
        CodeKind::Bars => BARS_MODULES.into_iter().find(|module| (across + 2 * BARS_QUIET) * module <= width),
    }
}

/// Draws blocks on paper of a width in dots.
pub(crate) fn page(blocks: &[Block], width: u32) -> Picture {
    let mut page = Page { picture: Picture::new(width), width: i32::try_from(width).unwrap_or_default(), top: 0 };
    for block in fit(blocks, &Dots, width) {
        match block {
            Block::Text { text, style } => page.text(&text, style),
            Block::Pair { label, value, bold } => page.pair(&label, &value, bold),
            Block::Rule => page.rule(),
            Block::Gap => page.advance(GAP_HEIGHT),
            Block::Code(code) => page.code(&code),
        }
    }
    page.picture
}

struct Page {
    picture: Picture,
    width: i32,
    top: i32,
}

impl Page {
    /// Adds white rows and goes to their end; drawing comes after it.
    fn advance(&mut self, rows: i32) {
        self.picture.grow(usize::try_from(rows).unwrap_or_default());
        self.top += rows;
    }

    fn text(&mut self, text: &str, style: Style) {
        let height = i32::from(line_height(style.size));
        self.advance(height);
        let free = self.width - i32::try_from(Dots.text(text, style.size)).unwrap_or_default();
        let left = match style.align {
            Align::Left => 0,
            Align::Center => free / 2,
            Align::Right => free,
        };
        draw(&mut self.picture, text, style.size, style.bold, left.max(0), self.top - height);
    }

    fn pair(&mut self, label: &str, value: &str, bold: bool) {
        let height = i32::from(line_height(Size::Normal));
        self.advance(height);
        let top = self.top - height;
        let value_left = self.width - i32::try_from(Dots.text(value, Size::Normal)).unwrap_or_default();
        draw(&mut self.picture, label, Size::Normal, bold, 0, top);
        draw(&mut self.picture, value, Size::Normal, bold, value_left, top);
    }

    fn rule(&mut self) {
        self.advance(RULE_HEIGHT);
        self.picture.fill(0, self.top - RULE_HEIGHT / 2 - 1, self.width, 2);
    }

    fn code(&mut self, code: &Code) {
        let Some(module) = module_width(code, u32::try_from(self.width).unwrap_or_default()) else { return };
        let (row_height, margin) = match code.kind {
            CodeKind::Qr => (module, QR_QUIET * module),
            CodeKind::Bars => (BARS_HEIGHT, GAP_HEIGHT),
        };
        let across = i32::try_from(code.modules.first().map_or(0, Vec::len)).unwrap_or_default();
        let left = (self.width - across * module) / 2;
        self.advance(margin);
        for row in &code.modules {
            self.advance(row_height);
            for (index, black) in (0_i32..).zip(row) {
                if *black {
                    self.picture.fill(left + index * module, self.top - row_height, module, row_height);
                }
            }
        }
        self.advance(margin);
    }
}
