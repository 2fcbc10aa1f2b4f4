//! Slips for customers: receipts, notices of a penalty, cards and balances.
//!
//! `slip` says what stands on a slip, `drawing` draws it, `escpos` turns it into the bytes of a receipt printer. These three do no
//! I/O and read no clock. `printer` sends the bytes (ADR 0049).

mod drawing;
mod escpos;
mod layout;
mod printer;
#[cfg(test)]
mod read_back;
mod slip;

pub use escpos::{Paper, bytes, fits};
pub use printer::{
    BadAddress, Failure, JobId, JobState, Limits, PrintError, PrintJob, PrintQueue, PrinterAddress, QueueFull,
};
pub use slip::{Align, Block, Code, CodeTooLong, Size, Slip, Style, customer, slip};
