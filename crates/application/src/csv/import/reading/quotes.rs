//! Finds quoted cells that aren't closed as they should be. The CSV reader ends an open quote at the end of the file, so that
//! one name would swallow all the customers after it.

const QUOTE: u8 = b'"';

/// Returns the byte at which a quote opens that is never closed, or that is closed in the middle of a cell.
pub(super) fn left_open(text: &str, delimiter: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let ends_cell = |at: usize| bytes.get(at).is_none_or(|byte| *byte == delimiter || matches!(byte, b'\r' | b'\n'));
    let is_space = |at: usize| bytes.get(at).is_some_and(|byte| *byte == b' ' && delimiter != b' ');
    let mut at = 0;
    while at < bytes.len() {
        if bytes.get(at) == Some(&QUOTE) {
            let opened = at;
            let Some(after) = after_closing(bytes, opened) else { return Some(opened) };
            at = after;
            while is_space(at) {
                at += 1;
            }
            if !ends_cell(at) {
                return Some(opened);
            }
        }
        while !ends_cell(at) {
            at += 1;
        }
        at += 1;
    }
    None
}

/// Returns the byte after the quote that closes the one at `opened`; two quotes in a row are one in the text.
fn after_closing(bytes: &[u8], opened: usize) -> Option<usize> {
    let mut at = opened + 1;
    loop {
        match (bytes.get(at)?, bytes.get(at + 1)) {
            (&QUOTE, Some(&QUOTE)) => at += 2,
            (&QUOTE, _) => return Some(at + 1),
            _ => at += 1,
        }
    }
}
