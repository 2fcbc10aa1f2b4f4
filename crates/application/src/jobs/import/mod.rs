//! Imports customers from a list: a preview that records nothing, the import itself in batches, and taking it back.

mod against;
mod bad_lines;
mod batch;
mod opening;
mod preview;
mod run;
mod take_back;
mod unit;

pub use against::check_against;
pub use bad_lines::save_bad_lines;
pub use batch::{BatchRow, IMPORT_BATCH, ImportBatch, import_batch};
pub use preview::{counts, preview};
pub use run::{batches, import_customers};
pub use take_back::{check_take_back, take_back_import};
pub use unit::{import_of, imported_before, imports};
