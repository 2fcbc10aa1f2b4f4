//! Sends bytes to a receipt printer.

mod address;
mod error;
mod limits;
mod name;
mod network;
mod queue;
mod status;
mod unsent;
mod usb;

pub use address::{BadAddress, PrinterAddress};
pub use error::{Failure, PrintError};
pub use limits::Limits;
pub use queue::{JobId, JobState, PrintJob, PrintQueue, QueueFull};
