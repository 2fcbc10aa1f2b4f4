//! CSV files: exports of histories and customers, and the import of customers.
//!
//! Every export is UTF-8 with a byte order mark (without it Excel reads another encoding), rows end in CRLF, and the
//! first row names the columns. Text cells are guarded against spreadsheets that run formulas ([`cell`]); numbers are
//! plain. A file appears complete or not at all ([`AtomicFile`]). An export of customers can be imported again
//! unchanged.

pub mod cell;
mod columns;
mod customers;
mod file;
mod history;
mod import;
mod writer;

pub use customers::CustomerLine;
pub use file::{AtomicFile, FileError};
pub use history::HistoryLine;
pub use import::{CustomerFile, CustomerRow, Encoding, MAX_BYTES, MAX_LINES, read_customers, read_limited};
pub use writer::{CsvWriter, Line, Row};

#[cfg(test)]
mod tests;
