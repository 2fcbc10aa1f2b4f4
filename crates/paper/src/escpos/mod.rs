//! Slips as the bytes of a receipt printer.

mod commands;
mod hangul;
mod raster;

use nosmoke_ports::contract::{HangulPrint, Roll};

use crate::drawing::{has, module_width, page};
use crate::slip::{Code, Slip};
use commands::{CUT, FIRST_CODE_PAGE, HANGUL_OFF, HANGUL_ON, RESET};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    pub roll: Roll,
    pub hangul: HangulPrint,
}

/// What the head can print on, at 8 dots a millimetre.
pub(crate) const fn dots(roll: Roll) -> u32 {
    match roll {
        Roll::Mm58 => 384,
        Roll::Mm80 => 576,
    }
}

/// Whether a code can be read from this paper; a slip leaves out one that can't.
pub fn fits(code: &Code, roll: Roll) -> bool {
    module_width(code, dots(roll)).is_some()
}

/// Letters of the printer's own font in a line.
const fn columns(roll: Roll) -> u32 {
    dots(roll) / 12
}

/// Returns what to send for one slip, with the cut. It doesn't depend on what the printer did before, and leaves it as
/// it is when switched on. Letters that the font lacks are drawn by no printer, so they become a question mark.
pub fn bytes(slip: &Slip, paper: Paper) -> Vec<u8> {
    let blocks = slip.printable_blocks(has);
    let mut bytes = RESET.to_vec();
    match paper.hangul {
        HangulPrint::Picture => raster::push(&mut bytes, &page(&blocks, dots(paper.roll))),
        HangulPrint::Cp949 => {
            bytes.extend(HANGUL_ON);
            hangul::push(&mut bytes, &blocks, columns(paper.roll), dots(paper.roll));
            bytes.extend(HANGUL_OFF);
        }
    }
    bytes.extend(FIRST_CODE_PAGE);
    bytes.extend(CUT);
    bytes.extend(RESET);
    bytes
}
