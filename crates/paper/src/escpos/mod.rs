//! Slips as the bytes of a receipt printer.

mod commands;
mod hangul;
mod raster;

use crate::drawing::{Picture, page};
use crate::slip::Slip;
use commands::{CUT, FIRST_CODE_PAGE, HANGUL_OFF, HANGUL_ON, RESET};

/// The width of the paper roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roll {
    Mm58,
    Mm80,
}

impl Roll {
    /// What the head can print on, at 8 dots a millimetre.
    pub const fn dots(self) -> u32 {
        match self {
            Self::Mm58 => 384,
            Self::Mm80 => 576,
        }
    }

    /// Letters of the printer's own font in a line.
    const fn columns(self) -> u32 {
        self.dots() / 12
    }
}

/// How Korean reaches the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hangul {
    /// Drawn by us: every printer can do it.
    Picture,
    /// As text, for printers with a Korean font: faster, and sharper.
    Cp949,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    pub roll: Roll,
    pub hangul: Hangul,
}

/// Returns what to send for one slip, with the cut. It doesn't depend on what the printer did before, and leaves it as
/// it is when switched on.
pub fn bytes(slip: &Slip, paper: Paper) -> Vec<u8> {
    let mut bytes = RESET.to_vec();
    match paper.hangul {
        Hangul::Picture => raster::push(&mut bytes, &picture(slip, paper.roll)),
        Hangul::Cp949 => {
            bytes.extend(HANGUL_ON);
            hangul::push(&mut bytes, &slip.blocks, paper.roll.columns(), paper.roll.dots());
            bytes.extend(HANGUL_OFF);
        }
    }
    bytes.extend(FIRST_CODE_PAGE);
    bytes.extend(CUT);
    bytes.extend(RESET);
    bytes
}

/// Draws a slip as it comes out of the printer, for a preview.
pub fn picture(slip: &Slip, roll: Roll) -> Picture {
    page(&slip.blocks, roll.dots())
}
