//! Draws letters with Pretendard, the font of the screens, in black and white at a printer's resolution.

use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef, Glyph, PxScale, ScaleFont as _, point};

use super::picture::Picture;
use crate::layout::Measure;
use crate::slip::Size;

/// The medium weight: thermal heads make thin strokes thinner.
const FILE: &[u8] = include_bytes!("../../../../node_modules/pretendard/dist/public/static/Pretendard-Medium.otf");

#[expect(clippy::expect_used, reason = "the file is part of the program, and every test that draws reads it")]
static FONT: LazyLock<FontRef<'static>> =
    LazyLock::new(|| FontRef::try_from_slice(FILE).expect("Pretendard is an OpenType font"));

/// Whether the font has a letter; it draws others as a box.
pub(crate) fn has(letter: char) -> bool {
    FONT.glyph_id(letter).0 != 0
}

/// From this share of its area on, a dot is black.
const BLACK_FROM: f32 = 0.45;

/// The height of a line in dots, of which there are 8 in a millimetre.
pub(crate) const fn line_height(size: Size) -> u16 {
    match size {
        Size::Normal => 32,
        Size::Large => 60,
    }
}

/// The size of the font in dots: about the height of a syllable.
const fn em(size: Size) -> f32 {
    match size {
        Size::Normal => 26.0,
        Size::Large => 48.0,
    }
}

fn scale(size: Size) -> PxScale {
    let units = FONT.units_per_em().unwrap_or(1_000.0);
    PxScale::from(em(size) * FONT.height_unscaled() / units)
}

/// The widths of this font's letters, in dots.
pub(crate) struct Dots;

impl Measure for Dots {
    /// Whole dots, so that a letter looks the same wherever it stands.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to some dozens")]
    fn letter(&self, letter: char, size: Size) -> u32 {
        let font = FONT.as_scaled(scale(size));
        font.h_advance(font.glyph_id(letter)).round().clamp(0.0, 1_000.0) as u32
    }
}

/// Draws one line with its upper left corner at a place.
#[expect(clippy::cast_possible_truncation, reason = "places on a slip are some hundred dots")]
pub(crate) fn draw(picture: &mut Picture, text: &str, size: Size, bold: bool, left: i32, top: i32) {
    let scale = scale(size);
    let font = FONT.as_scaled(scale);
    let above = (f32::from(line_height(size)) - font.height()) / 2.0;
    let baseline = (above + font.ascent()).round();
    let mut pen = left;
    for letter in text.chars() {
        let glyph: Glyph = font.glyph_id(letter).with_scale_and_position(scale, point(0.0, baseline));
        if let Some(outline) = font.outline_glyph(glyph) {
            let corner = outline.px_bounds().min;
            let (x0, y0) = (pen + corner.x as i32, top + corner.y as i32);
            outline.draw(|x, y, share| {
                if share >= BLACK_FROM {
                    let (x, y) = (x0 + i32::try_from(x).unwrap_or_default(), y0 + i32::try_from(y).unwrap_or_default());
                    picture.blacken(x, y);
                    if bold {
                        // What a printer does when it emphasises.
                        picture.blacken(x + 1, y);
                    }
                }
            });
        }
        pen += i32::try_from(Dots.letter(letter, size)).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syllable_and_the_mark_of_a_masked_name_are_in_the_font() {
        let missing: String = ('가'..='힣').chain("○·%₩…‘’\u{a0}".chars()).filter(|c| !has(*c)).collect();
        assert_eq!(missing, "");
    }

    #[test]
    fn a_letter_stays_inside_its_line() {
        let mut picture = Picture::new(384);
        picture.grow(32 * 3);
        draw(&mut picture, "똠뷁쾟 gjpqy ÅÇ |", Size::Normal, true, 8, 32);
        let black = |rows: std::ops::Range<usize>| {
            rows.flat_map(|y| (0..384).map(move |x| (x, y))).filter(|(x, y)| picture.is_black(*x, *y)).count()
        };
        assert!(black(32..64) > 500);
        assert_eq!((black(0..32), black(64..96)), (0, 0));
    }
}
