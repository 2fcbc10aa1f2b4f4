//! The commands of ESC/POS that are used: those that every maker's receipt printers know.

use crate::slip::{Align, Size};

/// `ESC @`: forgets what the program before has set.
pub(super) const RESET: &[u8] = b"\x1b@";
/// `FS &`: two bytes are a syllable.
pub(super) const HANGUL_ON: &[u8] = b"\x1c&";
/// `FS .`: each byte is a letter of the code page.
pub(super) const HANGUL_OFF: &[u8] = b"\x1c.";
/// `ESC t 0`: the code page that a printer has when it is switched on.
pub(super) const FIRST_CODE_PAGE: &[u8] = b"\x1bt\0";
/// `GS V B 0`: feeds to the knife and cuts, but for a point. Printers without a knife only feed.
pub(super) const CUT: &[u8] = b"\x1dVB\0";
/// `ESC J 16`: feeds 16 dots.
pub(super) const FEED_GAP: &[u8] = b"\x1bJ\x10";

pub(super) const fn align(align: Align) -> [u8; 3] {
    let n = match align {
        Align::Left => 0,
        Align::Center => 1,
        Align::Right => 2,
    };
    [0x1b, b'a', n]
}

pub(super) const fn emphasised(bold: bool) -> [u8; 3] {
    [0x1b, b'E', bold as u8]
}

pub(super) const fn letters(size: Size) -> [u8; 3] {
    let n = match size {
        Size::Normal => 0,
        Size::Large => 0x11,
    };
    [0x1d, b'!', n]
}
