//! Asks a printer in the network how it is.
//!
//! Before a slip, because a short one fits in the memory of the connection, so that a printer without paper would seem to take
//! it; and after it, because paper may end on the way.

use std::io::{ErrorKind, Read, Write};

use super::error::PrintError;

/// `DLE EOT 2`: the cause of being offline. Printers answer it at once, whatever they do; those that don't know it ignore it.
pub(super) const ASK: [u8; 3] = [0x10, 0x04, 2];

/// Bits that are the same in every answer.
const FIXED: u8 = 0b1001_0011;
const ANSWER: u8 = 0b0001_0010;
/// Bytes among which the answer is looked for: some printers send four about their state by themselves.
const BYTES_MAX: usize = 16;
const COVER_OPEN: u8 = 0b0000_0100;
const NO_PAPER: u8 = 0b0010_0000;
const FAULT: u8 = 0b0100_0000;

/// What a printer said that has no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Ready,
    /// Nothing within the stream's time limit. It is no fault: many printers never answer.
    Nothing,
    /// It has closed the connection.
    End,
}

/// Asks a printer how it is.
///
/// # Errors
/// The fault that it names, or `CutOff` if the connection is broken.
pub(super) fn ask(stream: &mut (impl Read + Write)) -> Result<Said, PrintError> {
    stream.write_all(&ASK).map_err(|error| PrintError::sending(&error))?;
    let mut answer = [0; 1];
    for _ in 0..BYTES_MAX {
        match stream.read(&mut answer) {
            Ok(1) if answer[0] & FIXED == ANSWER => return fault_of(answer[0]).map_or(Ok(Said::Ready), Err),
            Ok(1) => {}
            Ok(_) => return Ok(Said::End),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(PrintError::sending(&error)),
        }
    }
    Ok(Said::Nothing)
}

fn fault_of(answer: u8) -> Option<PrintError> {
    if answer & FIXED != ANSWER {
        return None;
    }
    // A printer without paper may have its cover open as well; paper is named first.
    [(NO_PAPER, PrintError::NoPaper), (COVER_OPEN, PrintError::CoverOpen), (FAULT, PrintError::Faulty)]
        .into_iter()
        .find_map(|(bit, fault)| (answer & bit != 0).then_some(fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_names_the_fault_and_other_bytes_name_none() {
        assert_eq!(fault_of(0x12), None);
        assert_eq!(fault_of(0x32), Some(PrintError::NoPaper));
        assert_eq!(fault_of(0x16), Some(PrintError::CoverOpen));
        assert_eq!(fault_of(0x36), Some(PrintError::NoPaper));
        assert_eq!(fault_of(0x52), Some(PrintError::Faulty));
        // What a printer sends by itself about its state, and letters.
        for other in [0x00, 0x10, 0x14, 0x0f, b'4', 0xff] {
            assert_eq!(fault_of(other), None, "{other:x}");
        }
    }
}
