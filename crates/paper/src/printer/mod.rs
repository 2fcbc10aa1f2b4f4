//! Sends bytes to a receipt printer.

mod address;
mod error;
mod limits;
mod network;
mod queue;
mod status;
mod usb;

pub use address::{BadAddress, PrinterAddress};
pub use error::PrintError;
pub use limits::Limits;
pub use queue::{JobId, JobState, PrintJob, PrintQueue, QueueFull};
