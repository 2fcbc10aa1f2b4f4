//! Pictures by `GS v 0`.

use super::commands::align;
use crate::drawing::Picture;
use crate::slip::Align;

/// The rows of one command: cheap printers have little memory for a picture.
const BAND_ROWS: u16 = 128;

pub(super) fn push(bytes: &mut Vec<u8>, picture: &Picture) {
    // A row of a roll has at most 72 bytes.
    let Ok(row_bytes) = u16::try_from(picture.row_bytes()) else { return };
    if row_bytes == 0 {
        return;
    }
    bytes.extend(align(Align::Left));
    for band in picture.rows().chunks(usize::from(BAND_ROWS) * picture.row_bytes()) {
        let rows = u16::try_from(band.len() / picture.row_bytes()).unwrap_or(BAND_ROWS);
        bytes.extend(b"\x1dv0\0");
        bytes.extend(row_bytes.to_le_bytes());
        bytes.extend(rows.to_le_bytes());
        bytes.extend(band);
    }
}
