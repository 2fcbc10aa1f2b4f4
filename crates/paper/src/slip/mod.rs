//! What stands on each kind of slip.

mod block;
mod code;
mod kinds;
mod words;

pub use block::{Align, Block, Size, Slip, Style};
pub(crate) use code::CodeKind;
pub use code::{Code, CodeTooLong};
pub use kinds::{customer, slip};
