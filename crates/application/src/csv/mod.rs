//! Files that go out and come in: CSV of histories and customers.
//!
//! Every export is UTF-8 with a byte order mark (without it Excel reads another encoding), rows end in CRLF, and the
//! first row names the columns. Text cells are guarded against spreadsheets that run what they open ([`cell`]); numbers
//! are plain. A file appears whole or not at all ([`AtomicFile`]). A customers export can be imported again unchanged.

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
pub use import::{CustomerFile, CustomerRecord, Encoding, MAX_BYTES, MAX_LINES, read_customers, read_limited};
pub use writer::{CsvWriter, Line, Row};

#[cfg(test)]
mod tests;
