//! QR codes and Code 128 as modules. They are drawn rather than sent as a printer's own commands, which differ between makers.

use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for a code, or has characters that this kind of code can't hold")]
pub struct CodeTooLong;

/// The sets of characters of Code 128, as `barcoders` writes them.
const SET_B: char = '\u{181}';
const SET_C: char = '\u{106}';

/// The longest text of a bar code: longer ones fit no paper.
const BARS_MAX: usize = 64;

/// The modules of a code, without the quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    pub(crate) kind: CodeKind,
    /// Row by row; a bar code has one row. True is black.
    pub(crate) modules: Vec<Vec<bool>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeKind {
    Qr,
    Bars,
}

impl Code {
    /// Whether it is a bar code, whose one row is as high as one likes.
    pub fn is_bars(&self) -> bool {
        self.kind == CodeKind::Bars
    }

    /// The modules row by row, without the quiet zone. True is black.
    pub fn modules(&self) -> &[Vec<bool>] {
        &self.modules
    }

    /// A QR code that can still be read with 15 % of it damaged.
    ///
    /// # Errors
    /// `CodeTooLong`, from about 2,300 bytes.
    pub fn qr(text: &str) -> Result<Self, CodeTooLong> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| CodeTooLong)?;
        let colors = code.to_colors();
        let modules = colors.chunks(code.width()).map(|row| row.iter().map(|color| *color == Color::Dark).collect());
        Ok(Self { kind: CodeKind::Qr, modules: modules.collect() })
    }

    /// A Code 128. Digits take half the width.
    ///
    /// # Errors
    /// `CodeTooLong` for an empty text, one above 64 characters, and characters outside ASCII.
    pub fn bars(text: &str) -> Result<Self, CodeTooLong> {
        let fits = (1..=BARS_MAX).contains(&text.len()) && text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        let code = Code128::new(in_sets(text)).ok().filter(|_| fits).ok_or(CodeTooLong)?;
        let modules = code.encode().iter().map(|module| *module == 1).collect();
        Ok(Self { kind: CodeKind::Bars, modules: vec![modules] })
    }
}

/// Marks which part of the text is in which set of characters: a leading run of four digits or more in pairs.
fn in_sets(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let pairs = if digits < 4 { 0 } else { digits / 2 * 2 };
    let (paired, rest) = text.split_at(pairs);
    let mut marked = String::new();
    if !paired.is_empty() {
        marked.push(SET_C);
        marked.push_str(paired);
    }
    if !rest.is_empty() {
        marked.push(SET_B);
        marked.push_str(rest);
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_take_half_the_width() {
        let width = |text| Code::bars(text).unwrap().modules[0].len();
        // Start, check and stop are 35 modules, each symbol 11.
        assert_eq!(width("22040391"), 35 + 4 * 11);
        assert_eq!(width("220403910"), 35 + 4 * 11 + 2 * 11);
        assert_eq!(width("AB-12"), 35 + 5 * 11);
    }

    #[test]
    fn a_text_that_no_code_can_hold_is_refused() {
        assert_eq!(Code::bars(""), Err(CodeTooLong));
        assert_eq!(Code::bars("카드"), Err(CodeTooLong));
        assert_eq!(Code::bars(&"1".repeat(65)), Err(CodeTooLong));
        assert_eq!(Code::qr(&"가".repeat(2_000)), Err(CodeTooLong));
    }
}
