//! What stands on each kind of slip.
//!
//! Names come as they shall be printed: the caller decides whether a name is masked.

mod block;
mod code;
mod kinds;
mod words;

pub use block::{Align, Block, Size, Slip, Style};
pub(crate) use code::CodeKind;
pub use code::{Code, CodeTooLong};
pub use kinds::{Balance, CustomerCard, Heading, PenaltyNotice, Receipt, TestPrint};
