//! Finds line numbers in a file, counted as an editor does.

/// Counts the lines of a text in a single pass from its start.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, line: 1 }
    }

    /// Returns the line number of the first non-empty line at or after the byte `start`. Successive calls need
    /// increasing values of `start`.
    pub(super) fn of_row_after(&mut self, start: usize) -> u32 {
        while let Some(byte) = self.bytes.get(self.at) {
            let breaks = matches!(byte, b'\r' | b'\n');
            if self.at >= start && !breaks {
                break;
            }
            // CR LF is one break, counted at its LF.
            let is_cr_of_crlf = *byte == b'\r' && self.bytes.get(self.at + 1) == Some(&b'\n');
            if breaks && !is_cr_of_crlf {
                self.line = self.line.saturating_add(1);
            }
            self.at += 1;
        }
        self.line
    }
}
